"""The sources of a programme: each describes one form in one survey tool and interprets its answers."""

import fnmatch
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from flows.foundation import strict_yaml
from flows.foundation.errors import UserError
from flows.foundation.messages import did_you_mean
from flows.foundation.text_comparison import same_text
from flows.programme import consent
from flows.programme.instrument import Instrument, LoadedInstrument, Reading
from flows.programme.source_model import Source


@dataclass(frozen=True)
class LoadedSource:
    """A source with its file, and the instrument that scores its answers."""

    model: Source
    path: Path
    sha256: str
    instrument: LoadedInstrument

    def takes_file(self, file_name: str) -> bool:
        """Whether a file name matches the source's pattern, if it has one."""
        return self.model.file_name is None or fnmatch.fnmatchcase(file_name, self.model.file_name)

    def series_of(self, file_name: str) -> str:
        """The export series of a file, within which an id means one response: the source, or a series it lists."""
        own = self.model.source
        listed = self.model.series.items()
        fits = (name for name, patterns in listed if any(fnmatch.fnmatchcase(file_name, entry) for entry in patterns))
        return next((f"{own}/{name}" for name in fits), own)

    def read_collective(self, text: str) -> str | None:
        """The id on the register for a text that names a collective; the text itself if the source lists none."""
        values = self.model.collective.values
        if not values:
            return text.strip()
        key = same_text(text)
        return next((value for label, value in values.items() if same_text(label) == key), None)

    def read_consent(self, text: str) -> consent.Answer:
        """Whether a member consents; always yes if the source names no consent question."""
        rule = self.model.consent
        return consent.answer_of(text, rule.yes, rule.no, rule.several) if rule else "yes"

    def read_answer(self, item: str, text: str) -> Reading:
        """Interpret an answer by the source's missing codes, then its codes, then the instrument's labels.

        An item that the survey tool has already reversed is reversed back here, because scoring reverses it.
        """
        reading = self._read_as_written(item, text)
        if reading.value is None or item not in self.model.already_reversed:
            return reading
        scale = self.instrument.model.response_scale_of(item)
        return Reading(value=scale.minimum + scale.maximum - reading.value)

    def _read_as_written(self, item: str, text: str) -> Reading:
        key = same_text(text)
        for reason, texts in self.model.missing.items():
            if key in map(same_text, texts):
                return Reading(missing=reason)
        codes = self.model.codes.get(self.instrument.model.items[item].response_scale, {})
        coded = next((value for code, value in codes.items() if same_text(code) == key), None)
        if coded is not None:
            return Reading(value=coded)
        if self.model.answers == "numbers":
            return self.instrument.read_number(item, text)
        # An export may have full answers instead of codes, in the instrument's own words.
        return self.instrument.read_label(item, text)


def load(path: Path, instrument: LoadedInstrument) -> LoadedSource:
    """Load one source file.

    Raises:
        UserError: a mistake in it, with file, line and field.
    """
    document = strict_yaml.read(path)
    model = strict_yaml.parse(document, Source)
    mistakes = [f"{document.where(place)}: {what}" for place, what in _misfits(model, instrument.model)]
    if mistakes:
        raise UserError("\n".join(mistakes))
    return LoadedSource(model, path, hashlib.sha256(path.read_bytes()).hexdigest(), instrument)


def load_all(folder: Path, instrument: LoadedInstrument) -> tuple[LoadedSource, ...]:
    """Load every source of a programme, in the order of their names.

    Raises:
        UserError: a mistake in a source file, with file, line and field.
    """
    sources = tuple(load(path, instrument) for path in sorted(folder.glob("*.yaml")))
    names = [source.model.source for source in sources]
    for source in sources:
        if names.count(source.model.source) > 1:
            raise UserError(f"sources/{source.path.name}: another file has the name '{source.model.source}' too.")
    return sources


def _misfits(source: Source, instrument: Instrument) -> Iterable[tuple[strict_yaml.Place, str]]:
    """Everything in a source that does not match the instrument: the place in the file, and the error."""
    yield from _unknown_items("columns", source.columns, instrument)
    yield from _unknown_items("already_reversed", source.already_reversed, instrument)
    yield from _wrong_codes(source, instrument)


def _unknown_items(field: str, items: Iterable[str], instrument: Instrument) -> Iterable[tuple[strict_yaml.Place, str]]:
    for item in items:
        if item not in instrument.items:
            yield (
                (field, item),
                f"'{item}' is no item of instrument '{instrument.instrument}'{did_you_mean(item, instrument.items)}.",
            )


def _wrong_codes(source: Source, instrument: Instrument) -> Iterable[tuple[strict_yaml.Place, str]]:
    used = {instrument.items[item].response_scale for item in source.columns if item in instrument.items}
    for name, codes in source.codes.items():
        if name not in instrument.response_scales:
            hint = did_you_mean(name, instrument.response_scales)
            yield ("codes", name), f"'{name}' is not a response scale of the instrument{hint}."
            continue
        for code, value in codes.items():
            if value not in instrument.response_scales[name].values:
                yield ("codes", name, code), f"{value} is not a value of response scale '{name}'."
    if source.answers == "codes" and not source.draft:
        for name in sorted(used - set(source.codes)):
            yield ("codes",), f"the codes of response scale '{name}' are missing."
