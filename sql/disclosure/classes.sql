-- Distributions of contribution groups: how many people are in each class, on the finest coarsening level that protects
-- people; if none does, the classes without counts. `finest` lists the finest classes that a class is the sum of. A
-- distribution that is carried forward is a copy of the previous one.
-- Grain: one row per unit_type, unit_id, distribution, class.

with

run as (select * from reference.run),

units as (
    select * from counted.units
    where family = 'classes'
),

shares as (select * from disclosure.coarsened_shares),

typology as (select any_value(version) as version from mixes.profile_centroids),

decisions as (
    select * from disclosure.decisions
    where family = 'classes'
),

carried_forward as (
    select * from disclosure.carried_forward
    where family = 'classes'
),

released_classes as (select * from released.classes),

carried as (
    select
        decisions.unit_type,
        decisions.unit_id,
        released_classes.distribution,
        released_classes.coarsening_level,
        released_classes.class,
        released_classes.finest,
        released_classes.respondents,
        released_classes.members,
        released_classes.count,
        released_classes.share,
        released_classes.share_low,
        released_classes.share_high,
        released_classes.withheld_because,
        case when released_classes.count is not null then carried_forward.figures_of end
            as figures_of,
        true as is_carried
    from decisions
    inner join carried_forward
        on decisions.unit_type = carried_forward.unit_type and decisions.unit_id = carried_forward.unit_id
    cross join run
    inner join released_classes
        on
            carried_forward.release = released_classes.release
            and carried_forward.unit_type = released_classes.unit_type
            and carried_forward.then_unit_id = released_classes.unit_id
            and decisions.figure = released_classes.distribution
    cross join typology
    where
        decisions.detail = 'carried'
        and (
            decisions.figure <> 'profiles'
            or starts_with(list_first(released_classes.finest), typology.version || ' ')
        )
),

fresh as (
    select
        shares.unit_type,
        shares.unit_id,
        shares.distribution,
        shares.coarsening_level,
        shares.class,
        shares.finest,
        shares.respondents,
        units.members,
        case when decisions.detail = 'full' then shares.count end as count,
        case when decisions.detail = 'full' then shares.share end as share,
        case when decisions.detail = 'full' then floor(round(shares.share_low * 1000, 6)) / 1000 end as share_low,
        case when decisions.detail = 'full' then ceil(round(shares.share_high * 1000, 6)) / 1000 end as share_high,
        case when decisions.detail = 'carried' then 'protects_people' else decisions.withheld_because end
            as withheld_because,
        cast(null as varchar) as figures_of,
        false as is_carried
    from shares
    inner join units on shares.unit_type = units.unit_type and shares.unit_id = units.unit_id
    inner join decisions
        on
            shares.unit_type = decisions.unit_type
            and shares.unit_id = decisions.unit_id
            and shares.distribution = decisions.figure
            and shares.coarsening_level = coalesce(decisions.coarsening_level, 1)
    where
        (decisions.unit_type, decisions.unit_id, decisions.figure)
        not in (select (unit_type, unit_id, distribution) from carried)
),

figures as (
    select * from fresh
    union all by name
    select * from carried
)

select
    figures.unit_type,
    figures.unit_id,
    units.organisation_id,
    figures.distribution,
    figures.coarsening_level,
    figures.class,
    figures.finest,
    figures.is_carried,
    figures.respondents,
    figures.members,
    figures.count,
    figures.share,
    figures.share_low,
    figures.share_high,
    figures.withheld_because,
    figures.figures_of
from figures
inner join units on figures.unit_type = units.unit_type and figures.unit_id = units.unit_id
