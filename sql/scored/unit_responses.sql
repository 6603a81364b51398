-- Which responses speak for which unit. In an organisation and in the programme a person counts once: the newest.
-- Grain: one row per unit_type, unit_id, response.

with

responses as (select * from scored.responses),

newest as (
    select
        *,
        row_number() over (
            partition by respondent, organisation_id
            order by submitted_at desc, collective_id asc
        ) as newest_in_organisation,
        row_number() over (
            partition by respondent
            order by submitted_at desc, collective_id asc
        ) as newest_in_programme
    from responses
)

select
    'collective' as unit_type,
    collective_id as unit_id,
    response
from newest
union all
select
    'organisation' as unit_type,
    organisation_id as unit_id,
    response
from newest
where newest_in_organisation = 1
union all
select
    'programme' as unit_type,
    'programme' as unit_id,
    response
from newest
where newest_in_programme = 1
