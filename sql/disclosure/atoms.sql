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
    having min(instrument) <> max(instrument)
),

known as (
    select
        memberships.* exclude (answers_hash),
        coalesce(responses.answers_hash, memberships.answers_hash) as answers_hash
    from memberships
    left join responses
        on memberships.member = responses.member and memberships.given_hash = responses.given_hash
),

repeated as (
    select
        release,
        member
    from known
    group by release, member
    having count(*) > 1
),

counted_alike as (
    select
        known.member,
        known.answers_hash,
        count(*) as memberships
    from known
    inner join repeated on known.release = repeated.release and known.member = repeated.member
    group by known.release, known.member, known.answers_hash
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

told_apart as (
    select
        known.*,
        '' as membership
    from known
    anti join doubled on known.member = doubled.member and known.answers_hash = doubled.answers_hash
    union all
    select
        known.*,
        known.collective_id || ' ' || row_number() over (
            partition by known.release, known.collective_id, known.member, known.answers_hash
            order by known.turn
        ) as membership
    from known
    inner join doubled on known.member = doubled.member and known.answers_hash = doubled.answers_hash
),

-- In each release somebody counts in one collective at most.
people as (
    select
        list_sort(
            list(
                struct_pack(
                    release := release, collective_id := collective_id, answered := answered, given_hash := given_hash
                )
            )
        ) as memberships
    from told_apart
    group by member, answers_hash, membership
),

-- Equal people are counted before the groups of their collectives are listed, so that the cost of these does not grow
-- with the number of respondents.
alike as (
    select
        list_transform(
            memberships,
            lambda one: struct_pack(
                release := one.release,
                collective_id := one.collective_id,
                answered := one.answered,
                submission
                := list_position(list_transform(memberships, lambda each: each.given_hash), one.given_hash)
            )
        ) as memberships,
        count(*) as people
    from people
    group by all
),

numbered as (
    select
        row_number() over () as kind,
        memberships,
        people
    from alike
),

counted_in as (
    select
        kind,
        people,
        unnest(memberships) as membership
    from numbered
),

placed as (
    select
        counted_in.kind,
        counted_in.people,
        list(cells.cell order by cells.cell) as cells,
        list(counted_in.membership.answered order by cells.cell) as answered,
        list(counted_in.membership.submission order by cells.cell) as submissions
    from counted_in
    inner join cells
        on
            counted_in.membership.release = cells.release
            and counted_in.membership.collective_id = cells.collective_id
    group by counted_in.kind, counted_in.people
)

select
    cells,
    answered,
    list_transform(submissions, lambda submission: list_position(submissions, submission)) as submissions,
    cast(sum(people) as bigint) as people
from placed
group by all
