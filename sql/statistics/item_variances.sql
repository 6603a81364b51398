-- What Cronbach's alpha is made of, listwise: the sum of the item variances and the variance of the total, in squared
-- answer points; for two items also their correlation.
-- Grain: one row per scale.

with

complete_items as (select * from scored.complete_items),

items as (
    select
        scale,
        unnest(item_values) as item_value,
        generate_subscripts(item_values, 1) as position
    from complete_items
),

variances as (
    select
        scale,
        position,
        var_samp(item_value) as variance
    from items
    group by scale, position
),

summed as (
    select
        scale,
        count(*) as items,
        sum(variance) as summed_variance
    from variances
    group by scale
),

totals as (
    select
        scale,
        count(*) as respondents,
        var_samp(total) as total_variance,
        corr(item_values[1], item_values[2]) as correlation
    from complete_items
    group by scale
)

select
    totals.scale,
    totals.respondents,
    summed.items,
    summed.summed_variance,
    totals.total_variance,
    case when summed.items = 2 then totals.correlation end as correlation
from totals
inner join summed on totals.scale = summed.scale
