"""The result of checking the register."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CheckedFile:
    """A file of the register: its rows, how many have no mistake, how it was read, and a name beyond plain ASCII."""

    name: str
    rows: int
    right: int
    read_as: str = ""
    example: str = ""


@dataclass(frozen=True)
class Change:
    """A difference with the newest release: what happens, and to which organisation or collective."""

    kind: str
    what: str


@dataclass(frozen=True)
class Compared:
    """The differences with a release; `impossible` says why there is nothing to compare with."""

    release: str = ""
    changes: tuple[Change, ...] = ()
    impossible: str = ""


@dataclass(frozen=True)
class CheckedRegister:
    """What the register says for the month that is due.

    `organisations` and `collectives` are numbers for the last day of that month, the day that its figures follow;
    an organisation counts when it has a collective on that day. `begin` and `end` are rows whose first or last day is
    in the month.
    """

    period: str
    files: tuple[CheckedFile, ...]
    organisations: int
    collectives: int
    errors: tuple[str, ...]
    warnings: tuple[str, ...]
    begin: tuple[str, ...]
    end: tuple[str, ...]
    compared: Compared
