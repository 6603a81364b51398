-- The share of the score variance that lies between collectives: one-way analysis of variance over collectives. ICC(1)
-- = (MSB - MSW) / (MSB + (k - 1) MSW) with k the mean group size, ICC(2) = (MSB - MSW) / MSB, both from 0 to 1 (clamped
-- at 0; Shrout and Fleiss, 1979; Bliese, 2000). NULL with one collective, or if no collective has two respondents.
-- Edges: nobody: no row. One collective, one respondent in each, or no variance at all: NULL.
-- Grain: one row per scale.

with

moments as (
    select * from scored.score_moments
    where unit_type = 'collective'
),

sizes as (
    select
        scale,
        count(*) as collectives,
        sum(respondents) as respondents,
        sum(respondents * mean) / sum(respondents) as grand_mean
    from moments
    group by scale
),

squares as (
    select
        moments.scale,
        sum(moments.respondents * pow(moments.mean - sizes.grand_mean, 2)) as between_squares,
        sum((moments.respondents - 1) * pow(coalesce(moments.sd, 0), 2)) as within_squares
    from moments
    inner join sizes on moments.scale = sizes.scale
    group by moments.scale
),

mean_squares as (
    select
        sizes.scale,
        sizes.collectives,
        sizes.grand_mean,
        sizes.respondents / sizes.collectives as mean_group_size,
        squares.between_squares / nullif(sizes.collectives - 1, 0) as mean_square_between,
        squares.within_squares / nullif(sizes.respondents - sizes.collectives, 0) as mean_square_within
    from sizes
    inner join squares on sizes.scale = squares.scale
)

select
    scale,
    collectives,
    mean_group_size,
    grand_mean,
    mean_square_between,
    mean_square_within,
    at_least(
        0,
        (mean_square_between - mean_square_within)
        / nullif(mean_square_between + (mean_group_size - 1) * mean_square_within, 0)
    ) as icc1,
    at_least(0, (mean_square_between - mean_square_within) / nullif(mean_square_between, 0)) as icc2
from mean_squares
