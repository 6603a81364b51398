-- What the figures would tell of sums over people if all that may stand by itself were published: of the POMP of a
-- scale, from a mean and the step to which it is rounded (figure `score`), and of how many are in a class, exactly.
-- Grain: one row per unit_type, unit_id, figure, key.

with

levels as (select * from statistics.scale_levels),

decisions as (
    select * from statistics.first_decisions
    where figure = 'scale_levels' and detail <> 'nothing'
),

rungs as (select * from statistics.rungs),

chosen as (
    select * from statistics.first_rungs
    where rung is not null
)

select
    levels.unit_type,
    levels.unit_id,
    'score' as figure,
    levels.scale as key,
    levels.respondents * (rounded_to(levels.mean, level_step(levels.respondents)) - level_step(levels.respondents) / 2)
        as low,
    levels.respondents * (rounded_to(levels.mean, level_step(levels.respondents)) + level_step(levels.respondents) / 2)
        as high
from levels
inner join decisions
    on
        levels.unit_type = decisions.unit_type
        and levels.unit_id = decisions.unit_id
        and levels.scale = decisions.scale
union all
select
    rungs.unit_type,
    rungs.unit_id,
    rungs.distribution as figure,
    rungs.class as key,
    rungs.count as low,
    rungs.count as high
from rungs
inner join chosen
    on
        rungs.unit_type = chosen.unit_type
        and rungs.unit_id = chosen.unit_id
        and rungs.distribution = chosen.distribution
        and rungs.rung = chosen.rung
-- The class of all others differs from group to group.
where rungs.class <> 'other'
