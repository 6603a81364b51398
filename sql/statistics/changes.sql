-- Changes since the window that ended as long before as a window lasts, in POMP points, with the interval and the
-- p-value that Holm's procedure (1979) gives over everything that the organisation's report shows, so that all of its
-- "changed" are false alarms in less than 5 % of reports; is_change where that p is below .05.
-- Edges: without a standard error: no p and no interval, and no change.
-- Grain: one row per period, unit_type, unit_id, scale.

with

units as (select * from statistics.units),

former as (
    select * from reference.windows
    where "window" = 'former'
),

estimates as (select * from statistics.change_estimates),

tests as (select * from statistics.change_tests)

select
    units.period,
    estimates.unit_type,
    estimates.unit_id,
    estimates.scale,
    former.period as compared_with,
    estimates.is_shown,
    estimates.paired,
    estimates.respondents_both,
    estimates.mean_then,
    estimates.respondents_now,
    estimates.respondents_then,
    estimates.estimate as difference,
    tests.ci_low,
    tests.ci_high,
    tests.p_adjusted,
    coalesce(tests.p_adjusted < 0.05, false) as is_change
from estimates
inner join units on estimates.unit_type = units.unit_type and estimates.unit_id = units.unit_id
cross join former
left join tests
    on
        estimates.unit_type = tests.unit_type
        and estimates.unit_id = tests.unit_id
        and estimates.scale = tests.scale
