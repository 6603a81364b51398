-- The published distributions: of collectives as contribution groups, of organisations and the programme as totals;
-- where nothing may be published, the classes without numbers, and the reason.
-- Grain: one row per unit_type, unit_id, distribution, class.

with

policy as (select * from reference.policy),

organisations as (
    select distinct organisation_id from reference.collectives
),

counts as (select * from statistics.class_counts),

classes as (
    select * from disclosure.classes
    where unit_type = 'collective'
),

totals as (select * from disclosure.class_totals),

total_units as (
    select
        'organisation' as unit_type,
        organisation_id as unit_id
    from organisations
    union all
    select
        'programme' as unit_type,
        'programme' as unit_id
),

all_classes as (
    select distinct
        distribution,
        class
    from counts
),

withheld_totals as (
    select
        total_units.unit_type,
        total_units.unit_id,
        all_classes.distribution,
        all_classes.class
    from total_units
    cross join all_classes
    where
        (total_units.unit_type, total_units.unit_id, all_classes.distribution)
        not in (select (unit_type, unit_id, distribution) from totals)
)

select
    classes.unit_type,
    classes.unit_id,
    classes.distribution,
    classes.class,
    case when classes.respondents >= policy.full_from then classes.respondents end as respondents,
    people_band(classes.respondents, policy.levels_from, policy.full_from) as respondents_band,
    classes.count,
    classes.share,
    classes.share_low,
    classes.share_high,
    cast(null as double) as covered_share,
    case when classes.count is null then coalesce(classes.withheld_because, 'protects_people') end
        as withheld_because,
    classes.figures_of
from classes
cross join policy
union all
select
    totals.unit_type,
    totals.unit_id,
    totals.distribution,
    totals.class,
    totals.respondents,
    people_band(totals.respondents, policy.levels_from, policy.full_from) as respondents_band,
    totals.count,
    totals.share,
    totals.share_low,
    totals.share_high,
    totals.covered_share,
    null as withheld_because,
    totals.figures_of
from totals
cross join policy
union all
select
    unit_type,
    unit_id,
    distribution,
    class,
    null as respondents,
    null as respondents_band,
    null as count,
    null as share,
    null as share_low,
    null as share_high,
    null as covered_share,
    'too_few' as withheld_because,
    null as figures_of
from withheld_totals
