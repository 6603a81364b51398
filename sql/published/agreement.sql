-- Agreement on a scale within collectives (r_wg(J), from 0 to 1), as quartiles over the collectives whose levels are
-- published in full, to two digits, for the methods annex; only with as many collectives and organisations as a
-- benchmark needs. Carried forward until ten people joined, left or changed an answer (figures_of).
-- Grain: one row per period, scale.

with

carried_forward as (select * from measurement.carried_forward),

released_rows as (select * from released.agreement),

scales as (select * from reference.scales),

run as (select * from reference.run),

policy as (select * from reference.policy),

agreement as (
    select * from statistics.agreement
    where unit_type = 'collective' and rwg_j is not null
),

decisions as (
    select * from disclosure.decisions
    where figure = 'scale_levels' and unit_type = 'collective' and detail = 'full'
),

collectives as (select * from reference.collectives),

counted as (
    select
        agreement.scale,
        count(*) as collectives,
        count(distinct collectives.organisation_id) as organisations,
        quantile_cont(agreement.rwg_j, 0.25) as p25,
        quantile_cont(agreement.rwg_j, 0.5) as median,
        quantile_cont(agreement.rwg_j, 0.75) as p75
    from agreement
    inner join decisions on agreement.unit_id = decisions.unit_id and agreement.scale = decisions.scale
    inner join collectives on agreement.unit_id = collectives.collective_id
    group by agreement.scale
),

shown as (
    select
        scales.scale,
        counted.collectives,
        counted.p25,
        counted.median,
        counted.p75,
        coalesce(
            counted.collectives > policy.benchmark_peers and counted.organisations >= policy.benchmark_organisations,
            false
        ) as is_shown
    from scales
    cross join policy
    left join counted on scales.scale = counted.scale
),

fresh as (
    select
        shown.scale,
        case when shown.is_shown then shown.collectives end as collectives,
        case when shown.is_shown then round(round(shown.p25, 9), 2) end as p25,
        case when shown.is_shown then round(round(shown.median, 9), 2) end as median,
        case when shown.is_shown then round(round(shown.p75, 9), 2) end as p75,
        case when not shown.is_shown then 'too_few' end as withheld_because,
        cast(null as varchar) as figures_of
    from shown
),

carried as (
    select
        released_rows.* exclude (period) replace (
            coalesce(released_rows.figures_of, released_rows.period) as figures_of
        )
    from released_rows
    cross join run
    cross join carried_forward
    where carried_forward.is_carried
),

figures as (
    select * from carried
    union all by name
    select * from fresh
    where scale not in (select scale from carried)
)

select
    run.period,
    figures.scale,
    figures.collectives,
    figures.p25,
    figures.median,
    figures.p75,
    figures.withheld_because,
    figures.figures_of
from figures
cross join run
