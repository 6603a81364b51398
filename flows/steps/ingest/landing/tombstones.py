"""Tombstones of erased people and expired exports in `private/tombstones.csv`: keyed hashes and fingerprints only."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from flows.foundation.atomic_files import replaced
from flows.foundation.errors import UserError

# A person by pseudonym; an export whose kept copy lacks erased people; an export past its retention period.
Kind = Literal["person", "reduced", "expired"]
_HEADINGS = ["kind", "value", "since"]


@dataclass(frozen=True)
class Tombstone:
    """A tombstone, and the day since which it holds."""

    kind: Kind
    value: str
    since: str


@dataclass(frozen=True)
class Tombstones:
    """All tombstones of a programme."""

    made: tuple[Tombstone, ...] = ()
    _values: dict[str, frozenset[str]] = field(default_factory=dict)

    def has(self, kind: Kind, value: str) -> bool:
        """Whether there is a tombstone of this kind and value."""
        if not self._values:
            for name in get_args(Kind):
                self._values[name] = frozenset(entry.value for entry in self.made if entry.kind == name)
        return value in self._values[kind]


def load(path: Path) -> Tombstones:
    """Read the tombstones; there are none when there is no file.

    Raises:
        UserError: the file was changed by hand and cannot be read.
    """
    if not path.exists():
        return Tombstones()
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        if rows[0] != _HEADINGS or any(len(row) != 3 or row[0] not in get_args(Kind) for row in rows[1:]):
            raise ValueError
    except (ValueError, IndexError, csv.Error):
        raise UserError(
            f"private/{path.name} cannot be read: restore it from a backup, or erased people return."
        ) from None
    return Tombstones(tuple(Tombstone(row[0], row[1], row[2]) for row in rows[1:]))  # type: ignore[arg-type]


def add(path: Path, tombstones: Iterable[Tombstone]) -> None:
    """Append tombstones that are new; the file is replaced atomically and readable by its owner only."""
    earlier = load(path).made
    known = {(entry.kind, entry.value) for entry in earlier}
    with replaced(path, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_HEADINGS)
        for entry in (*earlier, *(new for new in tombstones if (new.kind, new.value) not in known)):
            writer.writerow([entry.kind, entry.value, entry.since])
