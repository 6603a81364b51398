-- Sums over the motive mixes of a collective, for each motive: shares, their logarithms (for the compositional centre)
-- and their error variances over respondents with a mix; relative importances over respondents with a score on all
-- motives.
-- Grain: one row per group_number, scale.

with

motives as (
    select
        scale,
        row_number() over (order by position) as place
    from measurement.motives_in_mix
),

mixes as (select * from mixes.mixes),

motive_scores as (select * from mixes.motive_scores),

parts as (
    select
        group_number,
        unnest(shares) as share,
        unnest(log_shares) as log_share,
        unnest(share_error_variances) as share_error_variance,
        generate_subscripts(shares, 1) as place
    from mixes
),

share_sums as (
    select
        group_number,
        place,
        count(*) as mixes,
        sum(share) as shares,
        sum(log_share) as log_shares,
        sum(share_error_variance) as share_error_variances
    from parts
    group by group_number, place
),

importances as (
    select
        group_number,
        unnest(relative_importances) as relative_importance,
        generate_subscripts(relative_importances, 1) as place
    from motive_scores
),

importance_sums as (
    select
        group_number,
        place,
        count(*) as people,
        sum(relative_importance) as relative_importances
    from importances
    group by group_number, place
)

select
    importance_sums.group_number,
    motives.scale,
    coalesce(share_sums.mixes, 0) as mixes,
    share_sums.shares,
    share_sums.log_shares,
    share_sums.share_error_variances,
    importance_sums.people,
    importance_sums.relative_importances
from importance_sums
inner join motives on importance_sums.place = motives.place
left join share_sums
    on importance_sums.group_number = share_sums.group_number and importance_sums.place = share_sums.place
