-- What may be told of each distribution: the chosen rung with its counts; where no rung stands, the classes without
-- them, and why.
-- Grain: one row per period, unit_type, unit_id, distribution, class.

with

shares as (select * from statistics.class_shares),

chosen as (select * from statistics.chosen_rungs),

units as (select * from statistics.units),

policy as (select * from reference.policy)

select
    shares.period,
    shares.unit_type,
    shares.unit_id,
    shares.distribution,
    shares.class,
    case when shares.respondents >= policy.full_from then shares.respondents end as respondents,
    people_band(shares.respondents) as respondents_band,
    case when chosen.rung is not null then shares.count end as count,
    case when chosen.rung is not null then shares.share end as share,
    case when chosen.rung is not null then floor(shares.share_low * 1000) / 1000 end as share_low,
    case when chosen.rung is not null then ceil(shares.share_high * 1000) / 1000 end as share_high,
    chosen.withheld_because,
    units.figures_of
from shares
cross join policy
inner join units on shares.unit_type = units.unit_type and shares.unit_id = units.unit_id
inner join chosen
    on
        shares.unit_type = chosen.unit_type
        and shares.unit_id = chosen.unit_id
        and shares.distribution = chosen.distribution
        and shares.rung = coalesce(chosen.rung, 1)
