"""`motiefmix accept`: lists answers that await the owner's decision, and records decisions."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Annotated

from cyclopts import Parameter

from flows import warehouse
from flows.commands.options import HERE, JsonOption, ProgrammeOption
from flows.commands.telling import print_json, table
from flows.foundation.contracts import Waiting
from flows.foundation.errors import UserError
from flows.foundation.messages import did_you_mean, pluralise, printable
from flows.privacy.rotation import changing
from flows.programme import decisions
from flows.programme import settings as settings_module
from flows.programme.decisions import Decision, Kind, Verdict
from flows.programme.period import Period
from flows.programme.settings import Settings

_WAITING = """
    select kind, source, series, answer_key, submitted_on from validated.waiting order by all
"""
_MEANS: dict[tuple[Kind, Verdict], str] = {
    ("late", "accept"): "will count",
    ("late", "refuse"): "will not count",
    ("spam", "accept"): "will count: not spam",
    ("spam", "refuse"): "will not count",
    ("vanished", "accept"): "are withdrawn and will not count",
    ("vanished", "refuse"): "stay and count",
    ("unknown", "accept"): "will not count; the rest of their file will",
    ("unknown", "refuse"): "keep their file held until the source knows them",
}
_WHY: dict[str, str] = {
    "late": "came too late",
    "spam": "marked as spam by the survey tool",
    "vanished": "vanished from the newest export: withdrawn?",
    "unknown": "unknown to the source, and hold their file: leave them out?",
}


@dataclass(frozen=True)
class WaitingAnswer:
    """An answer that awaits a decision; `answer_key` is its id in the survey tool."""

    kind: Kind
    source: str
    series: str
    answer_key: str
    submitted_on: date | None

    @property
    def month(self) -> str:
        """The month of submission; empty when the date is unknown."""
        return f"{self.submitted_on:%Y-%m}" if self.submitted_on else ""


def waiting_answers(settings: Settings) -> tuple[WaitingAnswer, ...]:
    """Answers that the last run left waiting and that nobody has decided on since; empty before the first run."""
    if not settings.folder.warehouse.exists():
        return ()
    decided = {(d.kind, d.series, d.answer_key) for d in decisions.load(settings.folder.decisions).made}
    with changing(settings.folder), warehouse.opened(settings.folder.warehouse, read_only=True) as connection:
        if not warehouse.has_table(connection, "validated.waiting"):
            return ()
        answers = [WaitingAnswer(*row) for row in connection.execute(_WAITING).fetchall()]
    return tuple(entry for entry in answers if (entry.kind, entry.series, entry.answer_key) not in decided)


def summary(answers: Sequence[WaitingAnswer]) -> tuple[Waiting, ...]:
    """Count the waiting answers per kind, source and month."""
    counts = Counter((entry.kind, entry.source, entry.month) for entry in answers)
    return tuple(
        Waiting(kind=kind, source=source, month=month, count=count)
        for (kind, source, month), count in sorted(counts.items())
    )


def decide(
    settings: Settings,
    kind: Kind,
    source: str,
    verdict: Verdict,
    today: date,
    month: str | None = None,
    responses: Sequence[str] = (),
) -> tuple[WaitingAnswer, ...]:
    """Record a decision on the waiting answers of a kind and source, optionally of one month or with given ids only.

    Raises:
        UserError: no such answers wait, or another run is in progress.
    """
    if month:
        Period.parse(month)
    alike = [entry for entry in waiting_answers(settings) if entry.kind == kind]
    chosen = tuple(
        entry
        for entry in alike
        if entry.source == source and month in (None, entry.month) and (not responses or entry.answer_key in responses)
    )
    if unknown := set(responses) - {entry.answer_key for entry in chosen}:
        raise UserError(f"No response '{printable(min(unknown))}' waits there; see: motiefmix accept {kind} --list")
    if not chosen:
        sources = {entry.source for entry in alike}
        hint = did_you_mean(source, sources - {source})
        when = f" of {month}" if month else ""
        raise UserError(f"No {kind} answers{when} of source '{source}' wait{hint}. What waits: motiefmix accept")
    with changing(settings.folder):
        decisions.add(
            settings.folder.decisions,
            [Decision(kind, entry.series, entry.answer_key, verdict, today.isoformat()) for entry in chosen],
        )
    return chosen


def describe(answers: Sequence[WaitingAnswer]) -> str:
    """Describe the waiting answers: a line per kind, source and month, with the command that decides on them."""
    if not answers:
        return "Nothing waits for a decision."
    waiting = summary(answers)
    lines = table(
        (entry.kind, entry.source, entry.month, f"{pluralise(entry.count, 'answer')}: {_WHY[entry.kind]}")
        for entry in waiting
    )
    return "\n".join(f"{line}\n{_how_to_decide(entry)}" for line, entry in zip(lines, waiting, strict=True))


def _how_to_decide(entry: Waiting) -> str:
    month = f" --month {entry.month}" if entry.month else ""
    return f"          motiefmix accept {entry.kind} {entry.source}{month}   (or the same with --refuse)"


def describe_each(answers: Sequence[WaitingAnswer]) -> str:
    """List every waiting answer by its id in the survey tool and its date, without its content."""
    rows = ((entry.kind, entry.source, entry.submitted_on or "", printable(entry.answer_key)) for entry in answers)
    return "\n".join(table(rows))


def describe_decision(kind: Kind, verdict: Verdict, chosen: Sequence[WaitingAnswer]) -> str:
    """Describe a decision and the months that it changes."""
    months = sorted({entry.month for entry in chosen if entry.month})
    sentence = f"{pluralise(len(chosen), f'{kind} answer')} {_MEANS[kind, verdict]}, from the next run on."
    if verdict == "accept" and months:
        sentence += (
            f"\nFor a new version of a month that has already been released: motiefmix run --period {months[0]}"
            + (f" (and up to {months[-1]})" if len(months) > 1 else "")
        )
    return sentence


def command(
    kind: Kind | None = None,
    source: str | None = None,
    *,
    month: Annotated[str | None, Parameter(help="Only answers given in this month, such as 2026-09.")] = None,
    response: Annotated[
        list[str] | None, Parameter(help="Only the answers with these ids.", consume_multiple=True, negative=())
    ] = None,
    refuse: Annotated[bool, Parameter(negative=(), help="Decide the opposite.")] = False,
    each: Annotated[bool, Parameter(name="--list", negative=(), help="List every such answer by its id.")] = False,
    programme: ProgrammeOption = HERE,
    json: JsonOption = False,
) -> None:
    """Decide on waiting answers, or list them."""
    chosen = settings_module.load(programme)
    if kind and source:
        verdict: Verdict = "refuse" if refuse else "accept"
        decided = decide(chosen, kind, source, verdict, chosen.now().date(), month, response or ())
        if json:
            print_json([asdict(entry) for entry in decided])
        else:
            print(describe_decision(kind, verdict, decided))
        return
    if month or response or refuse:
        raise UserError("Say what to decide on: motiefmix accept KIND SOURCE. What waits: motiefmix accept")
    waiting = [entry for entry in waiting_answers(chosen) if kind in (None, entry.kind)]
    if json:
        print_json([asdict(entry) for entry in (waiting if each else summary(waiting))])
    else:
        print(describe_each(waiting) if each and waiting else describe(waiting))
