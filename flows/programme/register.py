"""The register: organisations and collectives, one row per state, so that past periods keep their state."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import ValidationError

from flows.foundation.errors import RegisterError
from flows.foundation.messages import did_you_mean, printable
from flows.foundation.strict_yaml import describe_problem
from flows.programme import register_dates, register_files
from flows.programme.register_rows import Collective, Organisation, Row
from flows.programme.register_table import NotRead, Table

ORGANISATIONS, COLLECTIVES = "organisations", "collectives"
HEADINGS = frozenset({*Organisation.model_fields, *Collective.model_fields})
_DATES = ("valid_from", "valid_until")
# A file with the wrong columns would say the same of every row.
_MOST_TOLD = 100


@dataclass(frozen=True)
class Register:
    """Both tables, checked against each other, and how sentences call their files."""

    organisations: tuple[Organisation, ...]
    collectives: tuple[Collective, ...]
    organisations_file: str = "register/organisations.csv"
    collectives_file: str = "register/collectives.csv"

    def organisation(self, organisation_id: str) -> Organisation | None:
        """The row of an organisation, if it has one."""
        return self._by_id.get(organisation_id)

    @cached_property
    def _by_id(self) -> dict[str, Organisation]:
        return {row.organisation_id: row for row in self.organisations}

    @property
    def sha256(self) -> str:
        """The hash of everything in it that figures and reports follow from: not of channels and recipients."""
        rows = [
            [row.model_dump(mode="json", exclude={"channel", "recipients", "attachments"}) for row in table]
            for table in (self.organisations, self.collectives)
        ]
        return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


Model = TypeVar("Model", bound=Row)


@dataclass(frozen=True)
class ReadTable(Generic[Model]):
    """The rows of a table that are right, each with its number, and the mistakes in the others.

    `table` is None when the file could not be read.
    """

    name: str
    table: Table | None = None
    rows: tuple[tuple[int, Model], ...] = ()
    mistakes: tuple[str, ...] = ()

    def where(self, number: int) -> str:
        """The place of a row: ``register/organisations.csv, line 2``."""
        return f"{self.name}, {self.called(number)}"

    def called(self, number: int) -> str:
        """A row within its file: ``line 2``."""
        return f"{self.table.unit if self.table else 'line'} {number}"


@dataclass(frozen=True)
class ReadRegister:
    """Both tables as they were read."""

    organisations: ReadTable[Organisation]
    collectives: ReadTable[Collective]

    @cached_property
    def mistakes(self) -> tuple[str, ...]:
        """Every mistake in a row, and every contradiction between rows, each as a sentence."""
        return tuple(self._mistakes())

    def _mistakes(self) -> Iterable[str]:
        yield from self.organisations.mistakes
        yield from self.collectives.mistakes
        yield from _doubles(self.organisations)
        # Skipped after errors, because an invalid organisation would make each of its collectives look wrong too.
        if not self.organisations.mistakes:
            yield from _strangers(self.organisations, self.collectives)
        yield from _overlaps(self.collectives)


def load(folder: Path) -> Register:
    """Read and check the organisations and the collectives, each from a CSV file or a workbook.

    Raises:
        RegisterError: every mistake found, one per line, with file, line and field.
    """
    found = read(folder)
    if found.mistakes:
        more = len(found.mistakes) - _MOST_TOLD
        raise RegisterError("\n".join([*found.mistakes[:_MOST_TOLD], *([f"And {more} more."] if more > 0 else [])]))
    return Register(
        tuple(row for _, row in found.organisations.rows),
        tuple(row for _, row in found.collectives.rows),
        found.organisations.name,
        found.collectives.name,
    )


def read(folder: Path) -> ReadRegister:
    """Read the register in a folder, with its mistakes."""
    return ReadRegister(read_table(folder, ORGANISATIONS, Organisation), read_table(folder, COLLECTIVES, Collective))


def read_table(folder: Path, stem: str, model: type[Model]) -> ReadTable[Model]:
    """Read one table of the register in a folder; `stem` is the name of its file without the suffix."""
    try:
        path = register_files.find(folder, stem)
    except NotRead as problem:
        name = f"register/{stem}.csv"
        return ReadTable(name, mistakes=(f"{name}: {problem}",))
    return read_file(path, f"register/{path.name}", model)


def read_file(path: Path, name: str, model: type[Model]) -> ReadTable[Model]:
    """Read one table from a file, which sentences call `name`."""
    needed = [column for column, about in model.model_fields.items() if about.is_required()]
    try:
        file = register_files.opened(path, HEADINGS)
        table = register_files.read(file, name, needed, list(model.model_fields))
    except NotRead as problem:
        return ReadTable(name, mistakes=(f"{name}: {problem}",))
    if mistakes := tuple(_wrong_headings(table, needed, model)):
        return ReadTable(name, table, mistakes=mistakes)
    return _checked(table, model)


def _wrong_headings(table: Table, needed: Sequence[str], model: type[Row]) -> Iterable[str]:
    where = table.where(table.heading_at)
    for column in dict.fromkeys(filter(None, table.headings)):
        if column not in model.model_fields:
            yield f"{where}: unknown column '{printable(column)}'{did_you_mean(column, model.model_fields)}."
        elif table.headings.count(column) > 1:
            yield f"{where}: the column '{column}' is there twice."
    for column in needed:
        if column not in table.headings:
            yield f"{where}: the column '{column}' is missing."


def _checked(table: Table, model: type[Model]) -> ReadTable[Model]:
    rows: list[tuple[int, Model]] = []
    mistakes: list[str] = []
    columns = [place for place, heading in enumerate(table.headings) if heading in _DATES]
    day_first = register_dates.is_day_first(
        row[place] for _, row in table.rows for place in columns if place < len(row)
    )
    for number, row in table.rows:
        where = table.where(number)
        try:
            cells = table.cells(row)
        except NotRead as problem:
            mistakes.append(f"{where}: {problem}")
            continue
        unclear = list(_dates_made_iso(cells, day_first))
        try:
            made = model.model_validate(cells)
        except ValidationError as error:
            mistakes.extend(_explained(where, model, error))
        else:
            rows.extend([(number, made)] if not unclear else [])
        mistakes.extend(f"{where}, field {column}: {problem}" for column, problem in unclear)
    return ReadTable(table.name, table, tuple(rows), tuple(mistakes))


def _dates_made_iso(cells: dict[str, str], day_first: bool) -> Iterable[tuple[str, NotRead]]:
    """Rewrite the dates of a row in place, and give those that cannot be understood, which are emptied."""
    for column in _DATES:
        if column in cells:
            try:
                cells[column] = register_dates.as_iso(cells[column], day_first)
            except NotRead as problem:
                cells[column] = ""
                yield column, problem


def _explained(where: str, model: type[Row], error: ValidationError) -> Iterable[str]:
    for problem in error.errors(include_url=False, include_input=False):
        field = f", field {problem['loc'][0]}" if problem["loc"] else ""
        yield f"{where}{field}: {describe_problem(dict(problem), model)}"


def _doubles(organisations: ReadTable[Organisation]) -> Iterable[str]:
    known: dict[str, int] = {}
    for number, row in organisations.rows:
        if (first := known.setdefault(row.organisation_id, number)) != number:
            place = organisations.called(first)
            yield f"{organisations.where(number)}: '{row.organisation_id}' is already on {place}."


def _strangers(organisations: ReadTable[Organisation], collectives: ReadTable[Collective]) -> Iterable[str]:
    known = {row.organisation_id for _, row in organisations.rows}
    suggestions: dict[str, str] = {}
    for number, row in collectives.rows:
        unknown = row.organisation_id
        if unknown in known:
            continue
        # To look for the nearest takes milliseconds, and nobody reads thousands of suggestions.
        if unknown not in suggestions and len(suggestions) < _MOST_TOLD:
            suggestions[unknown] = did_you_mean(unknown, known)
        yield (
            f"{collectives.where(number)}, field organisation_id: unknown organisation '{unknown}'"
            f"{suggestions.get(unknown, '')}."
        )


def _overlaps(collectives: ReadTable[Collective]) -> Iterable[str]:
    states: dict[str, list[tuple[int, Collective]]] = {}
    for number, row in collectives.rows:
        earlier_states = states.setdefault(row.collective_id, [])
        overlapped = next((earlier for earlier, other in earlier_states if other.overlaps(row)), None)
        if overlapped is not None:
            yield (
                f"{collectives.where(number)}: '{row.collective_id}' has two rows for the same days (the other is"
                f" {collectives.called(overlapped)}); set valid_from and valid_until."
            )
        earlier_states.append((number, row))
