"""The open questions about a source, each with the `--set` options that answer it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flows.commands.map import evident
from flows.commands.map.contents import Contents
from flows.commands.map.proposals import likely_collectives, likely_dates, likely_ids, similar_columns, suggested_codes
from flows.foundation.messages import pluralise, printable
from flows.programme.register import Register
from flows.programme.source import LoadedSource
from flows.steps.ingest.dates import lack_zone, proven_order
from flows.steps.ingest.dialects import no_date_in, respondent_columns

_MOST_TEXTS = 6
_CONSTANT_DATE = ("date.constant=2026-10-15",)


@dataclass(frozen=True)
class Question:
    """One thing to decide: its subject, the question in words, and likely answers as `--set` options."""

    about: str
    words: str
    answers: tuple[tuple[str, ...], ...] = ()
    is_needed: bool = True


def questions_about(loaded: LoadedSource, contents: Contents, register: Register) -> tuple[Question, ...]:
    """Everything about an export that its source does not define yet."""
    asked = (
        *_about_collective(loaded, contents, register),
        *_about_items(loaded, contents),
        *_about_answers(loaded, contents),
        *_about_dates(loaded, contents),
        *_about_response_id(loaded, contents),
        *_about_respondent(loaded, contents),
    )
    return tuple(sorted(asked, key=lambda question: not question.is_needed))


def _about_items(loaded: LoadedSource, contents: Contents) -> Iterator[Question]:
    model = loaded.model
    positions = {item: contents.position(names) for item, names in model.columns.items()}
    missing = [item for item in loaded.instrument.model.items if positions.get(item) is None]
    taken = [position for position in positions.values() if position is not None]
    similar = similar_columns(contents, loaded.instrument, missing, taken)
    for item, suggestions in similar.items():
        wording = next(iter(loaded.instrument.model.items[item].text.values()))
        yield Question(
            f"columns.{item}",
            f"No column is surely {item}, '{printable(wording, 90)}'; "
            + ", ".join(f"{entry.score} % alike: '{printable(entry.heading)}'" for entry in suggestions),
            tuple((f"columns.{item}={entry.heading}",) for entry in suggestions),
        )
    unlike = [item for item in missing if item not in similar]
    if unlike:
        yield Question(
            "columns",
            f"No column is anything like {pluralise(len(unlike), 'item')}: {', '.join(unlike)}",
            ((f"columns.{unlike[0]}=?",),),
        )


def _about_answers(loaded: LoadedSource, contents: Contents) -> Iterator[Question]:
    unknown: dict[str, list[str]] = {}
    for item, names in loaded.model.columns.items():
        position = contents.position(names)
        scale = loaded.instrument.model.items[item].response_scale
        for text in contents.columns[position].answers if position is not None else ():
            if not loaded.read_answer(item, text).known and not _declared_missing(contents, position, text):
                unknown.setdefault(scale, []).append(text)
                unknown[scale] = list(dict.fromkeys(unknown[scale]))
    for scale, texts in unknown.items():
        item = next(name for name in loaded.model.columns if _scale_of(loaded, name) == scale)
        suggested = suggested_codes(loaded.instrument, item, texts)
        listed = ", ".join(f"'{printable(text)}'" for text in texts[:_MOST_TEXTS])
        more = f" and {len(texts) - _MOST_TEXTS} more" if len(texts) > _MOST_TEXTS else ""
        yield Question(
            f"codes.{scale}",
            f"{pluralise(len(texts), 'answer')} of response scale '{scale}' without a number: {listed}{more}",
            (tuple(_code_answer(scale, text, suggested) for text in texts[:_MOST_TEXTS]),),
        )


def _code_answer(scale: str, text: str, suggested: dict[str, int]) -> str:
    """The suggested number of a code; a text without one beside such codes is probably a missing value."""
    if suggested and text not in suggested:
        return f"missing.not_applicable={text}"
    return f"codes.{scale}.{text}={suggested.get(text, '?')}"


def _declared_missing(contents: Contents, position: int | None, text: str) -> bool:
    return (
        contents.codebook is not None
        and position is not None
        and contents.codebook.is_missing(contents.layout.names[0][position], text)
    )


def _scale_of(loaded: LoadedSource, item: str) -> str:
    return loaded.instrument.model.items[item].response_scale


def _about_collective(loaded: LoadedSource, contents: Contents, register: Register) -> Iterator[Question]:
    rule = loaded.model.collective
    if rule.from_ == "undecided":
        positions = map(contents.position, loaded.model.columns.values())
        taken = [position for position in positions if position is not None]
        likely = [contents.named(position) for position in likely_collectives(contents, register, taken)]
        yield Question(
            "collective",
            "Nothing in the file is surely a collective of the register: which column is it, or is all of it one?",
            (
                *(("collective.from=column", f"collective.column={name}") for name in likely[:3]),
                *(
                    ("collective.from=constant", f"collective.constant={row.collective_id}")
                    for row in register.collectives[:1]
                ),
            ),
        )
    position = contents.position(rule.column)
    if rule.from_ == "column" and position is not None:
        yield from _unknown_collectives(loaded, contents.columns[position].answers, register)


def _unknown_collectives(loaded: LoadedSource, texts: Iterable[str], register: Register) -> Iterator[Question]:
    known = {row.collective_id for row in register.collectives}
    unknown = [text for text in texts if loaded.read_collective(text) not in known]
    if unknown:
        listed = ", ".join(f"'{printable(text)}'" for text in unknown[:_MOST_TEXTS])
        yield Question(
            "collective.values",
            f"{pluralise(len(unknown), 'text')} that match no collective, whose answers will be refused: {listed}",
            (tuple(f"collective.values.{text}=?" for text in unknown[:2]),),
            is_needed=False,
        )


def _about_dates(loaded: LoadedSource, contents: Contents) -> Iterator[Question]:
    rule = loaded.model.date
    if rule.constant:
        return
    position = contents.position(rule.column or ((contents.layout.submitted,) if contents.layout.submitted else ()))
    if position is None:
        yield _question_about_date_column(contents)
        return
    texts = contents.columns[position].answers
    if no_date_in(texts):
        yield Question(
            "date.constant",
            "The survey is anonymised and has no dates: on which day, or in the middle of which period, was it held?",
            (("date.constant=2026-10-15",),),
        )
        return
    if not (rule.order or contents.layout.date_order or proven_order(texts)):
        yield Question(
            "date.order",
            f"Do the dates of '{printable(contents.named(position))}' begin with the day, the month or the year?",
            (("date.order=dmy",), ("date.order=mdy",), ("date.order=ymd",)),
        )
    if not (rule.timezone or contents.layout.timezone) and lack_zone(texts):
        yield Question(
            "date.timezone",
            f"Which time zone are the times of '{printable(contents.named(position))}' in?"
            " That of the survey tool's account or server",
            (("date.timezone=Europe/Amsterdam",), ("date.timezone=UTC",)),
        )


def _question_about_date_column(contents: Contents) -> Question:
    likely = [
        evident.date_answer(contents.named(position), contents.columns[position].answers)
        for position in likely_dates(contents)
    ]
    if likely:
        return Question("date", "Which column says when a response was submitted?", (*likely, _CONSTANT_DATE))
    return Question("date", "No column says when a response was submitted", (("date.column=?",), _CONSTANT_DATE))


def _about_response_id(loaded: LoadedSource, contents: Contents) -> Iterator[Question]:
    likely = likely_ids(contents)
    if likely and not loaded.model.response_id and not contents.layout.response_id:
        yield Question(
            "response_id",
            "This column has a different text in each response, so it may be the response id; without one, a new export"
            " replaces the previous one as a whole",
            tuple((f"response_id={contents.named(position)}",) for position in likely),
            is_needed=False,
        )


def _about_respondent(loaded: LoadedSource, contents: Contents) -> Iterator[Question]:
    if loaded.model.respondent:
        return
    for name in respondent_columns(contents.dialect):
        position = contents.position([name])
        if position is not None and len(contents.columns[position].answers) > 1:
            yield Question(
                "respondent",
                f"'{printable(contents.named(position))}' may identify members; without it, nobody is recognised next"
                " month",
                ((f"respondent={contents.named(position)}",),),
                is_needed=False,
            )
            return
