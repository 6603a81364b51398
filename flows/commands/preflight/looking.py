"""Runs a month up to its figures in a private copy, and gathers what it would lack."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from flows.commands.preflight.found import EndingRow, HeldFile, Preflight, ShortCollective, SilentSource
from flows.dry_run import run_folder
from flows.foundation.contracts import FailedCheck, Ingested, Standing, Validated
from flows.foundation.messages import printable
from flows.foundation.progress import Progress
from flows.privacy.retention import expire
from flows.programme import public_folder
from flows.programme.loading import Programme, load_programme
from flows.programme.period import Period
from flows.programme.register import Register
from flows.programme.settings import Settings
from flows.releases.reminding import Reminders
from flows.steps.compute import compute
from flows.steps.ingest import ingest
from flows.steps.render.letters import missing_in_words
from flows.steps.render.quality_page import problems, standing_in_words
from flows.steps.validate import validate

# The steward's terminal speaks English.
_LANGUAGE = "en"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What the stages said in the copy; no standings when no figures could be made."""

    programme: Programme
    ingested: Ingested
    validated: Validated
    standings: tuple[Standing, ...]
    stopped_because: str = ""


def look(
    settings: Settings, period: Period, show: Callable[[str, Progress], None] = lambda stage, at: None
) -> tuple[Preflight, Reminders]:
    """What a run of the month would lack, and the reminders that follow; the caller holds the programme's lock.

    Raises:
        UserError: an error in a file of the programme, or the key is missing.
    """
    today = settings.now().date()
    outcome = _tried(settings, period, today, show)
    short = tuple(entry for entry in outcome.standings if entry.state != "full")
    has_ended = period.has_ended(today)
    # Answers given now would not count in a month that is over.
    reminders = Reminders(settings, outcome.programme.register, period, () if has_ended else short)
    validated, register = outcome.validated, outcome.programme.register
    found = Preflight(
        period=str(period),
        last_day=period.last_day,
        has_ended=has_ended,
        collectives=sum(row.holds_on(period.last_day) for row in register.collectives),
        stopped_because=outcome.stopped_because,
        not_in_full=tuple(_short(entry, settings.disclosure.full_from) for entry in short),
        held=tuple(_held(outcome)),
        waiting=sum(entry.count for entry in validated.waiting),
        silent_sources=tuple(_silent(outcome.programme, validated, period)),
        ending_rows=tuple(_ending(register, period)),
        without_address=tuple(
            row.organisation_id for row in register.organisations if row.channel != "folder" and not row.addresses
        ),
        public=public_folder.troubles(settings.folder, str(period)),
        texts=reminders.texts(),
        reminders_are_on=settings.delivery.reminders,
    )
    return found, reminders


def _tried(settings: Settings, period: Period, today: date, show: Callable[[str, Progress], None]) -> Outcome:
    """Ingest, validate and compute in a copy of the private files, which is deleted afterwards."""
    programme, keys = load_programme(settings), settings.pseudonym_keys()
    with run_folder(settings.folder, dry_run=True) as folder:
        expire(folder, today, settings.retention_months)
        ingested = ingest(folder, programme.sources, keys, today, lambda at: show("ingest", at))
        if not ingested.exports:
            nobody = tuple(_nobody(programme, period))
            return Outcome(programme=programme, ingested=ingested, validated=Validated(), standings=nobody)
        validated = validate(folder.warehouse, programme, period, ingested, lambda at: show("validate", at))
        if validated.stops_the_run:
            why = problems(_critical(validated.failed_checks), _LANGUAGE)
            return Outcome(
                programme=programme, ingested=ingested, validated=validated, standings=(), stopped_because=why
            )
        computed = compute(folder.warehouse, keys.disclosure_record, lambda at: show("compute", at))
    return Outcome(programme=programme, ingested=ingested, validated=validated, standings=computed.standings)


def _nobody(programme: Programme, period: Period) -> Iterator[Standing]:
    """Every collective of the month, as it stands while there is no export at all."""
    for row in sorted(programme.register.collectives, key=lambda row: (row.organisation_id, row.name)):
        if row.holds_on(period.last_day):
            yield Standing(
                collective_id=row.collective_id,
                name=row.name,
                organisation_id=row.organisation_id,
                state="nobody",
                figures_of=None,
                answers_short=programme.policy.levels_from,
                counted_as=None,
            )


def _short(standing: Standing, full_from: int) -> ShortCollective:
    return ShortCollective(
        collective_id=standing.collective_id,
        organisation_id=standing.organisation_id,
        name=standing.name,
        state=standing.state,
        in_words=standing_in_words(standing, full_from, _LANGUAGE),
        answers_short=standing.answers_short,
        takes=missing_in_words(standing, _LANGUAGE),
    )


def _held(outcome: Outcome) -> Iterator[HeldFile]:
    for unread in outcome.ingested.unread:
        yield HeldFile(file_name=unread.file_name, reason=" ".join(unread.sentence.split()))
    for file in outcome.validated.files:
        if file.verdict == "held":
            reason = problems(_critical(file.failed_checks), _LANGUAGE)
            yield HeldFile(file_name=file.file_name, reason=" ".join(reason.split()))
    for held in outcome.validated.held_collectives:
        reason = f"the answers of this collective are held: {held.reason.replace('_', ' ')}"
        yield HeldFile(file_name=held.name, reason=reason)


def _critical(checks: Sequence[FailedCheck]) -> list[FailedCheck]:
    return [check for check in checks if check.severity == "critical"]


def _silent(programme: Programme, validated: Validated, period: Period) -> Iterator[SilentSource]:
    """Sources in use, and not closed before the month, of which no export came since the month began."""
    for source in (loaded.model for loaded in programme.sources):
        is_over = source.closes is not None and source.closes < period.first_day
        newest = max((file.received_on for file in validated.files if file.source == source.source), default=None)
        if not source.draft and not is_over and (newest is None or newest < period.first_day):
            yield SilentSource(source=source.source, newest_on=newest)


def _ending(register: Register, period: Period) -> Iterator[EndingRow]:
    """Rows that end within the month or the next one, the earliest first."""
    rows = [row for row in register.collectives if row.valid_until]
    for row in sorted(rows, key=lambda row: (row.valid_until or date.max, row.collective_id)):
        if row.valid_until and period <= Period.of(row.valid_until) <= period.plus(1):
            later = (other.valid_from for other in register.collectives if other.collective_id == row.collective_id)
            yield EndingRow(
                collective_id=row.collective_id,
                organisation_id=row.organisation_id,
                name=printable(row.name, 120),
                valid_until=row.valid_until,
                is_followed=any(day and day > row.valid_until for day in later),
            )
