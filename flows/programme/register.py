"""The register: organisations and collectives, one row per state, so that past periods keep their state."""

import csv
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from email.errors import HeaderParseError
from email.headerregistry import Address
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from flows.foundation.errors import RegisterError
from flows.foundation.messages import did_you_mean, pattern, printable, refuse_unprintable
from flows.foundation.strict_yaml import describe_problem
from flows.programme.languages import Language

NAME_LENGTH = 120
MEMBERS_LIMIT = 10_000_000
Id = Annotated[str, AfterValidator(pattern(r"[a-z0-9-]{1,40}", "lower-case letters, digits and hyphens, at most 40"))]
Name = Annotated[str, Field(min_length=1, max_length=NAME_LENGTH), AfterValidator(refuse_unprintable)]


def _empty_is_none(value: str) -> str | None:
    return value or None


def _addresses(text: str) -> str:
    """Validate mail addresses separated by semicolons; rejects line ends and several addresses in one."""
    for address in filter(None, (part.strip() for part in text.split(";"))):
        try:
            is_one = Address(addr_spec=address).addr_spec == address and refuse_unprintable(address)
        except (ValueError, HeaderParseError):
            is_one = ""
        if not is_one:
            raise ValueError(
                f"'{printable(address)}' is not a mail address; write several as a@example.org; b@example.org"
            )
    if "\r" in text or "\n" in text:
        raise ValueError("mail addresses must be on one line, separated by semicolons")
    return text


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Organisation(_Row):
    """An organisation that receives a report, in its language, through its channel."""

    organisation_id: Id
    name: Name
    language: Language
    channel: Literal["folder", "mail-notice", "mail-attachment", "mail-encrypted"] = "folder"
    recipients: Annotated[str, AfterValidator(_addresses)] = ""


class Collective(_Row):
    """The state of a collective from `valid_from` up to and including `valid_until` (open ends when empty).

    `members` is the number N on the roster; empty when unknown.
    """

    collective_id: Id
    organisation_id: Id
    name: Name
    type: Annotated[str, Field(min_length=1, max_length=60)]
    members: Annotated[Annotated[int, Field(ge=1, le=MEMBERS_LIMIT)] | None, BeforeValidator(_empty_is_none)] = None
    valid_from: Annotated[date | None, BeforeValidator(_empty_is_none)] = None
    valid_until: Annotated[date | None, BeforeValidator(_empty_is_none)] = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> "Collective":
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise ValueError("valid_until is before valid_from")
        return self

    def overlaps(self, other: "Collective") -> bool:
        """Whether two states cover the same day."""
        return (self.valid_from or date.min) <= (other.valid_until or date.max) and (other.valid_from or date.min) <= (
            self.valid_until or date.max
        )


@dataclass(frozen=True)
class Register:
    """Both tables, checked against each other."""

    organisations: tuple[Organisation, ...]
    collectives: tuple[Collective, ...]
    sha256: str


Model = TypeVar("Model", bound=_Row)


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
    sha256 = hashlib.sha256(
        b"".join((folder / name).read_bytes() for name in ("organisations.csv", "collectives.csv"))
    ).hexdigest()
    return Register(tuple(row for _, row in organisations), tuple(row for _, row in collectives), sha256)


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
