-- For every response of a window the row that speaks for it: that of the newest of its exports in which it stands.
-- Without response ids a newer export of the series replaces an older one as a whole.
-- Grain: one row per window, sha256, row_number.

with

read_responses as (select * from validated.read_responses),

snapshots as (select * from validated.snapshots)

select
    snapshots."window",
    read_responses.sha256,
    read_responses.row_number,
    case
        when not read_responses.has_response_ids then snapshots.newest_first = 1
        else row_number() over (
            partition by snapshots."window", read_responses.series, read_responses.response_id
            order by snapshots.newest_first asc, read_responses.row_number desc
        ) = 1
    end as is_current,
    read_responses.has_response_ids and row_number() over (
        partition by snapshots."window", read_responses.sha256, read_responses.response_id
        order by read_responses.row_number desc
    ) > 1 as is_repeated_in_file
from read_responses
inner join snapshots on read_responses.sha256 = snapshots.sha256
