-- Agreement on a scale among the members of a unit: r_wg(J) = J (1 - s2/u) / (J (1 - s2/u) + s2/u), with s2 the mean of
-- the item variances (n - 1) of those who answered all J items, and u = (A^2 - 1) / 12 the variance if each of the A
-- answers were equally likely (James, Demaree and Wolf, 1984). From 0 to 1; 0 when they differ more than by chance;
-- NULL for fewer than two respondents. For the methods annex.
-- Edges: nobody: no row. n = 1: NULL. All alike: 1.
-- Grain: one row per period, unit_type, unit_id, scale.

with

units as (
    select * from counted.units
    where family = 'levels'
),

scales as (select * from reference.scales),

sums as (select * from statistics.item_sums),

variances as (
    select
        *,
        (squares - total * total / respondents) / nullif(respondents - 1, 0) as variance
    from sums
),

relative as (
    select
        variances.unit_type,
        variances.unit_id,
        variances.scale,
        any_value(scales.items) as items,
        cast(max(variances.respondents) as bigint) as respondents,
        avg(variances.variance) / any_value((pow(scales.maximum - scales.minimum + 1, 2) - 1) / 12) as relative_variance
    from variances
    inner join scales on variances.scale = scales.scale
    group by variances.unit_type, variances.unit_id, variances.scale
)

select
    units.period,
    relative.unit_type,
    relative.unit_id,
    relative.scale,
    relative.respondents,
    at_least(
        0,
        relative.items * (1 - relative.relative_variance)
        / nullif(relative.items * (1 - relative.relative_variance) + relative.relative_variance, 0)
    ) as rwg_j
from relative
inner join units on relative.unit_type = units.unit_type and relative.unit_id = units.unit_id
