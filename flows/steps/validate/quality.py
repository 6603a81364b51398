"""The quality report of a run for the steward: counts, row numbers and check names; never an answer."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flows import warehouse
from flows.foundation.contracts import (
    ChangedQuestion,
    FadingItem,
    FailedCheck,
    FileQuality,
    HeldCollective,
    Ingested,
    TwinColumn,
    UnknownAnswers,
    Validated,
    Waiting,
)
from flows.foundation.yaml_edit import written

T = TypeVar("T")
_FILES = """
    with responses as (select * from validated.responses),

    counts as (
        select
            sha256,
            count(*) filter (where verdict = 'accepted') as accepted,
            count(*) filter (where verdict = 'held') as held,
            count(*) filter (where verdict = 'refused') as refused,
            count(*) filter (where verdict = 'replaced') as replaced
        from responses
        group by sha256
    )

    select verdicts.sha256, verdicts.file_name, verdicts.source, verdicts.verdict, verdicts.received_on,
        coalesce(counts.accepted, 0) as accepted, coalesce(counts.held, 0) as held,
        coalesce(counts.refused, 0) as refused, coalesce(counts.replaced, 0) as replaced
    from validated.export_verdicts as verdicts
    left join counts on verdicts.sha256 = counts.sha256
    order by verdicts.received_on desc, verdicts.file_name, verdicts.sha256
"""
_REASONS = """
    select sha256, reason, count(*) from validated.responses
    where verdict in ('held', 'refused') group by sha256, reason order by sha256, count(*) desc, reason
"""
_FAILED = """
    select sha256, "check", severity, owner from validated.check_results where not passed order by all
"""
# Only rows and columns: the texts themselves are answers and stay in the export.
_UNKNOWN = """
    with troubled as (
        select answers.sha256, answers.item, unknown.row_number
        from validated.unknown_responses as unknown
        inner join validated.answers as answers
            on unknown.sha256 = answers.sha256 and unknown.row_number = answers.row_number
        where answers.word = 'unknown' and not unknown.is_given_up
        union all
        select sha256, 'consent' as item, row_number from validated.unknown_responses
        where consents > 0 and not is_given_up
    )

    select sha256, item, count(*) as count, list_slice(list(row_number order by row_number), 1, 10) as rows
    from troubled group by sha256, item order by all
"""


_CHANGED = """
    select sha256, item, heading_before as before, heading_now as now from validated.changed_questions order by all
"""
_HELD_COLLECTIVES = """
    select collectives.name, collectives.members, count(*) as answers, contradicted.reason
    from validated.contradicted_collectives as contradicted
    inner join reference.collectives as collectives on contradicted.collective_id = collectives.collective_id
    inner join validated.responses as responses
        on contradicted.collective_id = responses.collective_id and contradicted.reason = responses.reason
    where contradicted."window" = 'current'
    group by all order by all
"""
_TWINS = """
    select sha256, item, twin, answers, named from raw.twin_columns order by sha256, item, twin
"""
_FADING = """
    select sha256, item, is_empty_after, turned_on from validated.fading_items order by all
"""
_WAITING = """
    select kind, source, coalesce(strftime(submitted_on, '%Y-%m'), '') as month, count(*) as count
    from validated.waiting group by kind, source, month order by all
"""


def waiting(connection: warehouse.Connection) -> tuple[Waiting, ...]:
    """Answers that await the owner's decision, per kind, source and month."""
    return warehouse.rows_as(Waiting, connection, _WAITING)


def report(connection: warehouse.Connection, ingested: Ingested) -> Validated:
    """Collect the outcome of a validation."""
    failed = _by_file(connection, _FAILED, FailedCheck)
    return Validated(
        files=_files(connection, {export.sha256 for export in ingested.exports if export.is_new}, failed),
        unread=ingested.unread,
        failed_checks=failed[None],
        waiting=waiting(connection),
        held_collectives=warehouse.rows_as(HeldCollective, connection, _HELD_COLLECTIVES),
    )


def _files(
    connection: warehouse.Connection, new: set[str], failed: Mapping[str | None, tuple[FailedCheck, ...]]
) -> tuple[FileQuality, ...]:
    reasons = connection.execute(_REASONS).fetchall()
    unknown = _by_file(connection, _UNKNOWN, UnknownAnswers)
    changed = _by_file(connection, _CHANGED, ChangedQuestion)
    twins = _by_file(connection, _TWINS, _twin)
    fading = _by_file(connection, _FADING, FadingItem)
    return tuple(
        FileQuality(
            **row,
            is_new=sha256 in new,
            reasons={reason: count for owner, reason, count in reasons if owner == sha256},
            failed_checks=failed[sha256],
            unknown_answers=unknown[sha256],
            changed_questions=changed[sha256],
            twin_columns=twins[sha256],
            fading_items=fading[sha256],
        )
        for sha256, row in warehouse.rows_as(_keyed, connection, _FILES)
    )


def _keyed(sha256: str | None, **row: Any) -> tuple[str | None, dict[str, Any]]:
    return sha256, row


def _by_file(
    connection: warehouse.Connection, query: str, make: Callable[..., T]
) -> defaultdict[str | None, tuple[T, ...]]:
    """The rows of a query per file, by sha256; None for rows about all accepted responses."""
    found: defaultdict[str | None, tuple[T, ...]] = defaultdict(tuple)
    for sha256, row in warehouse.rows_as(_keyed, connection, query):
        found[sha256] += (make(**row),)
    return found


def _twin(item: str, twin: str, answers: int, named: tuple[str, ...]) -> TwinColumn:
    line = written({item: (*named, twin)}).rstrip("\n")
    return TwinColumn(item=item, twin=twin, answers=answers, line=line)
