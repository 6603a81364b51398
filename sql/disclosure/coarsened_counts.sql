-- Respondents per class on every coarsening level; `finest` lists the finest classes that a class is the sum of.
-- members is the number on the register, NULL where unknown.
-- Grain: one row per unit_type, unit_id, distribution, coarsening_level, class.

with

units as (
    select * from counted.units
    where family = 'classes'
),

levels as (select * from disclosure.coarsening_levels),

counted as (
    select
        unit_type,
        unit_id,
        distribution,
        coarsening_level,
        class,
        list(finest order by finest) as finest,
        any_value(respondents) as respondents,
        cast(sum(count) as bigint) as count
    from levels
    group by unit_type, unit_id, distribution, coarsening_level, class
)

select
    counted.unit_type,
    counted.unit_id,
    counted.distribution,
    counted.coarsening_level,
    counted.class,
    counted.finest,
    counted.respondents,
    units.members,
    counted.count
from counted
inner join units on counted.unit_type = units.unit_type and counted.unit_id = units.unit_id
