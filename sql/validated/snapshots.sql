-- The exports of a series behind each window, newest first, ordered by their contents, not by when or in which order
-- they arrived.
-- Grain: one row per window, sha256.

with

exports as (select * from validated.window_exports),

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
    exports."window",
    exports.sha256,
    exports.series,
    contents.oldest_submission,
    row_number() over (
        partition by exports."window", exports.series
        order by contents.newest_submission desc nulls last, contents.rows_held desc, exports.sha256 asc
    ) as newest_first
from exports
inner join contents on exports.sha256 = contents.sha256
