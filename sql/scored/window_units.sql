-- Which responses speak for which unit in each window. In an organisation and in the programme a person counts once:
-- the newest.
-- Grain: one row per window, unit_type, unit_id, response.

with

responses as (select * from scored.responses),

newest as (
    select
        *,
        row_number() over (
            partition by "window", respondent, organisation_id
            order by submitted_at desc, collective_id asc
        ) as newest_in_organisation,
        row_number() over (
            partition by "window", respondent
            order by submitted_at desc, collective_id asc
        ) as newest_in_programme
    from responses
)

select
    "window",
    'collective' as unit_type,
    collective_id as unit_id,
    response,
    respondent
from newest
union all
select
    "window",
    'organisation' as unit_type,
    organisation_id as unit_id,
    response,
    respondent
from newest
where newest_in_organisation = 1
union all
select
    "window",
    'programme' as unit_type,
    'programme' as unit_id,
    response,
    respondent
from newest
where newest_in_programme = 1
