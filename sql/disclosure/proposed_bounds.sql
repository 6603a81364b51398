-- Proposed bounds: the bounds on totals over the people of a group that would result if every figure that passes on its
-- own were published. They are on the POMP of a scale (figure scale_levels) and the shares of a motive (motive_mix),
-- from a mean and its rounding step; on the evenness of the mixes (diversity: entropy over its largest value); and on
-- the number of people in some of the finest classes of a distribution (`classes`), exactly.
-- Grain: one row per family, unit_type, unit_id, figure, scale, classes.

with

decisions as (
    select * from disclosure.first_decisions
    where detail in ('levels', 'full')
),

levels as (select * from statistics.scale_levels),

mixes as (select * from disclosure.rounded_mixes),

entropies as (select * from disclosure.rounded_entropies),

shares as (select * from disclosure.coarsened_shares),

coarsening_levels as (
    select * from disclosure.first_coarsening_levels
    where coarsening_level is not null
)

select
    decisions.family,
    decisions.unit_type,
    decisions.unit_id,
    decisions.figure,
    decisions.scale,
    cast([] as varchar[]) as classes,
    levels.respondents * (rounded_to(levels.mean, level_step(levels.respondents)) - level_step(levels.respondents) / 2)
        as low,
    levels.respondents * (rounded_to(levels.mean, level_step(levels.respondents)) + level_step(levels.respondents) / 2)
        as high
from levels
inner join decisions
    on
        decisions.figure = 'scale_levels'
        and levels.unit_type = decisions.unit_type
        and levels.unit_id = decisions.unit_id
        and levels.scale = decisions.scale
union all
select
    decisions.family,
    decisions.unit_type,
    decisions.unit_id,
    decisions.figure,
    decisions.scale,
    cast([] as varchar[]) as classes,
    mixes.respondents * (mixes.mean_share - share_step(mixes.respondents)) as low,
    mixes.respondents * (mixes.mean_share + share_step(mixes.respondents)) as high
from mixes
inner join decisions
    on
        decisions.figure = 'motive_mix'
        and mixes.unit_type = decisions.unit_type
        and mixes.unit_id = decisions.unit_id
        and mixes.scale = decisions.scale
union all
select
    decisions.family,
    decisions.unit_type,
    decisions.unit_id,
    decisions.figure,
    '' as scale,
    cast([] as varchar[]) as classes,
    entropies.respondents * (
        entropies.entropy_within / entropies.most
        - level_step(entropies.respondents) / 200 - 0.01
    ) as low,
    entropies.respondents * (
        entropies.entropy_within / entropies.most
        + level_step(entropies.respondents) / 200 + 0.01
    ) as high
from entropies
inner join decisions
    on
        decisions.figure = 'diversity'
        and entropies.unit_type = decisions.unit_type
        and entropies.unit_id = decisions.unit_id
where entropies.most > 0
union all
select
    'classes' as family,
    shares.unit_type,
    shares.unit_id,
    shares.distribution as figure,
    '' as scale,
    shares.finest as classes,
    shares.count as low,
    shares.count as high
from shares
inner join coarsening_levels
    on
        shares.unit_type = coarsening_levels.unit_type
        and shares.unit_id = coarsening_levels.unit_id
        and shares.distribution = coarsening_levels.distribution
        and shares.coarsening_level = coarsening_levels.coarsening_level
