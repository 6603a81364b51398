"""Loads the programme's files into the schema `reference`, so that SQL can join them."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from flows import warehouse
from flows.programme.decisions import Decision
from flows.programme.instrument import Instrument
from flows.programme.loading import Programme
from flows.programme.manifest import ReleasedInput
from flows.programme.period import Period
from flows.programme.source import LoadedSource


def fill(connection: warehouse.Connection, programme: Programme, period: Period) -> None:
    """Load run, policy, register, instrument, releases and decisions into an empty `reference`."""
    instrument = programme.instrument.model
    run = {
        "period": str(period),
        "window_start": programme.window_start(period),
        "window_end": period.last_day,
        "timezone": programme.timezone,
        "instrument": instrument.instrument,
        "instrument_version": instrument.version,
    }
    warehouse.append(connection, "reference.run", [run])
    warehouse.append(connection, "reference.windows", _windows(programme, period))
    warehouse.append(connection, "reference.policy", [asdict(programme.policy)])
    organisations = (
        row.model_dump(include={"organisation_id", "name", "language"}) for row in programme.register.organisations
    )
    warehouse.append(connection, "reference.organisations", organisations)
    warehouse.append(
        connection,
        "reference.collective_states",
        (row.model_dump(exclude={"take_part"}) for row in programme.register.collectives),
    )
    warehouse.append(connection, "reference.scales", _scales(instrument))
    warehouse.append(
        connection,
        "reference.released_inputs",
        (_released_input(released) for released in programme.released),
    )
    warehouse.append(connection, "reference.decisions", _newest(programme.decisions.made))
    warehouse.append(connection, "reference.items", _items(instrument))
    warehouse.append(connection, "reference.sources", _sources(programme.sources))


def _released_input(released: ReleasedInput) -> dict[str, Any]:
    return {
        "period": released.period,
        "version": released.version,
        "last_day": released.last_day,
        "sha256": released.sha256,
        "is_withdrawn": released.is_withdrawn,
    }


def _windows(programme: Programme, period: Period) -> Iterator[dict[str, Any]]:
    """Windows that do not overlap; otherwise most people would be compared with their own unchanged answer."""
    former = period.plus(-programme.window_months)
    for window, month in (("current", period), ("former", former)):
        if window == "current" or any(released.period == str(former) for released in programme.released):
            first_day = programme.window_start(month)
            yield {"window": window, "period": str(month), "first_day": first_day, "last_day": month.last_day}


def _newest(decisions: Iterable[Decision]) -> Iterator[dict[str, Any]]:
    """The last decision on each answer: people change their minds."""
    newest = {(decision.kind, decision.series, decision.answer_key): decision for decision in decisions}
    for decision in newest.values():
        yield asdict(decision)


def _sources(sources: Iterable[LoadedSource]) -> Iterator[dict[str, Any]]:
    for source in sources:
        consent = source.model.consent
        yield {"source": source.model.source, "lacks_no": consent is not None and not consent.no}


def _scales(instrument: Instrument) -> Iterator[dict[str, Any]]:
    positions = {item: position for position, item in enumerate(instrument.items, start=1)}
    for position, (name, scale) in enumerate(instrument.scales.items(), start=1):
        response_scale = instrument.response_scale_of(scale.items[0])
        yield {
            "scale": name,
            "position": position,
            "kind": scale.kind,
            "orientation": scale.orientation,
            "label_nl": scale.label.get("nl", scale.label.get("en", name)),
            "label_en": scale.label.get("en", scale.label.get("nl", name)),
            "minimum": response_scale.minimum,
            "maximum": response_scale.maximum,
            "items": len(scale.items),
            "item_positions": [positions[item] for item in scale.items],
        }


def _items(instrument: Instrument) -> Iterator[dict[str, Any]]:
    scales = {item: name for name, scale in instrument.scales.items() for item in scale.items}
    for position, (name, item) in enumerate(instrument.items.items(), start=1):
        response_scale = instrument.response_scales[item.response_scale]
        yield {
            "item": name,
            "position": position,
            "scale": scales[name],
            "reverse": item.reverse,
            "minimum": response_scale.minimum,
            "maximum": response_scale.maximum,
        }
