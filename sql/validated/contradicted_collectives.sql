-- Collectives whose answers contradict the register, so that these answers are held: more people answered within three
-- months than the register has members; or most of the people who first answered for it in a month had answered for
-- another collective before, which is still on the register, and not since. The codes or names in a source may then
-- have been assigned to other collectives. A member of two collectives keeps answering for both. Answers without an id
-- are not counted as people, since one member may have sent several; too many of them only give a warning.
-- Grain: one row per window, collective_id.

with

accepted as (
    select * from validated.row_verdicts
    where verdict = 'accepted'
),

read_responses as (
    select * from validated.read_responses
    where
        state = 'complete'
        and consent = 'yes'
        and collective_id is not null
        and submitted_at is not null
        and not starts_with(respondent, 'response-')
),

windows as (select * from reference.windows),

collectives as (select * from reference.window_collectives),

states as (select * from reference.collective_states),

overfull as (
    select
        accepted."window",
        accepted.collective_id,
        'more_than_members' as reason
    from accepted
    inner join windows on accepted."window" = windows."window"
    inner join collectives
        on accepted."window" = collectives."window" and accepted.collective_id = collectives.collective_id
    where accepted.submitted_on > windows.last_day - 92 and not starts_with(accepted.respondent, 'response-')
    group by accepted."window", accepted.collective_id
    having count(distinct accepted.respondent) > any_value(collectives.members)
),

memberships as (
    select
        respondent,
        collective_id,
        min(submitted_at) as first_answer,
        max(submitted_at) as last_answer
    from read_responses
    group by respondent, collective_id
),

newcomers as (
    select distinct
        accepted."window",
        accepted.collective_id,
        accepted.respondent,
        memberships.first_answer
    from accepted
    inner join memberships
        on accepted.respondent = memberships.respondent and accepted.collective_id = memberships.collective_id
    inner join windows on accepted."window" = windows."window"
    where memberships.first_answer >= windows.first_day
),

came_from as (
    select distinct
        newcomers."window",
        newcomers.collective_id,
        newcomers.respondent
    from newcomers
    inner join memberships as former
        on
            newcomers.respondent = former.respondent
            and newcomers.collective_id != former.collective_id
            and newcomers.first_answer > former.last_answer + interval 14 days
    inner join states
        on
            former.collective_id = states.collective_id
            and cast(newcomers.first_answer as date) >= coalesce(states.valid_from, date '0001-01-01')
            and cast(newcomers.first_answer as date) <= coalesce(states.valid_until, date '9999-12-31')
),

months as (
    select
        newcomers."window",
        newcomers.collective_id,
        count(*) as newcomers,
        count(came_from.respondent) as from_elsewhere
    from newcomers
    left join came_from
        on
            newcomers."window" = came_from."window"
            and newcomers.collective_id = came_from.collective_id
            and newcomers.respondent = came_from.respondent
    group by newcomers."window", newcomers.collective_id, date_trunc('month', newcomers.first_answer)
),

elsewhere as (
    select distinct
        "window",
        collective_id,
        'members_of_another' as reason
    from months
    where from_elsewhere >= 3 and 2 * from_elsewhere > newcomers
),

contradicted as (
    select * from overfull
    union all
    select * from elsewhere
)

select
    "window",
    collective_id,
    -- members_of_another comes first: it explains the other reason, more_than_members.
    min(reason) as reason
from contradicted
group by "window", collective_id
