-- Disclosure rule 5: a collective whose answers differ from those behind the figures of any earlier release by fewer
-- people than a group needs (added, removed or changed) is not computed anew, for the difference between both figures
-- would be theirs: the figures of its base stand, the newest release of this period or an earlier one. A collective
-- that a release did not know counts there as empty. Figures that stood for longer than a window are withheld.
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

current_sets as (select * from scored.collective_sets),

releases as (select * from released.releases),

released_members as (select * from released.members),

released_collectives as (select * from released.collectives),

sizes as (
    select
        collective_id,
        count(*) as respondents
    from current_sets
    group by collective_id
),

released_sizes as (
    select
        release,
        collective_id,
        count(*) as respondents
    from released_members
    group by release, collective_id
),

matches as (
    select
        released_members.release,
        released_members.collective_id,
        count(*) as same_people,
        count(*) filter (where released_members.content = current_sets.content) as same_answers
    from released_members
    inner join current_sets
        on
            released_members.collective_id = current_sets.collective_id
            and released_members.member = current_sets.member
    group by released_members.release, released_members.collective_id
),

compared as (
    select
        collectives.collective_id,
        releases.release,
        coalesce(sizes.respondents, 0) + coalesce(released_sizes.respondents, 0)
        - coalesce(matches.same_people, 0) - coalesce(matches.same_answers, 0) as differing
    from collectives
    cross join releases
    left join sizes on collectives.collective_id = sizes.collective_id
    left join released_sizes
        on collectives.collective_id = released_sizes.collective_id and releases.release = released_sizes.release
    left join matches
        on collectives.collective_id = matches.collective_id and releases.release = matches.release
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
