-- Disclosure rule 5: a collective whose answers differ from those behind the figures of any earlier release by fewer
-- people than a group needs (added, removed or changed), as a whole or in a total, is not computed anew, for the
-- difference between both figures would be theirs: the figures of its base stand, the newest release of this period or
-- an earlier one. A collective that a release did not know counts there as empty. Figures that stood for longer than a
-- window are withheld.
-- Grain: one row per collective_id.

with

run as (select * from reference.run),

policy as (select * from reference.policy),

programme as (
    select
        run.period,
        date_diff('month', run.window_start, run.window_end) + 1 as window_months
    from run
),

collectives as (select * from reference.collectives),

-- The whole of a collective, and the parts of it that count in the totals: each is a difference that somebody can take.
current_sets as (
    select
        collective_id,
        member,
        content,
        unnest(parts_of_set(in_organisation, in_programme)) as part
    from scored.collective_sets
),

releases as (select * from released.releases),

released_members as (
    select
        release,
        collective_id,
        member,
        content,
        unnest(parts_of_set(in_organisation, in_programme)) as part
    from released.members
),

released_collectives as (select * from released.collectives),

parts as (select unnest(parts_of_set(true, true)) as part),

sizes as (
    select
        collective_id,
        part,
        count(*) as respondents
    from current_sets
    group by collective_id, part
),

released_sizes as (
    select
        release,
        collective_id,
        part,
        count(*) as respondents
    from released_members
    group by release, collective_id, part
),

matches as (
    select
        released_members.release,
        released_members.collective_id,
        released_members.part,
        count(*) as same_people,
        count(*) filter (where released_members.content = current_sets.content) as same_answers
    from released_members
    inner join current_sets
        on
            released_members.collective_id = current_sets.collective_id
            and released_members.part = current_sets.part
            and released_members.member = current_sets.member
    group by released_members.release, released_members.collective_id, released_members.part
),

compared as (
    select
        collectives.collective_id,
        releases.release,
        coalesce(sizes.respondents, 0) + coalesce(released_sizes.respondents, 0)
        - coalesce(matches.same_people, 0) - coalesce(matches.same_answers, 0) as differing
    from collectives
    cross join releases
    cross join parts
    left join sizes on collectives.collective_id = sizes.collective_id and parts.part = sizes.part
    left join released_sizes
        on
            collectives.collective_id = released_sizes.collective_id
            and releases.release = released_sizes.release
            and parts.part = released_sizes.part
    left join matches
        on
            collectives.collective_id = matches.collective_id
            and releases.release = matches.release
            and parts.part = matches.part
),

judged as (
    select
        compared.collective_id,
        bool_or(compared.differing between 1 and policy.set_from - 1) as is_frozen
    from compared
    cross join policy
    group by compared.collective_id
),

-- The newest release of this period or an earlier one; for a month before all of them, the first.
base as (
    select arg_max(releases.release, (releases.period <= run.period, releases.place)) as release
    from (
        select
            *,
            case when period <= (select period from run) then release else -release end as place
        from releases
    ) as releases
    cross join run
)

select
    judged.collective_id,
    judged.is_frozen,
    base.release,
    case when judged.is_frozen then coalesce(released_collectives.figures_of, programme.period) end as figures_of,
    case when judged.is_frozen then released_collectives.members end as members,
    coalesce(
        judged.is_frozen
        and date_diff(
            'month', cast(released_collectives.figures_of || '-01' as date), cast(programme.period || '-01' as date)
        ) > programme.window_months,
        false
    ) as is_expired
from judged
cross join programme
cross join base
left join released_collectives
    on base.release = released_collectives.release and judged.collective_id = released_collectives.collective_id
