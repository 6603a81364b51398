-- The exports behind a period; counts in tens, so that no single response shows.
-- Grain: one row per period, file_name, sha256.

with

run as (select * from reference.run),

verdicts as (select * from validated.export_verdicts),

responses as (select * from validated.responses),

counts as (
    select
        sha256,
        count(*) filter (where verdict = 'accepted') as accepted,
        count(*) filter (where verdict = 'held') as held,
        count(*) filter (where verdict = 'refused') as refused
    from responses
    group by sha256
)

select
    run.period,
    verdicts.file_name,
    verdicts.sha256,
    verdicts.source,
    verdicts.received_on,
    cast(round(coalesce(counts.accepted, 0) / 10) * 10 as bigint) as accepted,
    cast(round(coalesce(counts.held, 0) / 10) * 10 as bigint) as held,
    cast(round(coalesce(counts.refused, 0) / 10) * 10 as bigint) as refused
from verdicts
cross join run
left join counts on verdicts.sha256 = counts.sha256
