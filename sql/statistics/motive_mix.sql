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

in_mix as (
    select
        scale,
        row_number() over (order by position) as place
    from statistics.motives_in_mix
),

unit_cells as (
    select * from scored.unit_cells
    where "window" = 'current'
),

mixes as (select * from scored.mixes),

motive_scores as (select * from scored.motive_scores),

respondent_shares as (
    select
        cell,
        unnest(shares) as share,
        unnest(log_shares) as log_share,
        unnest(share_error_variances) as share_error_variance,
        generate_subscripts(shares, 1) as place
    from mixes
),

cell_shares as (
    select
        cell,
        place,
        count(*) as respondents,
        sum(share) as share,
        sum(log_share) as log_share,
        sum(share_error_variance) as share_error_variance
    from respondent_shares
    group by cell, place
),

respondent_importances as (
    select
        cell,
        unnest(relative_importances) as relative_importance,
        generate_subscripts(relative_importances, 1) as place
    from motive_scores
),

cell_importances as (
    select
        cell,
        place,
        count(*) as respondents,
        sum(relative_importance) as relative_importance
    from respondent_importances
    group by cell, place
),

means as (
    select
        unit_cells.unit_type,
        unit_cells.unit_id,
        in_mix.scale,
        cast(coalesce(sum(cell_shares.respondents), 0) as bigint) as respondents,
        sum(cell_shares.share) / sum(cell_shares.respondents) as mean_share,
        exp(sum(cell_shares.log_share) / sum(cell_shares.respondents)) as geometric_mean,
        sum(cell_shares.share_error_variance) / sum(cell_shares.respondents) as share_error_variance,
        sum(cell_importances.relative_importance) / sum(cell_importances.respondents) as relative_importance
    from unit_cells
    inner join cell_importances on unit_cells.cell = cell_importances.cell
    inner join in_mix on cell_importances.place = in_mix.place
    left join cell_shares on cell_importances.cell = cell_shares.cell and cell_importances.place = cell_shares.place
    group by unit_cells.unit_type, unit_cells.unit_id, in_mix.scale
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
