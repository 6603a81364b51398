"""Finds names that reports cannot show in full, because our fonts lack one of their characters."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flows.foundation.messages import printable
from flows.programme.loading import Programme
from flows.steps.render import fonts

_MOST_LISTED = 10
_SUBJECTS = {
    "programme": "The name of the programme",
    "contact": "The contact of the programme",
    "organisation": "The name of organisation '{id}'",
    "collective": "The name of collective '{id}'",
    "scale": "The label of scale '{id}'",
}


@dataclass(frozen=True)
class UndrawnName:
    """A name: its owner (the programme and its contact have no id), its file, and the characters that are lacking."""

    owner: str
    id: str
    file: str
    characters: tuple[str, ...]

    @property
    def sign(self) -> str:
        """The replacement that reports show."""
        return fonts.REPLACEMENT

    @property
    def quoted(self) -> str:
        """The characters, quoted for a sentence."""
        listed = ", ".join(f"'{printable(character)}'" for character in self.characters[:_MOST_LISTED])
        return listed + (", …" if len(self.characters) > _MOST_LISTED else "")

    @property
    def sentence(self) -> str:
        """The finding as an English sentence, for the command line."""
        subject = _SUBJECTS[self.owner].format(id=self.id)
        return f"{subject} holds {self.quoted}, which our fonts lack; reports show {self.sign} instead."


def undrawn_names(programme: Programme, day: date) -> tuple[UndrawnName, ...]:
    """The names in a programme's files on a given day that reports cannot show in full."""
    found = (UndrawnName(owner, of, file, fonts.lacking(name)) for owner, of, file, name in _names(programme, day))
    return tuple(dict.fromkeys(name for name in found if name.characters))


def _names(programme: Programme, day: date) -> Iterator[tuple[str, str, str, str]]:
    yield "programme", "", "motiefmix.toml", programme.name
    yield "contact", "", "motiefmix.toml", programme.contact
    register = programme.register
    for organisation in register.organisations:
        yield "organisation", organisation.organisation_id, register.organisations_file, organisation.name
    for collective in register.collectives:
        if collective.holds_on(day):
            yield "collective", collective.collective_id, register.collectives_file, collective.name
    for name, scale in programme.instrument.model.scales.items():
        for label in scale.label.values():
            yield "scale", name, programme.instrument.path.name, label
