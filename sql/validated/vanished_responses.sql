-- Answers that were in an earlier export of a form with response ids and are missing in its newest one, although that
-- goes back as far: possibly withdrawn. They count until the owner decides. An answer that is in the newest export
-- under another id has not vanished.
-- Grain: one row per series, answer_key.

with

responses as (
    select * from validated.read_responses
    where has_response_ids
),

snapshots as (
    select * from validated.snapshots
    where "window" = 'current'
),

newest as (
    select * from snapshots
    where newest_first = 1
),

in_newest as (
    select distinct
        responses.series,
        responses.answer_key,
        responses.submitted_at,
        responses.content
    from responses
    inner join newest on responses.sha256 = newest.sha256
)

select
    responses.series,
    responses.answer_key,
    max(responses.submitted_on) as submitted_on
from responses
inner join snapshots on responses.sha256 = snapshots.sha256
inner join newest on responses.series = newest.series
left join in_newest on responses.series = in_newest.series and responses.answer_key = in_newest.answer_key
left join in_newest as imported_anew
    on
        responses.series = imported_anew.series
        and responses.submitted_at = imported_anew.submitted_at
        and responses.content = imported_anew.content
where
    in_newest.answer_key is null
    and imported_anew.content is null
    and responses.submitted_at >= newest.oldest_submission
group by responses.series, responses.answer_key
