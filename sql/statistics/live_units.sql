-- Units none of whose collectives is held back in a window: their figures there follow from the answers of that window,
-- so that answers may be compared (disclosure rule 5).
-- Grain: one row per window, unit_type, unit_id.

with

windows as (select * from reference.windows),

collectives as (select * from reference.window_collectives),

held_back as (
    select * from scored.held_back
    where is_frozen
),

newest as (
    select
        period,
        max(release) as release
    from released.releases
    group by period
),

stood_still as (
    select
        'current' as "window",
        collective_id
    from held_back
    union all
    select
        'former' as "window",
        released_collectives.collective_id
    from released.collectives as released_collectives
    inner join newest on released_collectives.release = newest.release
    inner join windows on newest.period = windows.period and windows."window" = 'former'
    where released_collectives.figures_of <> newest.period
),

judged as (
    select
        collectives."window",
        collectives.collective_id,
        collectives.organisation_id,
        stood_still.collective_id is null as is_live
    from collectives
    left join stood_still
        on collectives."window" = stood_still."window" and collectives.collective_id = stood_still.collective_id
)

select
    "window",
    'collective' as unit_type,
    collective_id as unit_id
from judged
where is_live
union all
select
    "window",
    'organisation' as unit_type,
    organisation_id as unit_id
from judged
group by "window", organisation_id
having bool_and(is_live)
union all
select
    "window",
    'programme' as unit_type,
    'programme' as unit_id
from judged
group by "window"
having bool_and(is_live)
