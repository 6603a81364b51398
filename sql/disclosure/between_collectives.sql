-- The variance between collectives, computed from the levels of collectives that are published in full: ICC(1) as in
-- measurement.between_collectives, with the sd derived from published figures. Used for comparisons, so that answers
-- from groups without published figures have no influence.
-- Grain: one row per scale.

with

levels as (
    select * from disclosure.levels
    where unit_type = 'collective' and detail = 'full'
),

spreads as (select * from disclosure.spreads),

parts as (
    select
        levels.scale,
        levels.respondents,
        levels.mean,
        spreads.sd
    from levels
    inner join spreads
        on levels.unit_type = spreads.unit_type and levels.unit_id = spreads.unit_id and levels.scale = spreads.scale
    where spreads.sd is not null
),

sizes as (
    select
        scale,
        count(*) as collectives,
        sum(respondents) as respondents,
        sum(respondents * mean) / sum(respondents) as grand_mean
    from parts
    group by scale
),

mean_squares as (
    select
        parts.scale,
        any_value(sizes.respondents) / any_value(sizes.collectives) as mean_group_size,
        sum(parts.respondents * pow(parts.mean - sizes.grand_mean, 2)) / nullif(any_value(sizes.collectives) - 1, 0)
            as mean_square_between,
        sum((parts.respondents - 1) * parts.sd * parts.sd)
        / nullif(any_value(sizes.respondents) - any_value(sizes.collectives), 0) as mean_square_within
    from parts
    inner join sizes on parts.scale = sizes.scale
    group by parts.scale
)

select
    scale,
    at_least(
        0,
        (mean_square_between - mean_square_within)
        / nullif(mean_square_between + (mean_group_size - 1) * mean_square_within, 0)
    ) as icc1
from mean_squares
