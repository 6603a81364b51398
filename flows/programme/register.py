"""The register: organisations and collectives, one row per state, so that past periods keep their state."""

import csv
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from flows.foundation.errors import RegisterError
from flows.foundation.messages import did_you_mean
from flows.foundation.strict_yaml import describe_problem
from flows.programme.register_rows import Collective, Organisation, Row


@dataclass(frozen=True)
class Register:
    """Both tables, checked against each other."""

    organisations: tuple[Organisation, ...]
    collectives: tuple[Collective, ...]

    @property
    def sha256(self) -> str:
        """The hash of everything in it that figures and reports follow from: not of channels and recipients."""
        rows = [
            [row.model_dump(mode="json", exclude={"channel", "recipients", "attachments"}) for row in table]
            for table in (self.organisations, self.collectives)
        ]
        return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


Model = TypeVar("Model", bound=Row)


def load(folder: Path) -> Register:
    """Read and check `organisations.csv` and `collectives.csv`.

    Raises:
        RegisterError: every mistake found, one per line, with file, line and field.
    """
    mistakes: list[str] = []
    organisations = list(_rows(folder / "organisations.csv", Organisation, mistakes))
    # Skipped after errors, because an invalid organisation would make each of its collectives look wrong too.
    known = not mistakes
    collectives = list(_rows(folder / "collectives.csv", Collective, mistakes))
    if known:
        mistakes.extend(_contradictions(organisations, collectives))
    mistakes.extend(_overlaps(collectives))
    if mistakes:
        raise RegisterError("\n".join(mistakes))
    return Register(tuple(row for _, row in organisations), tuple(row for _, row in collectives))


def _rows(path: Path, model: type[Model], mistakes: list[str]) -> Iterable[tuple[int, Model]]:
    try:
        records = _records(path)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        mistakes.append(f"register/{path.name}: {_why_unread(error)}")
        return
    heading, *lines = records or [(1, [])]
    yield from _checked(path.name, [name.strip() for name in heading[1]], lines, model, mistakes)


def _records(path: Path) -> list[tuple[int, list[str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        sample = file.readline()
        file.seek(0)
        reader = csv.reader(file, delimiter=";" if sample.count(";") > sample.count(",") else ",")
        return [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]


def _why_unread(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "this file is missing."
    if isinstance(error, UnicodeDecodeError):
        return "this file is not UTF-8 text; save it as UTF-8 (in Excel: CSV UTF-8)."
    return "this is not a readable CSV file."


def _checked(
    name: str, heading: list[str], lines: list[tuple[int, list[str]]], model: type[Model], mistakes: list[str]
) -> Iterable[tuple[int, Model]]:
    unknown = [column for column in heading if column not in model.model_fields]
    needed = [column for column, field in model.model_fields.items() if field.is_required() and column not in heading]
    for column in unknown:
        mistakes.append(
            f"register/{name}, line 1: unknown column '{column}'{did_you_mean(column, model.model_fields)}."
        )
    for column in needed:
        mistakes.append(f"register/{name}, line 1: the column '{column}' is missing.")
    if unknown or needed:
        return
    for line, row in lines:
        if len(row) != len(heading):
            mistakes.append(f"register/{name}, line {line}: {len(row)} cells, but the heading has {len(heading)}.")
            continue
        try:
            yield line, model.model_validate(dict(zip(heading, (cell.strip() for cell in row), strict=True)))
        except ValidationError as error:
            mistakes.extend(_explained(name, line, model, error))


def _explained(name: str, line: int, model: type[Model], error: ValidationError) -> Iterable[str]:
    for problem in error.errors(include_url=False, include_input=False):
        field = f", field {problem['loc'][0]}" if problem["loc"] else ""
        yield f"register/{name}, line {line}{field}: {describe_problem(dict(problem), model)}"


def _contradictions(
    organisations: list[tuple[int, Organisation]], collectives: list[tuple[int, Collective]]
) -> Iterable[str]:
    known: dict[str, int] = {}
    for line, organisation in organisations:
        if (first := known.setdefault(organisation.organisation_id, line)) != line:
            yield (
                f"register/organisations.csv, line {line}: '{organisation.organisation_id}' is already on line {first}."
            )
    for line, collective in collectives:
        if collective.organisation_id not in known:
            yield (
                f"register/collectives.csv, line {line}, field organisation_id: unknown organisation"
                f" '{collective.organisation_id}'{did_you_mean(collective.organisation_id, known)}."
            )


def _overlaps(collectives: list[tuple[int, Collective]]) -> Iterable[str]:
    states: dict[str, list[tuple[int, Collective]]] = {}
    for line, collective in collectives:
        earlier_states = states.setdefault(collective.collective_id, [])
        for earlier_line, earlier in earlier_states:
            if earlier.overlaps(collective):
                yield (
                    f"register/collectives.csv, line {line}: '{collective.collective_id}' has two rows for the same"
                    f" days (the other is line {earlier_line}); set valid_from and valid_until."
                )
        earlier_states.append((line, collective))
