-- The current row of every response in a window: the row in the newest of its exports, matched by response id or, where
-- answers were re-imported under other ids, by time and answers. Without response ids a newer export of the series
-- replaces an older one as a whole.
-- Grain: one row per window, sha256, row_number.

with

read_responses as (select * from validated.read_responses),

snapshots as (select * from validated.snapshots),

-- Submission times and answers that occur in several exports of a window under several ids.
imported_anew as (
    select
        snapshots."window",
        read_responses.series,
        read_responses.submitted_at,
        read_responses.content,
        min(snapshots.newest_first) as newest_first
    from read_responses
    inner join snapshots on read_responses.sha256 = snapshots.sha256
    where read_responses.has_response_ids and read_responses.content is not null
    group by snapshots."window", read_responses.series, read_responses.submitted_at, read_responses.content
    having count(distinct read_responses.response_id) > 1 and count(distinct read_responses.sha256) > 1
)

select
    snapshots."window",
    read_responses.sha256,
    read_responses.row_number,
    case
        when not read_responses.has_response_ids then snapshots.newest_first = 1
        else row_number() over (
            partition by snapshots."window", read_responses.series, read_responses.response_id
            order by snapshots.newest_first asc, read_responses.row_number desc
        ) = 1 and coalesce(snapshots.newest_first = imported_anew.newest_first, true)
    end as is_current,
    read_responses.has_response_ids and row_number() over (
        partition by snapshots."window", read_responses.sha256, read_responses.response_id
        order by read_responses.row_number desc
    ) > 1 as is_repeated_in_file
from read_responses
inner join snapshots on read_responses.sha256 = snapshots.sha256
left join imported_anew
    on
        snapshots."window" = imported_anew."window"
        and read_responses.series = imported_anew.series
        and read_responses.submitted_at = imported_anew.submitted_at
        and read_responses.content = imported_anew.content
