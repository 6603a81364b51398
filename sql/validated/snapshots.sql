-- Accepted exports of a series, newest first: by what they hold, not by when or in which order they arrived.
-- Grain: one row per sha256.

with

verdicts as (
    select * from validated.export_verdicts
    where verdict = 'accepted'
),

read_responses as (select * from validated.read_responses),

contents as (
    select
        sha256,
        min(submitted_at) as oldest_submission,
        max(submitted_at) as newest_submission,
        count(*) as rows_held
    from read_responses
    group by sha256
)

select
    verdicts.sha256,
    verdicts.series,
    contents.oldest_submission,
    row_number() over (
        partition by verdicts.series
        order by contents.newest_submission desc nulls last, contents.rows_held desc, verdicts.sha256 asc
    ) as newest_first
from verdicts
inner join contents on verdicts.sha256 = contents.sha256
