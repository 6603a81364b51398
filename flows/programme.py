"""Reads a programme folder whole: settings, instrument, register and sources."""

from flows.settings import Settings
from flows.steps import decisions, instrument, look, register, source, strict_yaml, suggestions
from flows.steps.mistakes import Mistake, did_you_mean
from flows.steps.policy import Policy
from flows.steps.publish import manifest
from flows.steps.reference import Programme


def load_programme(settings: Settings) -> Programme:
    """Everything the programme's own files say, checked.

    Raises:
        Mistake: a mistake in one of them, with file, line and field.
    """
    loaded = instrument.load(settings.instrument, settings.root)
    registered = register.load(settings.places.register)
    sources = source.load_all(settings.places.sources, loaded)
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
        look=look.load(settings.accent, settings.logo, settings.root),
        decisions=decisions.load(settings.places.decisions),
        released=manifest.released_inputs(settings.places),
    )


def _check_collectives(sources: tuple[source.LoadedSource, ...], known: set[str]) -> None:
    """A source may only name collectives that the register has, in whatever period."""
    for loaded in sources:
        for text, collective in loaded.model.collective.values.items():
            if collective not in known:
                where = strict_yaml.read(loaded.path).where(("collective", "values", text))
                raise Mistake(
                    f"sources/{where}: the register has no collective '{collective}'{did_you_mean(collective, known)}."
                )
