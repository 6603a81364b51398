-- The standard deviation of the scores of a contribution group, derived from its published figures, in POMP points: the
-- published sd; below 30 respondents from the published interval, whose ends are rounded outwards by half a step on
-- average; below 10 the sd pooled over the collectives of the same type that have one of their own (over all types if
-- there are none). degrees_of_freedom are those of the sd.
-- Grain: one row per unit_type, unit_id, scale.

with

levels as (
    select * from disclosure.levels
    where mean is not null
),

student_t as (select * from statistics.student_t),

own as (
    select
        levels.unit_type,
        levels.unit_id,
        levels.type,
        levels.scale,
        levels.respondents,
        published_sd(
            levels.sd, levels.ci_low, levels.ci_high, levels.step, levels.respondents, levels.members,
            student_t.quantile
        ) as sd
    from levels
    left join student_t on levels.respondents - 1 = student_t.degrees_of_freedom
),

pooled as (
    select
        scale,
        type,
        sqrt(sum((respondents - 1) * sd * sd) / sum(respondents - 1)) as sd,
        sum(respondents - 1) as degrees_of_freedom
    from own
    where sd is not null and unit_type = 'collective'
    group by grouping sets ((scale, type), (scale))
)

select
    own.unit_type,
    own.unit_id,
    own.scale,
    coalesce(own.sd, of_type.sd, of_all.sd) as sd,
    case
        when own.sd is not null then own.respondents - 1
        else coalesce(of_type.degrees_of_freedom, of_all.degrees_of_freedom)
    end as degrees_of_freedom
from own
left join pooled as of_type on own.scale = of_type.scale and own.type = of_type.type
left join pooled as of_all on own.scale = of_all.scale and of_all.type is null
