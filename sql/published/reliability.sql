-- How well each scale measures, over all collectives together, to two digits.
-- Grain: one row per period, scale.

with

reliability as (select * from statistics.reliability),

policy as (select * from reference.policy),

shown as (
    select
        reliability.*,
        reliability.respondents >= policy.full_from as is_shown
    from reliability
    cross join policy
)

select
    period,
    scale,
    case when is_shown then respondents end as respondents,
    people_band(respondents) as respondents_band,
    method,
    case when is_shown then round(round(alpha, 9), 2) end as alpha,
    case when is_shown then floor(round(alpha_low * 100, 6)) / 100 end as alpha_low,
    case when is_shown then ceil(round(alpha_high * 100, 6)) / 100 end as alpha_high,
    case when is_shown then round(round(omega, 9), 2) end as omega,
    case when is_shown then round(round(icc1, 9), 2) end as icc1,
    case when is_shown then round(round(icc2, 9), 2) end as icc2,
    is_reliable,
    case when not is_shown then 'too_few' end as withheld_because
from shown
