-- The publication status of each collective: what is published, why not more, and how many more answers the next status
-- takes. state is full, partly (some scales are withheld), levels (fewer answers than `full_from`), carried (the
-- previous figures, of figures_of), expired (carried forward for too long, or without previous figures), too_few,
-- protected (almost everyone alike, or the differencing check) or nobody. answers_short is the number of answers
-- missing for the next status (carried, expired: of people who would have to join, leave or change an answer).
-- counted_as says how the answers count in totals of levels: as a collective, in a rest_group, or not at all (NULL).
-- Grain: one row per collective_id.

with

policy as (select * from reference.policy),

units as (
    select * from counted.units
    where family = 'levels' and unit_type = 'collective'
),

levels as (
    select * from disclosure.levels
    where coalesce(withheld_because, '') <> 'unreliable_scale'
),

carried_forward as (
    select * from disclosure.carried_forward
    where family = 'levels' and unit_type = 'collective'
),

groups as (
    select * from counted.groups
    where family = 'levels' and is_base
),

nearest as (
    select
        differences.unit_id,
        min(differences.differing) as differing
    from disclosure.differences as differences
    cross join policy
    where
        differences.unit_type = 'collective'
        and differences.is_published
        and differences.differing between 1 and policy.set_from - 1
    group by differences.unit_id
),

figures as (
    select
        unit_type,
        unit_id,
        count(*) as scales,
        count(mean) as shown,
        bool_or(detail = 'full') as is_full,
        max(figures_of) as figures_of
    from levels
    group by unit_type, unit_id
),

counted_as as (
    select
        groups.collective_id,
        case groups.unit_type when 'rest' then 'rest_group' else 'collective' end as counted_as
    from groups
    inner join figures on groups.unit_type = figures.unit_type and groups.unit_id = figures.unit_id
    where figures.shown > 0
),

judged as (
    select
        units.unit_id as collective_id,
        units.organisation_id,
        units.respondents,
        policy.levels_from,
        policy.full_from,
        policy.set_from - nearest.differing as changes_short,
        figures.figures_of,
        case
            when carried_forward.unit_id is not null and figures.shown > 0 then 'carried'
            when units.respondents = 0 then 'nobody'
            when units.respondents < policy.levels_from then 'too_few'
            when carried_forward.unit_id is not null then 'expired'
            when coalesce(figures.shown, 0) = 0 then 'protected'
            when not figures.is_full then 'levels'
            when figures.shown < figures.scales then 'partly'
            else 'full'
        end as state
    from units
    cross join policy
    left join figures on units.unit_type = figures.unit_type and units.unit_id = figures.unit_id
    left join carried_forward on units.unit_id = carried_forward.unit_id
    left join nearest on units.unit_id = nearest.unit_id
)

select
    judged.collective_id,
    judged.organisation_id,
    judged.respondents,
    judged.state,
    judged.figures_of,
    case
        when judged.state in ('carried', 'expired') then judged.changes_short
        when judged.state in ('nobody', 'too_few') then judged.levels_from - judged.respondents
        when judged.state = 'levels' then judged.full_from - judged.respondents
    end as answers_short,
    counted_as.counted_as
from judged
left join counted_as on judged.collective_id = counted_as.collective_id
