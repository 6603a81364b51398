-- How well a one-factor model reproduces the covariances of the items of a scale, over the whole programme, for the
-- methods annex; to two digits, from 30 respondents on. No row for a scale without a proper solution, or with one or
-- two items. Carried forward until ten people joined, left or changed an answer (figures_of).
-- Grain: one row per period, scale.

with

carried_forward as (select * from measurement.carried_forward),

released_rows as (select * from released.one_factor),

run as (select * from reference.run),

one_factor as (select * from measurement.one_factor),

reliabilities as (select * from measurement.reliabilities),

policy as (select * from reference.policy),

shown as (
    select
        one_factor.*,
        reliabilities.respondents,
        reliabilities.respondents >= policy.spread_from as is_shown
    from one_factor
    inner join reliabilities on one_factor.scale = reliabilities.scale
    cross join policy
),

fresh as (
    select
        shown.scale,
        case when shown.is_shown then shown.respondents end as respondents,
        people_band(shown.respondents, policy.levels_from, policy.full_from) as respondents_band,
        case when shown.is_shown then round(round(shown.chi_square, 9), 1) end as chi_square,
        case when shown.is_shown then shown.degrees_of_freedom end as degrees_of_freedom,
        case when shown.is_shown then round(round(shown.cfi, 9), 2) end as cfi,
        case when shown.is_shown then round(round(shown.rmsea, 9), 2) end as rmsea,
        case when shown.is_shown then round(round(shown.srmr, 9), 2) end as srmr,
        case when not shown.is_shown then 'too_few' end as withheld_because,
        cast(null as varchar) as figures_of
    from shown
    cross join policy
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
    figures.respondents,
    figures.respondents_band,
    figures.chi_square,
    figures.degrees_of_freedom,
    figures.cfi,
    figures.rmsea,
    figures.srmr,
    figures.withheld_because,
    figures.figures_of
from figures
cross join run
