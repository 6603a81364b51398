-- Statistics of each item over the whole programme, with reversed items recoded: number of answers, mean and standard
-- deviation (n - 1) in answer points, corrected item-total correlation (with the sum of the other items of its scale,
-- over those who answered all of them) and standardised loading in the one-factor model of the scale. NULL where there
-- is no variance, or the scale has too few items.
-- Edges: nobody: 0 answers, all else NULL. n = 1: a mean only. No variance: sd 0, no correlation and no loading.
-- Grain: one row per period, item.

with

run as (select * from reference.run),

items as (select * from reference.items),

scales as (select * from reference.scales),

scores as (
    select * from scored.scores
    where "window" = 'current'
),

covariances as (select * from measurement.item_covariances),

one_factor as (select * from measurement.one_factor),

numbered as (
    select
        items.item,
        items.position as item_position,
        items.scale,
        scales.position as scale_position,
        list_position(scales.item_positions, items.position) as place
    from items
    inner join scales on items.scale = scales.scale
),

answered as (
    select
        unnest(scores.answers) as item_values,
        generate_subscripts(scores.answers, 1) as scale_position
    from scores
),

item_values as (
    select
        scale_position,
        unnest(item_values) as item_value,
        generate_subscripts(item_values, 1) as place
    from answered
),

moments as (
    select
        scale_position,
        place,
        count(*) as respondents,
        count(item_value) as answers,
        avg(item_value) as mean,
        stddev_samp(item_value) as sd
    from item_values
    group by scale_position, place
),

sums as (
    select
        scale,
        item_a as place,
        sum(covariance) filter (where item_a = item_b) as variance,
        sum(covariance) filter (where item_a <> item_b) as with_others
    from covariances
    group by scale, item_a
),

totals as (
    select
        scale,
        sum(covariance) as total_variance
    from covariances
    group by scale
),

correlations as (
    select
        sums.scale,
        sums.place,
        sums.with_others / nullif(
            sqrt(sums.variance) * sqrt(at_least(0, totals.total_variance - 2 * sums.with_others - sums.variance)), 0
        ) as item_rest_correlation
    from sums
    inner join totals on sums.scale = totals.scale
)

select
    run.period,
    numbered.item,
    numbered.item_position as position,
    numbered.scale,
    coalesce(moments.respondents, 0) as respondents,
    coalesce(moments.answers, 0) as answers,
    moments.mean,
    moments.sd,
    correlations.item_rest_correlation,
    one_factor.loadings[numbered.place] as loading
from numbered
cross join run
left join moments on numbered.scale_position = moments.scale_position and numbered.place = moments.place
left join correlations on numbered.scale = correlations.scale and numbered.place = correlations.place
left join one_factor on numbered.scale = one_factor.scale
