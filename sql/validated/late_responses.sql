-- Accepted responses that came late: an earlier export of the same series was made after they were submitted, and did
-- not hold them. They count from now on; months released without them keep their figures until they are run again.
-- Grain: one row per series, response_id.

with

responses as (select * from validated.responses),

verdicts as (
    select * from validated.export_verdicts
    where verdict = 'accepted'
),

accepted as (
    select * from responses
    where verdict = 'accepted'
),

first_seen as (
    select
        responses.series,
        responses.response_id,
        min(verdicts.received_on) as first_received_on
    from responses
    inner join verdicts on responses.sha256 = verdicts.sha256
    group by responses.series, responses.response_id
)

select
    accepted.series,
    accepted.response_id,
    accepted.submitted_on,
    first_seen.first_received_on
from accepted
inner join first_seen
    on accepted.series = first_seen.series and accepted.response_id = first_seen.response_id
where exists (
    select 1 as found
    from verdicts
    where
        verdicts.series = accepted.series
        and verdicts.received_on > accepted.submitted_on
        and verdicts.received_on < first_seen.first_received_on
)
