"""The questionnaire as data: items, response scales, missing values, and the scales they measure."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from flows.foundation import strict_yaml
from flows.foundation.errors import UserError
from flows.foundation.messages import did_you_mean, pattern
from flows.foundation.resources import resource
from flows.foundation.text_comparison import same_text
from flows.programme.languages import Language

Code = Annotated[
    str,
    AfterValidator(
        pattern(r"[a-z][a-z0-9_]{0,39}", "lower-case letters, digits and underscores, a letter first, at most 40")
    ),
]
Text = dict[Language, str]
MissingReason = Literal["not_answered", "not_applicable", "not_shown"]
# Texts by language, or for any language.
MissingTexts = Annotated[
    dict[Language | Literal["any"], list[str]],
    BeforeValidator(lambda value: {"any": value} if isinstance(value, list) else value),
]
_NUMBER = re.compile(r"-?[0-9]{1,9}(?:[.,][0-9]{1,9})?")
_RESERVED = {"mixed", "other", "balanced", "orientation_self", "orientation_community", "orientation_none"}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ResponseScale(_Strict):
    """An ordered set of answers: each number (0 to 255) with the labels that exports may use for it.

    Members see the first label of a language.
    """

    prompt: Text = {}
    values: dict[int, dict[Language, list[str]]]

    @model_validator(mode="after")
    def _is_a_scale(self) -> "ResponseScale":
        if len(self.values) < 2 or min(self.values) < 0 or max(self.values) > 255:
            raise ValueError("a response scale needs two or more values between 0 and 255")
        return self

    @property
    def minimum(self) -> int:
        """The lowest number that an answer can have."""
        return min(self.values)

    @property
    def maximum(self) -> int:
        """The highest number that an answer can have."""
        return max(self.values)


class Item(_Strict):
    """One question: its wording, its response scale, and whether it is reverse-scored."""

    text: Text
    response_scale: str
    reverse: bool = False


class Scale(_Strict):
    """What a few items measure together; `on_first_page` if its level stands in large figures there in a report."""

    kind: Literal["motive", "condition", "outcome"]
    orientation: Literal["self", "community", "none"] = "none"
    label: Text
    meaning: Text = {}
    items: Annotated[list[Code], Field(min_length=1)]
    on_first_page: bool = False


class Instrument(_Strict):
    """A questionnaire, versioned. Items are ordered as in the file; the order is their position from 1."""

    instrument: Annotated[
        str, AfterValidator(pattern(r"[a-z0-9-]{1,40}", "lower-case letters, digits and hyphens, at most 40"))
    ]
    version: str
    title: Text
    note: Text = {}
    response_scales: dict[str, ResponseScale]
    missing_values: dict[MissingReason, MissingTexts] = {}
    scales: dict[Code, Scale]
    items: dict[Code, Item]

    @model_validator(mode="after")
    def _hangs_together(self) -> "Instrument":
        for name, item in self.items.items():
            if item.response_scale not in self.response_scales:
                hint = did_you_mean(item.response_scale, self.response_scales)
                raise ValueError(f"item '{name}' names an unknown response scale '{item.response_scale}'{hint}")
        measured: set[str] = set()
        for name, scale in self.scales.items():
            self._check_scale(name, scale, measured)
            measured.update(scale.items)
        if unused := set(self.items) - measured:
            raise ValueError(f"item '{min(unused)}' belongs to no scale")
        return self

    def _check_scale(self, name: str, scale: Scale, measured: set[str]) -> None:
        if name in _RESERVED:
            raise ValueError(f"a scale cannot be called '{name}': that word has another meaning in the figures")
        if scale.kind != "motive" and scale.orientation != "none":
            raise ValueError(f"scale '{name}' is not a motive, so it cannot have an orientation")
        for item in scale.items:
            if item not in self.items:
                raise ValueError(f"scale '{name}' names an unknown item '{item}'{did_you_mean(item, self.items)}")
            if item in measured or scale.items.count(item) > 1:
                raise ValueError(f"item '{item}' is in more than one place; it can count only once")
        if len({self.items[item].response_scale for item in scale.items}) > 1:
            raise ValueError(f"the items of scale '{name}' do not share one response scale")

    @property
    def notes(self) -> dict[str, str]:
        """The instrument's own note, by language."""
        return {str(code): text for code, text in self.note.items()}

    def response_scale_of(self, item: str) -> ResponseScale:
        """The response scale on which an item is answered."""
        return self.response_scales[self.items[item].response_scale]


@dataclass(frozen=True)
class Reading:
    """The meaning of an answer's text: a number, a reason why there is none, or neither (unknown)."""

    value: int | None = None
    missing: MissingReason | None = None
    out_of_range: bool = False

    @property
    def known(self) -> bool:
        """Whether the text is known: it has a number or a missing reason."""
        return self.value is not None or self.missing is not None or self.out_of_range


@dataclass(frozen=True)
class LoadedInstrument:
    """An instrument with the file it came from."""

    model: Instrument
    path: Path
    sha256: str

    @cached_property
    def _labels(self) -> dict[str, dict[str, int]]:
        return {name: _labels_of(self.path, name, scale) for name, scale in self.model.response_scales.items()}

    @cached_property
    def _missing(self) -> dict[str, MissingReason]:
        # Written by one survey tool where its logic skipped a question.
        known: dict[str, MissingReason] = {"{question_not_shown}": "not_shown"}
        for reason, languages in self.model.missing_values.items():
            known.update((same_text(text), reason) for texts in languages.values() for text in texts)
        return known

    def read_label(self, item: str, text: str) -> Reading:
        """Read a label in any of the instrument's languages; an empty text is no answer."""
        key = same_text(text)
        labels = self._labels[self.model.items[item].response_scale]
        if key in labels:
            return Reading(value=labels[key])
        if key in self._missing:
            return Reading(missing=self._missing[key])
        return Reading(missing="not_answered") if key == "" else Reading()

    def read_number(self, item: str, text: str) -> Reading:
        """Read a number; a number outside the response scale is out of range."""
        key = same_text(text)
        if key in self._missing or key == "":
            return Reading(missing=self._missing.get(key, "not_answered"))
        if not _NUMBER.fullmatch(key):
            return Reading()
        number = float(key.replace(",", "."))
        values = self.model.response_scale_of(item).values
        return Reading(value=int(number)) if number in values else Reading(out_of_range=True)


def _labels_of(path: Path, name: str, scale: ResponseScale) -> dict[str, int]:
    labels: dict[str, int] = {}
    for value, text in _all_labels(scale):
        if labels.setdefault(same_text(text), value) != value:
            raise UserError(f"{path.name}: in response scale '{name}' the label '{text}' has two values.")
    return labels


def _all_labels(scale: ResponseScale) -> Iterator[tuple[int, str]]:
    for value, languages in scale.values.items():
        for texts in languages.values():
            for text in texts:
                yield value, text


def load(name: str, folder: Path) -> LoadedInstrument:
    """The instrument of a programme: a shipped one by name, or a file of the programme by its path.

    Raises:
        UserError: no such instrument, or a mistake in its file.
    """
    path = (
        folder / name if name.endswith((".yaml", ".yml")) else resource("expectations", "instruments", f"{name}.yaml")
    )
    if not path.is_file():
        shipped = [file.stem for file in resource("expectations", "instruments").glob("*.yaml")]
        raise UserError(
            f"motiefmix.toml, field instrument: there is no instrument '{name}'{did_you_mean(name, shipped)};"
            " name a shipped one, or a .yaml file in the programme folder."
        )
    model = strict_yaml.parse(strict_yaml.read(path), Instrument)
    loaded = LoadedInstrument(model, path, hashlib.sha256(path.read_bytes()).hexdigest())
    for response_scale in model.response_scales:
        _labels_of(path, response_scale, model.response_scales[response_scale])
    return loaded
