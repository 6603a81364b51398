-- The mix of a unit: mean_share is the mean of the respondents' shares, centre_share their closed geometric mean (the
-- compositional centre: Aitchison, 1986), both from 0 to 1 and adding up to 1; relative_importance is in POMP points.
-- share_error_variance is the mean over the respondents.
-- Edges: n = 0: all NULL. n = 1: that respondent's own mix. Who lacks a motive is left out; who scores 0 on all has
-- relative importances and no mix.
-- Grain: one row per period, unit_type, unit_id, scale.

with

units as (select * from statistics.units),

motives as (
    select * from reference.scales
    where kind = 'motive'
),

sums as (select * from statistics.mix_moments),

means as (
    select
        unit_type,
        unit_id,
        key as scale,
        coalesce(max(respondents) filter (where figure = 'share'), 0) as respondents,
        max(total / respondents) filter (where figure = 'share') as mean_share,
        exp(max(total / respondents) filter (where figure = 'log_share')) as geometric_mean,
        max(total / respondents) filter (where figure = 'share_error_variance') as share_error_variance,
        max(total / respondents) filter (where figure = 'relative_importance') as relative_importance
    from sums
    where figure in ('share', 'log_share', 'share_error_variance', 'relative_importance')
    group by unit_type, unit_id, key
)

select
    units.period,
    units.unit_type,
    units.unit_id,
    motives.scale,
    coalesce(means.respondents, 0) as respondents,
    means.mean_share,
    means.geometric_mean / sum(means.geometric_mean) over (
        partition by units.unit_type, units.unit_id
    ) as centre_share,
    means.relative_importance,
    means.share_error_variance
from units
cross join motives
left join means
    on
        units.unit_type = means.unit_type
        and units.unit_id = means.unit_id
        and motives.scale = means.scale
