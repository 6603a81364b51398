"""Interprets each distinct text of the exports with its source, once per text instead of once per answer."""

from collections.abc import Iterable, Iterator
from typing import Any

from flows import warehouse
from flows.programme.source import LoadedSource

_ANSWERS = """
    with answers as (
        select exports.source,
            unnest(map_keys(responses.answers)) as field,
            unnest(map_values(responses.answers)) as text
        from raw.responses as responses inner join raw.exports as exports on responses.sha256 = exports.sha256
    )
    select distinct source, field, text from answers order by all
"""
_COLLECTIVES = """
    select distinct exports.source, '', coalesce(responses.collective, '')
    from raw.responses as responses inner join raw.exports as exports on responses.sha256 = exports.sha256 order by all
"""
_CONSENTS = """
    select distinct exports.source, '', coalesce(responses.consent, '')
    from raw.responses as responses inner join raw.exports as exports on responses.sha256 = exports.sha256 order by all
"""


def fill_readings(connection: warehouse.Connection, sources: Iterable[LoadedSource]) -> None:
    """Fill `validated.readings`: answers get a number or a word, collectives an id, consents yes, no or unknown."""
    by_name = {source.model.source: source for source in sources}
    readers = (
        ("answer", _ANSWERS, _answer),
        ("collective", _COLLECTIVES, _collective),
        ("consent", _CONSENTS, _consent),
    )

    def rows() -> Iterator[dict[str, Any]]:
        for kind, query, read in readers:
            for name, field, text in connection.execute(query).fetchall():
                if source := by_name.get(name):
                    yield {
                        "source": name,
                        "kind": kind,
                        "field": field,
                        "text": text,
                        **({"word": "not_shown"} if text is None else read(source, field, text)),
                    }

    warehouse.append(connection, "validated.readings", rows())


def _answer(source: LoadedSource, item: str, text: str) -> dict[str, Any]:
    reading = source.read_answer(item, text)
    if reading.value is not None:
        return {"number": reading.value}
    return {"word": "out_of_range" if reading.out_of_range else reading.missing or "unknown"}


def _collective(source: LoadedSource, _: str, text: str) -> dict[str, Any]:
    return {"word": source.read_collective(text)}


def _consent(source: LoadedSource, _: str, text: str) -> dict[str, Any]:
    return {"word": source.read_consent(text)}
