-- People by where they are counted: in which releases of the same instrument (0 is this run) and in which totals there,
-- with the same answers. `answered` has a 1 for every scale with a score, and a last one for a place in the mix;
-- `places` such as `1:11 0:10` has for each release whether they count in the organisation and in the programme.
-- Grain: one row per collective_id, places, answered.

with

run as (select * from reference.run),

collectives as (select * from reference.collectives),

set_members as (select * from scored.set_members),

releases as (select * from released.releases),

released_members as (select * from released.members),

earlier as (
    select
        released_members.collective_id,
        released_members.member,
        released_members.content,
        max(released_members.answered) as answered,
        string_agg(
            place_in_release(
                released_members.release, released_members.in_organisation, released_members.in_programme
            ),
            ' '
            order by released_members.release
        ) as places
    from released_members
    inner join releases on released_members.release = releases.release
    inner join run on releases.instrument = run.instrument || ' ' || run.instrument_version
    group by released_members.collective_id, released_members.member, released_members.content
),

people as (
    select
        coalesce(set_members.collective_id, earlier.collective_id) as collective_id,
        coalesce(set_members.answered, earlier.answered) as answered,
        concat_ws(
            ' ',
            earlier.places,
            case
                when set_members.member is not null
                    then place_in_release(0, set_members.in_organisation, set_members.in_programme)
            end
        ) as places
    from set_members
    full outer join earlier
        on
            set_members.collective_id = earlier.collective_id
            and set_members.member = earlier.member
            and set_members.content = earlier.content
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
