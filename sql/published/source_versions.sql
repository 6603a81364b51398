-- The exports that a period is based on; counts are rounded to tens (disclosure rule 9), so that no single response
-- shows.
-- Grain: one row per period, file_name, sha256.

with

run as (select * from reference.run),

policy as (select * from reference.policy),

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
    cast(round(coalesce(counts.accepted, 0) / policy.file_counts_in) * policy.file_counts_in as bigint) as accepted,
    cast(round(coalesce(counts.held, 0) / policy.file_counts_in) * policy.file_counts_in as bigint) as held,
    cast(round(coalesce(counts.refused, 0) / policy.file_counts_in) * policy.file_counts_in as bigint) as refused
from verdicts
cross join run
cross join policy
left join counts on verdicts.sha256 = counts.sha256
