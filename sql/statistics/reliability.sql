-- Reliability of each scale with its interval, the variance between collectives, and the consequences: is_reliable says
-- whether its figures may be shown, standard_error is the SEM in POMP points (measurement.decisions).
-- Edges: as in measurement.reliabilities; a scale of unknown reliability is not withheld and has no standard error.
-- Grain: one row per period, scale.

with

run as (select * from reference.run),

reliabilities as (select * from measurement.reliabilities),

feldt as (select * from measurement.feldt),

one_factor as (select * from measurement.one_factor),

between_collectives as (select * from measurement.between_collectives),

decisions as (select * from measurement.decisions)

select
    run.period,
    reliabilities.scale,
    reliabilities.respondents,
    reliabilities.items,
    reliabilities.coefficient,
    reliabilities.estimate,
    reliabilities.alpha,
    feldt.alpha_low,
    feldt.alpha_high,
    one_factor.omega,
    between_collectives.icc1,
    between_collectives.icc2,
    decisions.is_reliable,
    decisions.standard_error
from reliabilities
cross join run
inner join decisions on reliabilities.scale = decisions.scale
left join feldt on reliabilities.scale = feldt.scale
left join one_factor on reliabilities.scale = one_factor.scale
left join between_collectives on reliabilities.scale = between_collectives.scale
