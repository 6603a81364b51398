-- Responses of an export that would be dropped because the same member answered again for the same collective within
-- three weeks, and the number of members with five or more such responses: possibly one value for many people. Somebody
-- who answers every month is one member.
-- Grain: one row per sha256.

with

responses as (
    select * from validated.read_responses
    where state = 'complete' and consent = 'yes' and not starts_with(respondent, 'response-')
),

ids as (
    select
        sha256,
        respondent,
        collective_id,
        answer_key,
        any_value(submitted_at) as submitted_at
    from responses
    group by sha256, respondent, collective_id, answer_key
),

followed as (
    select
        sha256,
        respondent,
        collective_id,
        coalesce(
            lead(submitted_at) over (partition by sha256, respondent, collective_id order by submitted_at)
            <= submitted_at + interval 21 days,
            false
        ) as is_followed
    from ids
),

per_member as (
    select
        sha256,
        count(*) as responses,
        count(*) filter (where is_followed) as falling_away
    from followed
    group by sha256, respondent, collective_id
)

select
    sha256,
    cast(sum(responses) as bigint) as responses,
    cast(sum(falling_away) as bigint) as falling_away,
    count(*) filter (where falling_away >= 5) as crowded
from per_member
group by sha256
