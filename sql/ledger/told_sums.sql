-- What the published figures tell of sums over people: of the POMP of a scale, from a mean and the step to which it is
-- rounded (figure `score`), and of how many are in a class, exactly.
-- Grain: one row per unit_type, unit_id, figure, key.

with

told as (select * from statistics.told_sums),

levels as (
    select * from published.scale_levels
    where mean is not null and computed_over is null
),

chosen as (
    select * from statistics.chosen_rungs
    where rung is not null
)

select
    told.unit_type,
    told.unit_id,
    told.figure,
    told.key,
    told.low,
    told.high
from told
inner join levels
    on
        told.figure = 'score' and told.unit_type = levels.unit_type and told.unit_id = levels.unit_id
        and told.key = levels.scale
union all
select
    told.unit_type,
    told.unit_id,
    told.figure,
    told.key,
    told.low,
    told.high
from told
inner join chosen
    on told.figure = chosen.distribution and told.unit_type = chosen.unit_type and told.unit_id = chosen.unit_id
