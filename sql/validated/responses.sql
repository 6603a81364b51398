-- The verdict on every response: accepted, held, refused with the first reason that applies, or replaced by the
-- same response in a newer export. Accepted: the newest answer of a member of a collective within the window.
-- Grain: one row per sha256, row_number.

with

read_responses as (select * from validated.read_responses),

verdicts as (select * from validated.export_verdicts),

current_rows as (select * from validated.current_rows),

run as (select * from reference.run),

first_reasons as (
    select
        read_responses.*,
        case
            when verdicts.verdict = 'held' then 'file_held'
            when current_rows.is_repeated_in_file then 'duplicate'
            when not current_rows.is_current then 'newer_export'
            when read_responses.state in ('test', 'spam', 'rejected', 'partial') then read_responses.state
            when read_responses.consent = 'no' then 'no_consent'
            when read_responses.submitted_on is null then 'no_date'
            when read_responses.collective_id is null then 'no_collective'
            when read_responses.out_of_range > 0 then 'out_of_range'
            when read_responses.numbers = 0 then 'empty'
            when
                read_responses.submitted_on < run.window_start or read_responses.submitted_on > run.window_end
                then 'outside_window'
        end as reason
    from read_responses
    inner join verdicts on read_responses.sha256 = verdicts.sha256
    left join current_rows
        on
            read_responses.sha256 = current_rows.sha256
            and read_responses.row_number = current_rows.row_number
    cross join run
),

reasons as (
    select
        * exclude (reason),
        case
            when reason is not null then reason
            when row_number() over (
                partition by reason is null, respondent, collective_id
                order by submitted_at desc, source asc, response_id desc
            ) > 1 then 'duplicate'
        end as reason
    from first_reasons
)

select
    sha256,
    row_number,
    source,
    series,
    response_id,
    respondent,
    collective_id,
    submitted_at,
    submitted_on,
    case
        when reason is null then 'accepted'
        when reason = 'newer_export' then 'replaced'
        when reason in ('file_held', 'spam', 'no_date') then 'held'
        else 'refused'
    end as verdict,
    reason
from reasons
