"""The model of a source file: how the columns and codes of a form in a survey tool map to items and collectives."""

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from flows import warehouse
from flows.foundation.messages import pattern
from flows.foundation.text_comparison import same_text
from flows.programme.instrument import MissingReason
from flows.programme.time_zone import TimeZone

Tool = Literal[
    "qualtrics",
    "limesurvey",
    "microsoft_forms",
    "google_forms",
    "surveymonkey",
    "kobotoolbox",
    "odk",
    "formr",
    "typeform",
    "spss",
    "plain",
]
# serial: days since the end of 1899, as spreadsheets store dates.
DateOrder = Literal["ymd", "dmy", "mdy", "serial"]
State = Literal["complete", "partial", "test", "spam", "rejected"]


def _known_encoding(name: str) -> str:
    try:
        "".encode(name)
    except (LookupError, ValueError):
        raise ValueError(f"unknown encoding '{name}'; write it as cp1252 or mac-roman, for instance") from None
    return name


def _valid_pattern(pattern: str) -> str:
    """Accept only regular expressions of DuckDB (RE2), which match in linear time, so none can make a run hang."""
    if problem := warehouse.pattern_problem(pattern):
        raise ValueError(f"not a regular expression: {problem}")
    if len(_GROUP.findall(_ESCAPED.sub("", pattern))) != 1:
        raise ValueError("the pattern needs exactly one group in round brackets: the part that names the collective")
    return pattern


def _as_names(value: object) -> object:
    """A name or a list of names; `none` means no column."""
    if value in ("none", ""):
        return ()
    return (value,) if isinstance(value, str) else value


_ESCAPED = re.compile(r"\\.|\[[^\]]*\]")
# A capturing group: "(", or "(?P<name>"; not "(?:" or "(?i)".
_GROUP = re.compile(r"\((?!\?)|\(\?P?<")
Day = date
Encoding = Annotated[str, AfterValidator(_known_encoding)]
# Alternative names of a column, best first: for example its code and its question text.
Headings = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], BeforeValidator(_as_names)]
Texts = Annotated[list[str], BeforeValidator(lambda value: [value] if isinstance(value, str) else value)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SubmittedOn(_Strict):
    """When a response was submitted: a column with its date order and zone, or one date for the whole form."""

    column: Headings = ()
    order: DateOrder | None = None
    timezone: TimeZone | None = None
    constant: date | None = None

    @model_validator(mode="after")
    def _one_way(self) -> "SubmittedOn":
        if (self.constant is not None) and (self.column or self.order or self.timezone):
            raise ValueError("'constant' is used alone: leave out column, order and timezone")
        return self


class CollectiveFrom(_Strict):
    """How the collective of a response is found, and the register id of each text."""

    from_: Annotated[
        Literal["column", "token_prefix", "file_name", "folder", "constant", "undecided"], Field(alias="from")
    ]
    column: Headings = ()
    pattern: Annotated[str, AfterValidator(_valid_pattern)] | None = None
    constant: str | None = None
    values: dict[str, str] = {}

    @model_validator(mode="after")
    def _says_enough(self) -> "CollectiveFrom":
        needs = {
            "column": ("column",),
            "token_prefix": ("column", "pattern"),
            "file_name": ("pattern",),
            "constant": ("constant",),
        }
        for field in needs.get(self.from_, ()):
            if not getattr(self, field):
                raise ValueError(f"'from: {self.from_}' needs '{field}'")
        return self


class Consent(_Strict):
    """The column of the consent question, and the answers that mean yes and no.

    Older sources may lack answers for `no`. `several`: one cell may contain several ticks.
    """

    column: Annotated[Headings, Field(min_length=1)]
    yes: Annotated[Texts, Field(min_length=1)]
    no: Texts = []
    several: bool = False

    @model_validator(mode="after")
    def _yes_is_not_no(self) -> "Consent":
        if both := set(map(same_text, self.yes)) & set(map(same_text, self.no)):
            raise ValueError(f"'{min(both)}' cannot mean yes and no")
        return self


class StateRule(_Strict):
    """A column and the texts in it that make a response a test, a partial one, spam, or a rejected one."""

    column: str
    is_: Annotated[Texts, Field(alias="is", min_length=1)]
    state: State


class Source(_Strict):
    """The mapping of one form; see the commented example that `motiefmix init` writes."""

    source: Annotated[
        str, AfterValidator(pattern(r"[a-z0-9-]{1,60}", "lower-case letters, digits and hyphens, at most 60"))
    ]
    version: Annotated[str, Field(min_length=1, max_length=20)] = "1"
    draft: bool = False
    tool: Tool
    file_name: str | None = None
    encoding: Encoding | None = None
    answers: Literal["labels", "numbers", "codes"]
    columns: dict[str, Annotated[Headings, Field(min_length=1)]] = {}
    already_reversed: Texts = []
    codes: dict[str, dict[str, int]] = {}
    missing: dict[MissingReason, Texts] = {}
    # Default: the tool's own; none: a new export replaces the previous one as a whole.
    response_id: Headings | None = None
    # Export series with separate response ids: file-name patterns by name of the series.
    series: dict[Annotated[str, Field(min_length=1)], Annotated[Texts, Field(min_length=1)]] = {}
    respondent: Headings = ()
    date: SubmittedOn = SubmittedOn()
    collective: CollectiveFrom
    consent: Consent | None = None
    states: list[StateRule] | None = None
    closes: Day | None = None
    grace_days: Annotated[int, Field(ge=0, le=366)] = 0

    @model_validator(mode="after")
    def _is_finished_or_a_draft(self) -> "Source":
        if self.draft:
            return self
        if not self.columns:
            raise ValueError("'columns' is missing: which column is which item")
        if self.collective.from_ == "undecided":
            raise ValueError("'collective' is undecided: name column, token_prefix, file_name, folder or constant")
        return self

    @model_validator(mode="after")
    def _codes_are_given(self) -> "Source":
        if self.answers == "codes" and not self.codes and not self.draft:
            raise ValueError("'answers: codes' needs a list of 'codes'")
        named = [name for names in self.columns.values() for name in names]
        if len(set(named)) < len(named):
            raise ValueError("two items name the same column")
        return self
