-- Reliability of each scale over all collectives together. Three items or more: raw Cronbach's alpha
-- k/(k-1) (1 - sum of item variances / variance of total) (Cronbach, 1951); two: Spearman-Brown 2r/(1+r) (Eisinga and
-- others, 2013); one: none. NULL at zero variance and below two respondents.
-- Edges: n = 0 or 1, no variance, or an item without variance beside one: NULL. n = 2: a figure that means nothing;
-- from 30 on it decides.
-- Grain: one row per scale.

with

scales as (select * from reference.scales),

variances as (select * from statistics.item_variances)

select
    scales.scale,
    scales.items,
    coalesce(variances.respondents, 0) as respondents,
    case when scales.items = 1 then 'none' when scales.items = 2 then 'spearman_brown' else 'alpha' end as method,
    case
        when scales.items = 1 then null
        when scales.items = 2 then 2 * variances.correlation / nullif(1 + variances.correlation, 0)
        else
            scales.items / (scales.items - 1)
            * (1 - variances.summed_variance / nullif(variances.total_variance, 0))
    end as alpha
from scales
left join variances on scales.scale = variances.scale
