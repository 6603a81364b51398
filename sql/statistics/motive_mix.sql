-- The mix of a unit: mean_share is the mean of the respondents' shares, centre_share their closed geometric mean (the
-- compositional centre: Aitchison, 1986), both from 0 to 1 and adding up to 1; relative_importance is in POMP points.
-- share_error_variance is the mean over the respondents.
-- Edges: n = 0: all NULL. n = 1: that respondent's own mix. Respondents without a score on some motive are left out;
-- those who score 0 on all motives have relative importances but no mix.
-- Grain: one row per period, unit_type, unit_id, scale.

with

units as (
    select * from counted.units
    where family = 'mix'
),

motives as (
    select * from reference.scales
    where kind = 'motive'
),

groups as (
    select * from counted.groups
    where family = 'mix'
),

sums as (select * from mixes.mix_sums),

means as (
    select
        groups.unit_type,
        groups.unit_id,
        sums.scale,
        cast(sum(sums.mixes) as bigint) as respondents,
        sum(sums.shares) / sum(sums.mixes) as mean_share,
        exp(sum(sums.log_shares) / sum(sums.mixes)) as geometric_mean,
        sum(sums.share_error_variances) / sum(sums.mixes) as share_error_variance,
        sum(sums.relative_importances) / sum(sums.people) as relative_importance
    from sums
    inner join groups on sums.group_number = groups.group_number
    group by groups.unit_type, groups.unit_id, sums.scale
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
