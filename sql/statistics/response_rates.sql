-- How many members answered, counted as memberships: a person in two collectives counts in each of them, also in
-- totals. response_rate = respondents / members, from 0 to 1; NULL when members are unknown. has_double_members:
-- somebody answered in more than one collective of the unit.
-- Edges: n = 0: a rate of 0. N unknown or below n: no rate.
-- Grain: one row per period, unit_type, unit_id.

with

collectives as (
    select * from counted.units
    where family = 'levels' and unit_type = 'collective'
),

members as (select * from counted.members),

repeated as (
    select distinct member
    from members
    where turn > 1
),

double_members as (
    select
        members.member,
        collectives.organisation_id,
        count(*) as memberships
    from members
    inner join repeated on members.member = repeated.member
    inner join collectives on members.collective_id = collectives.unit_id
    group by members.member, collectives.organisation_id
),

with_double_members as (
    select distinct organisation_id as unit_id
    from double_members
    where memberships > 1
),

units as (
    select
        period,
        unit_type,
        unit_id,
        respondents,
        members,
        false as has_double_members
    from collectives
    union all
    select
        collectives.period,
        'organisation' as unit_type,
        collectives.organisation_id as unit_id,
        cast(sum(collectives.respondents) as bigint) as respondents,
        case
            when count(collectives.members) = count(*) then cast(sum(collectives.members) as bigint)
        end as members,
        bool_or(with_double_members.unit_id is not null) as has_double_members
    from collectives
    left join with_double_members on collectives.organisation_id = with_double_members.unit_id
    group by collectives.period, collectives.organisation_id
    union all
    select
        period,
        'programme' as unit_type,
        'programme' as unit_id,
        cast(sum(respondents) as bigint) as respondents,
        case when count(members) = count(*) then cast(sum(members) as bigint) end as members,
        (select count(*) > 0 from double_members) as has_double_members
    from collectives
    group by period
)

select
    period,
    unit_type,
    unit_id,
    respondents,
    members,
    respondents / members as response_rate,
    has_double_members
from units
