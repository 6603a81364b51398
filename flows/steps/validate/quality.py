"""What the steward needs to know of a run, as counts, row numbers and check names; never an answer."""

from flows import warehouse
from flows.foundation.contracts import (
    ChangedQuestion,
    FadingItem,
    FailedCheck,
    FileQuality,
    HeldCollective,
    Ingested,
    Troubled,
    TwinColumn,
    Validated,
    Waiting,
)
from flows.foundation.yaml_edit import scalar

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
        coalesce(counts.accepted, 0), coalesce(counts.held, 0), coalesce(counts.refused, 0),
        coalesce(counts.replaced, 0)
    from validated.export_verdicts as verdicts
    left join counts on verdicts.sha256 = counts.sha256
    order by verdicts.received_on desc, verdicts.file_name, verdicts.sha256
"""
_REASONS = """
    select sha256, reason, count(*) from validated.responses
    where verdict in ('held', 'refused') group by sha256, reason order by sha256, count(*) desc, reason
"""
_FAILED = """
    select sha256, "check", severity, mender from validated.check_results where not passed order by all
"""
# Only the rows and columns: the texts themselves are answers, and stay in the export.
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

    select sha256, item, count(*), list_slice(list(row_number order by row_number), 1, 10)
    from troubled group by sha256, item order by all
"""


_CHANGED = """
    select sha256, item, heading_before, heading_now from validated.changed_questions order by all
"""
_HELD_COLLECTIVES = """
    select collectives.name, collectives.members, count(*), contradicted.reason
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
    select kind, source, coalesce(strftime(submitted_on, '%Y-%m'), '') as month, count(*)
    from validated.waiting group by kind, source, month order by all
"""


def waiting(connection: warehouse.Connection) -> tuple[Waiting, ...]:
    """What waits for the owner's decision, per source and month."""
    return tuple(Waiting(*row) for row in connection.execute(_WAITING).fetchall())


def _twin(item: str, twin: str, answers: int, named: list[str]) -> TwinColumn:
    line = f"{item}: [" + ", ".join(scalar(name) for name in (*named, twin)) + "]"
    return TwinColumn(item, twin, answers, line)


def report(connection: warehouse.Connection, ingested: Ingested) -> Validated:
    """Collect the outcome of a validation."""
    failed = connection.execute(_FAILED).fetchall()
    whole = tuple(FailedCheck(*row[1:]) for row in failed if row[0] is None)
    reasons = connection.execute(_REASONS).fetchall()
    unknown = connection.execute(_UNKNOWN).fetchall()
    changed = connection.execute(_CHANGED).fetchall()
    twins = connection.execute(_TWINS).fetchall()
    fading = connection.execute(_FADING).fetchall()
    new = {export.sha256 for export in ingested.exports if export.is_new}
    files = tuple(
        FileQuality(
            file_name=row[1],
            source=row[2],
            verdict=row[3],
            received_on=row[4],
            is_new=row[0] in new,
            accepted=row[5],
            held=row[6],
            refused=row[7],
            replaced=row[8],
            reasons={reason: count for sha256, reason, count in reasons if sha256 == row[0]},
            failed_checks=tuple(FailedCheck(*check[1:]) for check in failed if check[0] == row[0]),
            unknown_answers=tuple(
                Troubled(entry[1], entry[2], tuple(entry[3])) for entry in unknown if entry[0] == row[0]
            ),
            changed_questions=tuple(ChangedQuestion(*entry[1:]) for entry in changed if entry[0] == row[0]),
            twin_columns=tuple(_twin(*entry[1:]) for entry in twins if entry[0] == row[0]),
            fading_items=tuple(FadingItem(*entry[1:]) for entry in fading if entry[0] == row[0]),
        )
        for row in connection.execute(_FILES).fetchall()
    )
    held = tuple(HeldCollective(*row) for row in connection.execute(_HELD_COLLECTIVES).fetchall())
    return Validated(files, ingested.unread, whole, waiting(connection), held)
