-- Disclosure rule 5 for figures about the whole programme (reliability, item statistics, agreement): they are carried
-- forward if at least one person, but fewer than `measured_again_from`, joined, left or changed an answer since any
-- release for which they were computed, because the difference between both figures would reveal these few people's
-- answers. The figures of the newest release of this period or an earlier one are then published again (for a month
-- before all releases: those of the first release). Decided here and not in disclosure, because the mixes depend on the
-- standard errors that are carried forward.
-- Grain: one row.

with

policy as (select * from reference.policy),

members as (select * from counted.members),

measured as (
    select * from released.releases
    where is_measured
),

released_members as (
    select
        released_members.*,
        measured.instrument
    from released.members as released_members
    inner join measured on released_members.release = measured.release
),

run as (select instrument || ' ' || instrument_version as instrument from reference.run),

sizes as (
    select
        release,
        count(*) as respondents
    from released_members
    group by release
),

matches as (
    select
        released_members.release,
        count(*) as same_people,
        count(*) filter (
            where answers_are_same(
                members.answers_hash, members.given_hash, run.instrument,
                released_members.answers_hash, released_members.given_hash, released_members.instrument
            )
        ) as same_answers
    from released_members
    inner join members on released_members.member = members.member and released_members.turn = members.turn
    cross join run
    group by released_members.release
),

counts as (select count(*) as respondents from members),

compared as (
    select
        measured.release,
        counts.respondents + coalesce(sizes.respondents, 0)
        - coalesce(matches.same_people, 0) - coalesce(matches.same_answers, 0) as differing
    from measured
    cross join counts
    left join sizes on measured.release = sizes.release
    left join matches on measured.release = matches.release
),

base as (select * from released.base)

select
    coalesce(
        (
            select bool_or(compared.differing between 1 and policy.measured_again_from - 1)
            from compared
            cross join policy
        ),
        false
    ) as is_carried,
    (select max(release) from base) as release
