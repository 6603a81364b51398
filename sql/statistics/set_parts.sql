-- People by where they are counted: in which releases of the same instrument (0 is this run) and in which totals there,
-- with the same answers. `answered` has a 1 for every scale with a score, and a last one for a place in the mix.
-- Grain: one row per collective_id, places, answered.

with

run as (select * from reference.run),

collectives as (select * from reference.collectives),

set_members as (select * from scored.set_members),

releases as (select * from released.releases),

released_members as (select * from released.members),

counted as (
    select
        0 as release,
        set_members.*
    from set_members
    union all by name
    select released_members.*
    from released_members
    inner join releases on released_members.release = releases.release
    inner join run on releases.instrument = run.instrument || ' ' || run.instrument_version
),

people as (
    select
        collective_id,
        max(answered) as answered,
        list(
            struct_pack(release := release, in_organisation := in_organisation, in_programme := in_programme)
            order by release
        ) as places
    from counted
    group by collective_id, member, content
)

select
    people.collective_id,
    any_value(collectives.organisation_id) as organisation_id,
    people.places,
    people.answered,
    count(*) as people
from people
left join collectives on people.collective_id = collectives.collective_id
group by people.collective_id, people.places, people.answered
