"""Exit codes of the command line."""

from enum import IntEnum


class ExitCode(IntEnum):
    """What a command came to; `STOPPED` is a validation that stopped the run, or with ``--strict`` something held."""

    OK = 0
    UNEXPECTED = 1
    USAGE = 2
    STOPPED = 3
    NO_INPUT = 4
    DELIVERY_INCOMPLETE = 5
    LOCKED = 75
    INTERRUPTED = 130
