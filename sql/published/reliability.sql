-- Reliability of each scale, over all collectives together, to two digits; coefficient names the coefficient that
-- estimate is. Carried forward until ten people joined, left or changed an answer (figures_of).
-- Grain: one row per period, scale.

with

run as (select * from reference.run),

policy as (select * from reference.policy),

reliability as (select * from statistics.reliability),

carried_forward as (select * from measurement.carried_forward),

released_reliability as (select * from released.reliability),

shown as (
    select
        reliability.*,
        reliability.respondents >= policy.full_from as is_shown
    from reliability
    cross join policy
),

fresh as (
    select
        scale,
        case when is_shown then respondents end as respondents,
        people_band(respondents, policy.levels_from, policy.full_from) as respondents_band,
        coefficient,
        case when is_shown then round(round(estimate, 9), 2) end as estimate,
        case when is_shown then round(round(alpha, 9), 2) end as alpha,
        case when is_shown then floor(round(alpha_low * 100, 6)) / 100 end as alpha_low,
        case when is_shown then ceil(round(alpha_high * 100, 6)) / 100 end as alpha_high,
        case when is_shown then round(round(omega, 9), 2) end as omega,
        case when is_shown then round(round(icc1, 9), 2) end as icc1,
        case when is_shown then round(round(icc2, 9), 2) end as icc2,
        is_reliable,
        case when not is_shown then 'too_few' end as withheld_because,
        cast(null as varchar) as figures_of
    from shown
    cross join policy
),

carried as (
    select
        released_reliability.* exclude (period) replace (
            reliability.is_reliable as is_reliable,
            coalesce(released_reliability.figures_of, released_reliability.period) as figures_of
        )
    from released_reliability
    inner join reliability on released_reliability.scale = reliability.scale
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
    figures.respondents,
    figures.respondents_band,
    figures.coefficient,
    figures.estimate,
    figures.alpha,
    figures.alpha_low,
    figures.alpha_high,
    figures.omega,
    figures.icc1,
    figures.icc2,
    figures.is_reliable,
    figures.withheld_because,
    figures.figures_of
from figures
cross join run
