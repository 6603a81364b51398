-- Reliability of each scale over all collectives together: raw Cronbach's alpha k/(k-1) (1 - sum of item variances /
-- variance of total) (Cronbach, 1951), for two items or more. `coefficient` names the coefficient that the scale is
-- judged by and `estimate` is its value: alpha; for two items Spearman-Brown 2r/(1+r) (Eisinga and others, 2013); for
-- one item none. NULL at zero variance and below two respondents.
-- Edges: n = 0 or 1, no variance, or two items of which one has no variance: NULL. n = 2: a meaningless figure; it is
-- used for decisions from 30 respondents on.
-- Grain: one row per scale.

with

scales as (select * from reference.scales),

variances as (select * from measurement.item_variances),

alphas as (
    select
        scale,
        items / nullif(items - 1, 0) * (1 - summed_variance / nullif(total_variance, 0)) as alpha
    from variances
)

select
    scales.scale,
    scales.items,
    coalesce(variances.respondents, 0) as respondents,
    case when scales.items = 1 then 'none' when scales.items = 2 then 'spearman_brown' else 'alpha' end as coefficient,
    alphas.alpha,
    case
        when scales.items = 2 then 2 * variances.correlation / nullif(1 + variances.correlation, 0)
        else alphas.alpha
    end as estimate
from scales
left join variances on scales.scale = variances.scale
left join alphas on scales.scale = alphas.scale
