-- Everything that waits for a decision of the owner: late answers, answers that the tool marks as spam, vanished
-- answers, and the few responses of a file with answers that their source does not know.
-- Grain: one row per kind, series, answer_key.

with

responses as (select * from validated.responses),

vanished as (select * from validated.vanished_responses),

unknown_responses as (select * from validated.unknown_responses),

exports as (select * from raw.exports),

decisions as (select * from reference.decisions),

sources as (
    select
        series,
        any_value(source) as source
    from exports
    group by series
),

held as (
    select
        reason as kind,
        series,
        answer_key,
        max(submitted_on) as submitted_on
    from responses
    where verdict = 'held' and reason in ('late', 'spam') and answer_key is not null
    group by reason, series, answer_key
),

gone as (
    select
        'vanished' as kind,
        vanished.series,
        vanished.answer_key,
        vanished.submitted_on
    from vanished
    left join decisions
        on
            decisions.kind = 'vanished'
            and vanished.series = decisions.series
            and vanished.answer_key = decisions.answer_key
    where decisions.verdict is null
),

unknown as (
    select
        'unknown' as kind,
        series,
        answer_key,
        max(submitted_on) as submitted_on
    from unknown_responses
    where is_offered and answer_key is not null
    group by series, answer_key
),

all_kinds as (
    select * from held
    union all
    select * from gone
    union all
    select * from unknown
)

select
    all_kinds.kind,
    sources.source,
    all_kinds.series,
    all_kinds.answer_key,
    all_kinds.submitted_on
from all_kinds
inner join sources on all_kinds.series = sources.series
