-- The mix of a unit: mean_share is the mean of the respondents' shares, centre_share their closed geometric mean (the
-- compositional centre: Aitchison, 1986), both from 0 to 1 and adding up to 1; relative_importance is in POMP points.
-- Grain: one row per period, unit_type, unit_id, scale.

with

units as (select * from statistics.units),

motives as (
    select * from reference.scales
    where kind = 'motive'
),

unit_responses as (select * from scored.unit_responses),

mixes as (select * from scored.mixes),

motive_scores as (select * from scored.motive_scores),

share_means as (
    select
        unit_responses.unit_type,
        unit_responses.unit_id,
        mixes.scale,
        count(*) as respondents,
        avg(mixes.share) as mean_share,
        exp(avg(mixes.log_share)) as geometric_mean
    from unit_responses
    inner join mixes on unit_responses.response = mixes.response
    group by unit_responses.unit_type, unit_responses.unit_id, mixes.scale
),

importance_means as (
    select
        unit_responses.unit_type,
        unit_responses.unit_id,
        motive_scores.scale,
        avg(motive_scores.relative_importance) as relative_importance
    from unit_responses
    inner join motive_scores on unit_responses.response = motive_scores.response
    group by unit_responses.unit_type, unit_responses.unit_id, motive_scores.scale
)

select
    units.period,
    units.unit_type,
    units.unit_id,
    motives.scale,
    coalesce(share_means.respondents, 0) as respondents,
    share_means.mean_share,
    share_means.geometric_mean / sum(share_means.geometric_mean) over (
        partition by units.unit_type, units.unit_id
    ) as centre_share,
    importance_means.relative_importance
from units
cross join motives
left join share_means
    on
        units.unit_type = share_means.unit_type
        and units.unit_id = share_means.unit_id
        and motives.scale = share_means.scale
left join importance_means
    on
        units.unit_type = importance_means.unit_type
        and units.unit_id = importance_means.unit_id
        and motives.scale = importance_means.scale
