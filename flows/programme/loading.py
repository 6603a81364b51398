"""Loads a whole programme: settings, instrument, register, sources, decisions and releases."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date

from flows.foundation import strict_yaml
from flows.foundation.contracts import Export
from flows.foundation.errors import UserError
from flows.foundation.messages import did_you_mean
from flows.programme import branding, decisions, instrument, manifest, register, source, suggestions
from flows.programme.branding import PLAIN, Branding
from flows.programme.decisions import Decisions
from flows.programme.instrument import LoadedInstrument
from flows.programme.manifest import ReleasedInput
from flows.programme.period import Period
from flows.programme.policy import Policy
from flows.programme.register import Register
from flows.programme.settings import Settings
from flows.programme.source import LoadedSource
from flows.programme.suggestions import Suggestions


@dataclass(frozen=True)
class Programme:
    """The programme's files, read and checked, with the settings that a run needs."""

    name: str
    timezone: str
    language: str
    contact: str
    window_months: int
    instrument: LoadedInstrument
    register: Register
    sources: tuple[LoadedSource, ...]
    policy: Policy
    suggestions: Suggestions = field(default_factory=Suggestions)
    branding: Branding = PLAIN
    decisions: Decisions = field(default_factory=Decisions)
    released: tuple[ReleasedInput, ...] = ()

    def fingerprint(self, period: Period, exports: Iterable[Export], software: str, profiles: int) -> str:
        """One hash over every input of a period's figures; `profiles` is the version of the profiles, 0 for none."""
        inputs = {
            "period": str(period),
            "software": software,
            "exports": sorted({export.sha256 for export in exports}),
            "sources": sorted(source.sha256 for source in self.sources),
            "instrument": self.instrument.sha256,
            "register": self.register.sha256,
            "programme": [self.name, self.timezone, self.contact, self.window_months],
            "policy": asdict(self.policy),
            "reports": [self.suggestions.sha256, self.branding.sha256],
            "decisions": self.decisions.sha256,
            "profiles": profiles,
        }
        return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()

    def window_start(self, period: Period) -> date:
        """The first day whose answers count in a period."""
        return period.plus(1 - self.window_months).first_day


def load_programme(settings: Settings) -> Programme:
    """Load and check all files of a programme.

    Raises:
        UserError: an error in a file, with file, line and field.
    """
    loaded = instrument.load(settings.instrument, settings.root)
    registered = register.load(settings.folder.register)
    sources = source.load_all(settings.folder.sources, loaded)
    _check_collectives(sources, {row.collective_id for row in registered.collectives})
    return Programme(
        name=settings.name,
        timezone=settings.timezone,
        language=settings.language,
        contact=settings.contact,
        window_months=settings.window_months,
        instrument=loaded,
        register=registered,
        sources=sources,
        policy=Policy(**settings.disclosure.model_dump()),
        suggestions=suggestions.load(settings.root, loaded.model),
        branding=branding.load(settings.accent, settings.logo, settings.root),
        decisions=decisions.load(settings.folder.decisions),
        released=manifest.released_inputs(settings.folder),
    )


def _check_collectives(sources: tuple[source.LoadedSource, ...], known: set[str]) -> None:
    """Check that sources name only collectives on the register, in any period."""
    for loaded in sources:
        for text, collective in loaded.model.collective.values.items():
            if collective not in known:
                where = strict_yaml.read(loaded.path).where(("collective", "values", text))
                raise UserError(
                    f"sources/{where}: the register has no collective '{collective}'{did_you_mean(collective, known)}."
                )
