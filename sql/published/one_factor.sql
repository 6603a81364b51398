-- How well one factor reproduces the covariances of the items of a scale, over the whole programme, for the methods
-- annex; to two digits, from 30 respondents on. No row for a scale without a proper solution, or of one or two items.
-- Grain: one row per period, scale.

with

run as (select * from reference.run),

one_factor as (select * from statistics.one_factor),

reliabilities as (select * from statistics.reliabilities),

policy as (select * from reference.policy),

shown as (
    select
        one_factor.*,
        reliabilities.respondents,
        reliabilities.respondents >= policy.spread_from as is_shown
    from one_factor
    inner join reliabilities on one_factor.scale = reliabilities.scale
    cross join policy
)

select
    run.period,
    shown.scale,
    case when shown.is_shown then shown.respondents end as respondents,
    people_band(shown.respondents) as respondents_band,
    case when shown.is_shown then round(round(shown.chi_square, 9), 1) end as chi_square,
    case when shown.is_shown then shown.degrees_of_freedom end as degrees_of_freedom,
    case when shown.is_shown then round(round(shown.cfi, 9), 2) end as cfi,
    case when shown.is_shown then round(round(shown.rmsea, 9), 2) end as rmsea,
    case when shown.is_shown then round(round(shown.srmr, 9), 2) end as srmr,
    case when not shown.is_shown then 'too_few' end as withheld_because
from shown
cross join run
