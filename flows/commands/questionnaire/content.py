"""The questionnaire as a member sees it: introduction, consent, the collective, and the items in blocks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import zip_longest

from flows.commands.questionnaire import wording
from flows.foundation.errors import UserError
from flows.programme.instrument import Instrument
from flows.programme.languages import Language
from flows.programme.loading import Programme


@dataclass(frozen=True)
class Block:
    """Items under one prompt on one response scale: value and label of each answer, and the label of not applicable."""

    name: str
    prompt: str
    response_scale: str
    answers: Mapping[int, str]
    not_applicable: str | None
    items: Mapping[str, str]

    @property
    def not_applicable_code(self) -> int:
        """The code of not applicable for tools that need one: just above the scale."""
        return max(self.answers) + 1


@dataclass(frozen=True)
class Questionnaire:
    """A questionnaire in one language; the collectives by id, in the order of their codes if they have any."""

    language: str
    title: str
    introduction: tuple[str, ...]
    consent: str
    consent_yes: str
    consent_no: str
    collective: str
    collectives: Mapping[str, str]
    blocks: tuple[Block, ...]
    thanks: str
    timezone: str
    codes: Mapping[str, int] = field(default_factory=dict)

    def with_codes(self, codes: Mapping[str, int]) -> "Questionnaire":
        """The form with a code for each of its collectives, newest last."""
        in_order = sorted(self.collectives, key=lambda collective: codes[collective])
        return replace(self, codes=codes, collectives={name: self.collectives[name] for name in in_order})

    @property
    def response_scales(self) -> dict[str, Block]:
        """For each response scale a block that uses it."""
        return {block.response_scale: block for block in self.blocks}


def make_questionnaire(programme: Programme, language: Language) -> Questionnaire:
    """The programme's instrument as a form, with the collectives on its register.

    Raises:
        UserError: the instrument has no wording in that language, or two collectives have the same name.
    """
    instrument = programme.instrument.model
    _refuse_missing_wording(instrument, language)
    words = wording.words(language, programme.policy, programme.contact)
    return Questionnaire(
        language=language,
        title=instrument.title[language],
        introduction=words.introduction,
        consent=words.consent,
        consent_yes=words.consent_yes,
        consent_no=words.consent_no,
        collective=words.collective,
        collectives=_collectives(programme),
        blocks=tuple(_blocks(instrument, language, words.prompt)),
        thanks=words.thanks,
        timezone=programme.timezone,
    )


def _refuse_missing_wording(instrument: Instrument, language: Language) -> None:
    missing = [item for item, about in instrument.items.items() if language not in about.text]
    if missing or language not in instrument.title:
        what = f"item '{missing[0]}'" if missing else "its title"
        raise UserError(f"Instrument '{instrument.instrument}' has no words in '{language}' for {what}.")


def _collectives(programme: Programme) -> dict[str, str]:
    newest = sorted(programme.register.collectives, key=lambda row: row.valid_from or date.min)
    names = {row.collective_id: row.name for row in newest if row.valid_until is None}
    if len(set(names.values())) < len(names):
        twice = next(name for name in names.values() if list(names.values()).count(name) > 1)
        raise UserError(f"Two collectives on the register are called '{twice}': members could not tell them apart.")
    return names


def _blocks(instrument: Instrument, language: Language, prompt: str) -> Iterator[Block]:
    """Blocks that alternate the items of all scales, because adjacent items of one scale influence each other."""
    not_applicable = instrument.missing_values.get("not_applicable", {})
    way_out = next(iter((*not_applicable.get(language, ()), *not_applicable.get("any", ()))), None)
    number = 0
    for name, scale in instrument.response_scales.items():
        answers = {value: labels[language][0] for value, labels in sorted(scale.values.items()) if language in labels}
        if len(answers) < len(scale.values):
            raise UserError(f"Response scale '{name}' has values without words in '{language}'.")
        for items in _rounds(instrument, name):
            number += 1
            texts = {item: instrument.items[item].text[language] for item in items}
            yield Block(f"m{number}", scale.prompt.get(language, prompt), name, answers, way_out, texts)


def _rounds(instrument: Instrument, response_scale: str) -> Iterator[list[str]]:
    scales = [
        scale.items
        for scale in instrument.scales.values()
        if instrument.items[scale.items[0]].response_scale == response_scale
    ]
    for round_ in zip_longest(*scales):
        yield [item for item in round_ if item is not None]
