-- The atoms of the differencing check (rule 10): the number of people with the same answers who contribute to the same
-- published figures, in this release (0) and in earlier ones. `cells` are numbers of contribution groups
-- (disclosure.cells) in ascending order; `answered` has, for each of these, a 1 or 0 for every scale (a score or none),
-- and a last digit for having a mix; `submissions` has the place of the first group in which the same submission
-- counts: who gave the same answers anew is known to others.
-- Grain: one row per cells, answered, submissions.

with

cells as (select * from disclosure.cells),

members as (select * from disclosure.members),

released_members as (select * from released.members),

run as (select instrument || ' ' || instrument_version as instrument from reference.run),

releases as (select * from released.releases),

memberships as (
    select
        0 as release,
        members.collective_id,
        members.member,
        members.turn,
        members.answers_hash,
        members.given_hash,
        members.answered,
        run.instrument
    from members
    cross join run
    union all
    select
        released_members.release,
        released_members.collective_id,
        released_members.member,
        released_members.turn,
        released_members.answers_hash,
        released_members.given_hash,
        released_members.answered,
        releases.instrument
    from released_members
    inner join releases on released_members.release = releases.release
),

-- With another version of the questionnaire the same response has another answers_hash: use one for all versions.
responses as (
    select
        member,
        given_hash,
        min(answers_hash) as answers_hash
    from memberships
    group by member, given_hash
    having count(distinct instrument) > 1
),

numbered as (
    select
        memberships.release,
        memberships.collective_id,
        memberships.member,
        coalesce(responses.answers_hash, memberships.answers_hash) as answers_hash,
        memberships.given_hash,
        memberships.answered,
        row_number() over (
            partition by
                memberships.release, memberships.collective_id, memberships.member,
                coalesce(responses.answers_hash, memberships.answers_hash)
            order by memberships.turn
        ) as alike
    from memberships
    left join responses
        on memberships.member = responses.member and memberships.given_hash = responses.given_hash
),

counted_alike as (
    select
        member,
        answers_hash,
        count(*) as memberships
    from numbered
    group by release, member, answers_hash
),

-- Who answered the same for two memberships; these are told apart by their collectives. All others are the same in
-- every release by their answers alone, also after a move, or after joining another collective.
doubled as (
    select
        member,
        answers_hash
    from counted_alike
    group by member, answers_hash
    having max(memberships) > 1
),

placed as (
    select
        numbered.member,
        numbered.answers_hash,
        case when doubled.member is null then '' else numbered.collective_id || ' ' || numbered.alike end as membership,
        list(cells.cell order by cells.cell) as cells,
        list(numbered.answered order by cells.cell) as answered,
        list(numbered.given_hash order by cells.cell) as given_hashes
    from numbered
    inner join cells
        on numbered.release = cells.release and numbered.collective_id = cells.collective_id
    left join doubled
        on numbered.member = doubled.member and numbered.answers_hash = doubled.answers_hash
    group by all
)

select
    cells,
    answered,
    list_transform(given_hashes, lambda given: list_position(given_hashes, given)) as submissions,
    count(*) as people
from placed
group by all
