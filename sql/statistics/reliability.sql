-- Reliability of each scale with its interval, what lies between collectives, and what follows from it: is_reliable
-- says whether its figures may be shown (below .60 they are withheld, from 30 pooled respondents on), standard_error
-- is the SEM = sd sqrt(1 - alpha) in POMP points.
-- Edges: as in reliabilities; an unknown reliability withholds nothing, and gives no standard error.
-- Grain: one row per period, scale.

with

run as (select * from reference.run),

policy as (select * from reference.policy),

reliabilities as (select * from statistics.reliabilities),

feldt as (select * from statistics.feldt),

one_factor as (select * from statistics.one_factor),

between_collectives as (select * from statistics.between_collectives),

pooled as (
    select * from statistics.score_moments
    where "window" = 'current' and unit_type = 'programme'
)

select
    run.period,
    reliabilities.scale,
    reliabilities.respondents,
    reliabilities.items,
    reliabilities.method,
    reliabilities.alpha,
    feldt.alpha_low,
    feldt.alpha_high,
    one_factor.omega,
    between_collectives.icc1,
    between_collectives.icc2,
    not coalesce(
        reliabilities.alpha < policy.reliability_withhold
        and reliabilities.respondents >= policy.reliability_pooled_from,
        false
    ) as is_reliable,
    pooled.sd * sqrt(at_least(0, 1 - reliabilities.alpha)) as standard_error
from reliabilities
cross join run
cross join policy
left join feldt on reliabilities.scale = feldt.scale
left join one_factor on reliabilities.scale = one_factor.scale
left join between_collectives on reliabilities.scale = between_collectives.scale
left join pooled on reliabilities.scale = pooled.scale
