-- The number of people (who joined, left or changed an answer) by which each group differs from each group of an
-- earlier release that shares people with it. Groups are identified by the people and answers in them, never by id. A
-- collective is the same group in all families (family all). is_published: figures that were computed from the earlier
-- group's answers were published in that release.
-- In a rest group somebody may be a member twice: `turn` numbers the memberships of a person in a group, `alike` those
-- with the same answers.
-- Grain: one row per family, unit_type, unit_id, release, then_family, then_unit_type, then_unit_id.

with

run as (select instrument || ' ' || instrument_version as instrument from reference.run),

groups as (
    select distinct
        case when unit_type = 'collective' then 'all' else family end as family,
        unit_type,
        unit_id,
        collective_id
    from counted.groups
),

members as (select * from counted.members),

memberships as (
    select
        groups.family,
        groups.unit_type,
        groups.unit_id,
        members.member,
        members.answers_hash,
        members.given_hash,
        case
            when groups.unit_type = 'collective' then members.repeat
            else row_number() over (
                partition by groups.family, groups.unit_type, groups.unit_id, members.member
                order by members.collective_id, members.repeat
            )
        end as turn,
        case
            when groups.unit_type = 'collective' then members.repeat
            else row_number() over (
                partition by
                    groups.family, groups.unit_type, groups.unit_id, members.member, members.answers_hash
                order by members.collective_id, members.repeat
            )
        end as alike
    from groups
    inner join members on groups.collective_id = members.collective_id
    where exists (select 1 from released.releases)
),

base as (select * from released.base),

releases as (select * from released.releases),

released_groups as (
    select
        groups.release,
        case when groups.unit_type = 'collective' then 'all' else groups.family end as family,
        groups.unit_type,
        groups.unit_id,
        groups.collective_id,
        bool_or(groups.is_published) as is_published
    from released.groups as groups
    cross join base
    where groups.is_published or groups.release = base.release
    group by all
),

released_members as (select * from released.members),

released_memberships as (
    select
        released_groups.release,
        released_groups.family,
        released_groups.unit_type,
        released_groups.unit_id,
        released_groups.is_published,
        released_members.member,
        released_members.answers_hash,
        released_members.given_hash,
        case
            when released_groups.unit_type = 'collective' then released_members.repeat
            else row_number() over (
                partition by
                    released_groups.release, released_groups.family, released_groups.unit_type,
                    released_groups.unit_id, released_members.member
                order by released_members.collective_id, released_members.repeat
            )
        end as turn,
        case
            when released_groups.unit_type = 'collective' then released_members.repeat
            else row_number() over (
                partition by
                    released_groups.release, released_groups.family, released_groups.unit_type,
                    released_groups.unit_id, released_members.member, released_members.answers_hash
                order by released_members.collective_id, released_members.repeat
            )
        end as alike
    from released_groups
    inner join released_members
        on
            released_groups.release = released_members.release
            and released_groups.collective_id = released_members.collective_id
),

sizes as (
    select
        family,
        unit_type,
        unit_id,
        count(*) as respondents
    from memberships
    group by family, unit_type, unit_id
),

released_sizes as (
    select
        release,
        family,
        unit_type,
        unit_id,
        bool_or(is_published) as is_published,
        count(*) as respondents
    from released_memberships
    group by release, family, unit_type, unit_id
),

matches as (
    select
        memberships.family,
        memberships.unit_type,
        memberships.unit_id,
        earlier.release,
        earlier.family as then_family,
        earlier.unit_type as then_unit_type,
        earlier.unit_id as then_unit_id,
        count(*) filter (where memberships.turn = earlier.turn) as same_people,
        count(*) filter (
            where memberships.alike = earlier.alike and answers_are_same(
                memberships.answers_hash, memberships.given_hash, run.instrument,
                earlier.answers_hash, earlier.given_hash, releases.instrument
            )
        ) as same_answers
    from memberships
    inner join released_memberships as earlier on memberships.member = earlier.member
    inner join releases on earlier.release = releases.release
    cross join run
    where memberships.family = earlier.family or 'all' in (memberships.family, earlier.family)
    group by all
)

select
    matches.family,
    matches.unit_type,
    matches.unit_id,
    matches.release,
    matches.then_family,
    matches.then_unit_type,
    matches.then_unit_id,
    released_sizes.is_published,
    matches.same_people,
    sizes.respondents + released_sizes.respondents - matches.same_people - matches.same_answers as differing
from matches
inner join sizes
    on
        matches.family = sizes.family
        and matches.unit_type = sizes.unit_type
        and matches.unit_id = sizes.unit_id
inner join released_sizes
    on
        matches.release = released_sizes.release
        and matches.then_family = released_sizes.family
        and matches.then_unit_type = released_sizes.unit_type
        and matches.then_unit_id = released_sizes.unit_id
