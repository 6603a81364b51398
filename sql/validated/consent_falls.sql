-- The drop in the share of finished responses with consent since the previous export of the form: in the whole export,
-- or among responses submitted since then if there are ten or more and their share is lower. Never negative.
-- Grain: one row per sha256.

with

exports as (select * from raw.exports),

responses as (
    select * from validated.read_responses
    where state = 'complete'
),

contents as (
    select
        sha256,
        max(submitted_at) as newest_submission,
        avg(case when consent = 'yes' then 1.0 else 0 end) as consent_share
    from responses
    group by sha256
),

in_order as (
    select
        exports.sha256,
        contents.consent_share,
        lag(contents.consent_share) over former as share_before,
        lag(contents.newest_submission) over former as newest_before
    from exports
    inner join contents on exports.sha256 = contents.sha256
    window
        former as (
            partition by exports.series
            order by contents.newest_submission asc nulls first, exports.response_count asc, exports.sha256 asc
        )
),

since as (
    select
        responses.sha256,
        avg(case when responses.consent = 'yes' then 1.0 else 0 end) as consent_share
    from responses
    inner join in_order on responses.sha256 = in_order.sha256
    where responses.submitted_at > in_order.newest_before
    group by responses.sha256
    having count(*) >= 10
)

select
    in_order.sha256,
    at_least(
        0,
        in_order.share_before
        - case
            when since.consent_share < in_order.consent_share then since.consent_share
            else in_order.consent_share
        end
    ) as fall
from in_order
left join since on in_order.sha256 = since.sha256
where in_order.share_before is not null
