"""Suggestions for collectives, by rules that anybody can read and check: `expectations/suggestions/*.yaml`.

A rule uses published figures only, and only certain ones: the end of an interval, never a mean.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from flows.foundation import strict_yaml
from flows.foundation.errors import UserError
from flows.foundation.messages import did_you_mean, printable
from flows.foundation.resources import resource
from flows.programme.instrument import Instrument
from flows.programme.languages import Language, LanguageTag

OWN_FILE = "suggestions.yaml"
Text = dict[Language, str]
Points = Annotated[float, Field(ge=0, le=100)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Condition(_Strict):
    """A condition on the published figures of a group that must hold with certainty. Points are POMP, 0 to 100.

    `surely_below` and `surely_above`: the whole interval of a scale is below or above a value. `surely_lowest`: the
    interval of a condition is below those of all others. `fell`: a scale fell significantly since the earlier period.
    `members_differ`: members differ at least twice as much as measurement error alone explains. `also` is a second
    condition that must hold for the same group.
    """

    scale: str | None = None
    surely_below: Points | None = None
    surely_above: Points | None = None
    surely_lowest: bool = False
    fell: bool = False
    members_differ: bool = False
    also: "Condition | None" = None

    @model_validator(mode="after")
    def _asks_one_thing(self) -> "Condition":
        asked = [name for name in type(self).model_fields if name in self.model_fields_set - {"scale", "also"}]
        if len(asked) != 1:
            raise ValueError("a condition asks exactly one thing; write several conditions below each other")
        if (self.scale is None) is not (asked == ["members_differ"]):
            raise ValueError("a condition names a scale, except members_differ")
        return self

    @property
    def scales(self) -> tuple[str, ...]:
        """The scales that it names."""
        own = (self.scale,) if self.scale is not None else ()
        return own + (self.also.scales if self.also else ())


class _Suggestion(_Strict):
    when: Annotated[list[Condition], Field(min_length=1)]
    text: Text
    source: Text
    strength: Text
    titles: dict[LanguageTag, list[str]] = {}

    @model_validator(mode="after")
    def _titles_are_of_sources(self) -> "_Suggestion":
        for title in chain.from_iterable(self.titles.values()):
            if not any(title in source for source in self.source.values()):
                raise ValueError(f"the title '{printable(title)}' is in none of the texts of source")
        return self


class _File(_Strict):
    instrument: str
    suggestions: dict[str, _Suggestion]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A suggestion, which fires when any of its conditions holds. `source` and `strength` describe the evidence.

    `titles` are the titles that `source` quotes, by the language that they are in.
    """

    name: str
    when: tuple[Condition, ...]
    text: Text
    source: Text
    strength: Text
    titles: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Suggestions:
    """The rules of a programme, the most important first, and the hash of their file."""

    rules: tuple[Rule, ...] = ()
    sha256: str = ""


def load(folder: Path, instrument: Instrument) -> Suggestions:
    """Load the rules in `suggestions.yaml` of a programme, or else those shipped with its questionnaire.

    Raises:
        UserError: the file has an error, or names a scale that the questionnaire does not have.
    """
    own = folder / OWN_FILE
    path = own if own.is_file() else resource("expectations", "suggestions", f"{instrument.instrument}.yaml")
    if not path.is_file():
        return Suggestions()
    document = strict_yaml.read(path)
    found = strict_yaml.parse(document, _File)
    if found.instrument != instrument.instrument:
        raise UserError(f"{path.name}: these suggestions are for the questionnaire '{found.instrument}'.")
    for name, rule in found.suggestions.items():
        for scale in (scale for condition in rule.when for scale in condition.scales):
            if scale not in instrument.scales:
                hint = did_you_mean(scale, instrument.scales)
                where = document.where(("suggestions", name, "when"))
                raise UserError(f"{where}: the questionnaire has no scale '{scale}'{hint}.")
    rules = tuple(
        Rule(
            name=name,
            when=tuple(rule.when),
            text=rule.text,
            source=rule.source,
            strength=rule.strength,
            titles=rule.titles,
        )
        for name, rule in found.suggestions.items()
    )
    return Suggestions(rules, hashlib.sha256(path.read_bytes()).hexdigest())
