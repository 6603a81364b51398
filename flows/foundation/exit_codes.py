"""Exit codes of the command line."""

from enum import IntEnum


class ExitCode(IntEnum):
    """The outcome of a command.

    `STOPPED`: validation stopped the run, or ``--strict`` found held files or answers. `READER_GONE`: whoever read the
    output, such as ``head``, wanted no more of it (128 and the number of SIGPIPE, as other programs end).
    """

    OK = 0
    UNEXPECTED = 1
    USAGE = 2
    STOPPED = 3
    NO_INPUT = 4
    DELIVERY_INCOMPLETE = 5
    LOCKED = 75
    INTERRUPTED = 130
    READER_GONE = 141
