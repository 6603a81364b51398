-- Changes of published levels since the previous window (it ended one window length before this one), in POMP points:
-- the difference of the two published levels (for a total: the weighted difference of its collectives), with the
-- p-value adjusted by Holm's procedure (1979) over everything that the organisation's report shows and the interval at
-- that step, rounded outwards to twice the step allowed for the smaller group; is_change where that p is below
-- `change_from`. Only if both levels are published in full and the present one is not carried forward. withheld_because
-- is protects_people where a level is carried forward or withheld although both groups are large enough.
-- Edges: without a standard error: no p and no interval, and no change.
-- Grain: one row per period, unit_type, unit_id, scale.

with

run as (select * from reference.run),

former as (
    select * from reference.windows
    where "window" = 'former'
),

policy as (select * from reference.policy),

estimates as (select * from disclosure.change_estimates),

tests as (select * from disclosure.change_tests),

stepped as (
    select
        estimates.*,
        tests.p_adjusted,
        tests.ci_low,
        tests.ci_high,
        2 * level_step(
            case
                when estimates.respondents_then < estimates.respondents then estimates.respondents_then
                else estimates.respondents
            end
        ) as step
    from estimates
    left join tests
        on
            estimates.unit_type = tests.unit_type
            and estimates.unit_id = tests.unit_id
            and estimates.scale = tests.scale
)

select
    run.period,
    stepped.unit_type,
    stepped.unit_id,
    stepped.scale,
    case when stepped.is_shown then stepped.respondents end as respondents,
    people_band(stepped.respondents, policy.levels_from, policy.full_from) as respondents_band,
    former.period as compared_with,
    case when stepped.is_shown then stepped.respondents_both end as respondents_both,
    case when stepped.is_shown then stepped.mean_then end as mean_then,
    case when stepped.is_shown then round(stepped.estimate, 2) end as difference,
    case
        when stepped.is_shown
            then at_least(-100, round(floor(round(stepped.ci_low / stepped.step, 9)) * stepped.step, 6))
    end as ci_low,
    case
        when stepped.is_shown
            then at_most(100, round(ceil(round(stepped.ci_high / stepped.step, 9)) * stepped.step, 6))
    end as ci_high,
    case when stepped.is_shown then round(round(stepped.p_adjusted, 9), 2) end as p_adjusted,
    case when stepped.is_shown then coalesce(stepped.p_adjusted < policy.change_from, false) end as is_change,
    case
        when stepped.is_shown then null
        when stepped.withheld_because is not null then stepped.withheld_because
        when stepped.is_small then 'too_few'
        else 'protects_people'
    end as withheld_because,
    cast(null as varchar) as figures_of
from stepped
cross join run
cross join former
cross join policy
