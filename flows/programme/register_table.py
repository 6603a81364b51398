"""A table of the register as text, before its rows are checked: the headings, and the rows below them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

MOST_ROWS = 100_000
LARGEST = 20 * 1024**2
Record = tuple[int, list[str]]


class NotRead(Exception):
    """Why a file or a row is not read: a sentence that begins after the name of the file."""


class TableFile(Protocol):
    """A file with one table, or a workbook with one in each sheet."""

    @property
    def unit(self) -> str:
        """What a row is called: line, or row of a workbook."""

    def headings(self) -> Mapping[str, Sequence[str]]:
        """The headings of each table by the name of its sheet; the name is empty for text."""

    def records(self, sheet: str) -> Iterator[Record]:
        """The rows of a table that are not empty, the headings first, with their numbers.

        Raises:
            NotRead: the table cannot be read to its end.
        """

    def read_as(self, sheet: str) -> str:
        """How the file was understood, in words."""


@dataclass(frozen=True)
class Table:
    """A table with clean headings. `name` is how sentences call the file, `other_sheets` are those like it."""

    name: str
    unit: str
    heading_at: int
    headings: tuple[str, ...]
    rows: tuple[Record, ...]
    read_as: str = ""
    other_sheets: tuple[str, ...] = ()

    def where(self, number: int) -> str:
        """The place of a row: ``register/organisations.csv, line 2``."""
        return f"{self.name}, {self.unit} {number}"

    def cells(self, row: Sequence[str]) -> dict[str, str]:
        """The cells of a row by their headings, without the empty columns that have none.

        Raises:
            NotRead: the row is not as wide as the headings, or a cell has no heading.
        """
        width = len(self.headings)
        if len(row) < width or any(row[width:]):
            raise NotRead(f"{len(row)} cells, but the heading has {width}.")
        for number, (heading, cell) in enumerate(zip(self.headings, row, strict=False), start=1):
            if cell and not heading:
                raise NotRead(f"cell {number} is filled, but its column has no heading.")
        return {heading: cell for heading, cell in zip(self.headings, row, strict=False) if heading}


def clean_headings(cells: Sequence[str]) -> list[str]:
    """Headings in the form in which they are compared, without the empty ones at the end."""
    headings = [cell.strip().casefold() for cell in cells]
    while headings and not headings[-1]:
        headings.pop()
    return headings
