-- The accepted exports behind each window: all of them for the current window; for the former one those that its newest
-- release was made from, so that a change is measured against figures that people have seen.
-- Grain: one row per window, sha256.

with

windows as (select * from reference.windows),

released as (
    select * from reference.released_inputs
    where not is_withdrawn
),

accepted as (
    select * from validated.export_verdicts
    where verdict = 'accepted'
),

newest_versions as (
    select
        period,
        max(version) as version
    from released
    group by period
)

select
    windows."window",
    accepted.sha256,
    accepted.series
from windows
cross join accepted
where windows."window" = 'current'
union all
select
    windows."window",
    accepted.sha256,
    accepted.series
from windows
inner join newest_versions on windows.period = newest_versions.period
inner join released
    on newest_versions.period = released.period and newest_versions.version = released.version
inner join accepted on released.sha256 = accepted.sha256
where windows."window" = 'former'
