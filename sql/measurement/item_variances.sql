-- The input of Cronbach's alpha, listwise: the sum of the item variances and the variance of the total, in squared
-- answer points; for two items also their correlation.
-- Edges: nobody: no row. n = 1: NULL.
-- Grain: one row per scale.

with

covariances as (select * from measurement.item_covariances)

select
    scale,
    any_value(respondents) as respondents,
    max(item_a) as items,
    sum(covariance) filter (where item_a = item_b) as summed_variance,
    sum(covariance) as total_variance,
    case
        when max(item_a) = 2
            then
                any_value(covariance) filter (where item_a < item_b)
                / nullif(
                    sqrt(product(covariance) filter (where item_a = item_b)), 0
                )
    end as correlation
from covariances
group by scale
