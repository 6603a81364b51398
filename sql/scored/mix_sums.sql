-- What is summed of the motive mixes of a cell, by figure: share, log_share, share_error_variance and
-- relative_importance (key: the motive), entropy and balance (no key), and how many are in which class of orientations,
-- dominant_motives and profiles (key: the class). Of frozen cells, what was kept of them, as long as the same motives
-- are in the mix; of profiles, as long as they are the same.
-- Grain: one row per cell, figure, key.

with

cells as (select * from scored.cells),

held_back as (select * from scored.held_back),

motives as (
    select
        scale,
        row_number() over (order by position) as place
    from statistics.motives_in_mix
),

profile_version as (select max(version) as version from statistics.profile_centroids),

mixes as (select * from scored.mixes),

motive_scores as (select * from scored.motive_scores),

balances as (select * from scored.balances),

dominant_motives as (select * from scored.dominant_motives),

profiles as (select * from scored.profiles),

of_motives as (
    select
        cell,
        'share' as figure,
        unnest(shares) as x,
        generate_subscripts(shares, 1) as place
    from mixes
    union all
    select
        cell,
        'log_share' as figure,
        unnest(log_shares) as x,
        generate_subscripts(log_shares, 1) as place
    from mixes
    union all
    select
        cell,
        'share_error_variance' as figure,
        unnest(share_error_variances) as x,
        generate_subscripts(share_error_variances, 1) as place
    from mixes
    union all
    select
        cell,
        'relative_importance' as figure,
        unnest(relative_importances) as x,
        generate_subscripts(relative_importances, 1) as place
    from motive_scores
),

classes as (
    select
        cell,
        'orientations' as figure,
        orientation as class
    from balances
    where orientation is not null
    union all
    select
        cell,
        'dominant_motives' as figure,
        dominant_motive as class
    from dominant_motives
    union all
    select
        profiles.cell,
        'profiles' as figure,
        concat_ws(' ', profile_version.version, profiles.profile) as class
    from profiles
    cross join profile_version
),

summed as (
    select
        of_motives.cell,
        of_motives.figure,
        motives.scale as key,
        count(*) as respondents,
        sum(of_motives.x) as total,
        cast(null as double) as squares,
        cast(null as double) as lowest,
        cast(null as double) as highest
    from of_motives
    inner join motives on of_motives.place = motives.place
    group by of_motives.cell, of_motives.figure, motives.scale
    union all
    select
        cell,
        'entropy' as figure,
        '' as key,
        count(*) as respondents,
        sum(entropy) as total,
        null as squares,
        null as lowest,
        null as highest
    from mixes
    group by cell
    union all
    select
        cell,
        'balance' as figure,
        '' as key,
        count(*) as respondents,
        sum(balance) as total,
        sum(balance * balance) as squares,
        min(balance) as lowest,
        max(balance) as highest
    from balances
    group by cell
    union all
    select
        cell,
        figure,
        class as key,
        count(*) as respondents,
        null as total,
        null as squares,
        null as lowest,
        null as highest
    from classes
    group by cell, figure, class
),

kept as (
    select sums.*
    from released.sums as sums
    inner join held_back on sums.collective_id = held_back.collective_id and sums.release = held_back.release
    where sums.figure not in ('responses', 'score')
),

in_mix as (select list(scale order by scale) as scales from motives),

same_motives as (
    select kept.collective_id
    from kept
    cross join in_mix
    where kept.figure = 'relative_importance'
    group by kept.collective_id, in_mix.scales
    having list_sort(list_distinct(list(kept.key))) = in_mix.scales
)

select
    cell,
    figure,
    key,
    respondents,
    total,
    squares,
    lowest,
    highest
from summed
union all
select
    cells.cell,
    kept.figure,
    kept.key,
    kept.respondents,
    kept.total,
    kept.squares,
    kept.lowest,
    kept.highest
from kept
inner join same_motives on kept.collective_id = same_motives.collective_id
cross join profile_version
inner join cells
    on
        cells.is_frozen
        and kept.collective_id = cells.collective_id
        and kept.in_organisation = cells.in_organisation
        and kept.in_programme = cells.in_programme
where kept.figure <> 'profiles' or starts_with(kept.key, concat_ws('', profile_version.version, ' '))
