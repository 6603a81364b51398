"""Reads a programme folder whole: settings, instrument, register and sources."""

from flows.settings import Settings
from flows.steps import instrument, register, source
from flows.steps.policy import Policy
from flows.steps.reference import Programme


def load_programme(settings: Settings) -> Programme:
    """Everything the programme's own files say, checked.

    Raises:
        Mistake: a mistake in one of them, with file, line and field.
    """
    loaded = instrument.load(settings.instrument, settings.root)
    return Programme(
        name=settings.name,
        timezone=settings.timezone,
        language=settings.language,
        contact=settings.contact,
        window_months=settings.window_months,
        instrument=loaded,
        register=register.load(settings.places.register),
        sources=source.load_all(settings.places.sources, loaded),
        policy=Policy(**settings.disclosure.model_dump()),
    )
