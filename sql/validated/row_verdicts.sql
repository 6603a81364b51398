-- The verdict on every response in each window, judged on its own: accepted, held, refused with the first reason that
-- applies, or replaced by the same response in a newer export. Accepted: the newest response of a member for a
-- collective within the window.
-- Grain: one row per window, sha256, row_number.

with

read_responses as (select * from validated.read_responses),

verdicts as (select * from validated.export_verdicts),

current_rows as (select * from validated.current_rows),

windows as (select * from reference.windows),

window_exports as (select * from validated.window_exports),

late as (select * from validated.late_responses),

vanished as (select * from validated.vanished_responses),

decisions as (select * from reference.decisions),

given_up as (
    select * from validated.unknown_responses
    where is_given_up
),

decided as (
    select
        read_responses.*,
        late.answer_key is not null and on_late.verdict is null as is_late,
        coalesce(on_late.verdict = 'refuse', false) as is_late_refused,
        coalesce(on_spam.verdict = 'accept', false) as is_no_spam,
        coalesce(on_spam.verdict = 'refuse', false) as is_spam_refused,
        vanished.answer_key is not null and coalesce(on_vanished.verdict = 'accept', false) as is_withdrawn,
        given_up.sha256 is not null as is_given_up
    from read_responses
    left join late on read_responses.series = late.series and read_responses.answer_key = late.answer_key
    left join vanished
        on read_responses.series = vanished.series and read_responses.answer_key = vanished.answer_key
    left join given_up
        on read_responses.sha256 = given_up.sha256 and read_responses.row_number = given_up.row_number
    left join decisions as on_late
        on
            on_late.kind = 'late'
            and late.series = on_late.series
            and late.answer_key = on_late.answer_key
    left join decisions as on_spam
        on
            on_spam.kind = 'spam'
            and read_responses.series = on_spam.series
            and read_responses.answer_key = on_spam.answer_key
    left join decisions as on_vanished
        on
            on_vanished.kind = 'vanished'
            and vanished.series = on_vanished.series
            and vanished.answer_key = on_vanished.answer_key
),

first_reasons as (
    select
        windows."window",
        decided.*,
        case
            when verdicts.verdict = 'held' then 'file_held'
            when current_rows.is_repeated_in_file then 'duplicate'
            when not current_rows.is_current then 'newer_export'
            when decided.is_withdrawn then 'withdrawn'
            when decided.is_spam_refused then 'spam_refused'
            when decided.state = 'spam' and not decided.is_no_spam then 'spam'
            when decided.state in ('test', 'rejected', 'partial') then decided.state
            when decided.consent = 'no' then 'no_consent'
            when decided.is_given_up then 'unknown_answer'
            when decided.submitted_on is null then 'no_date'
            when decided.collective_id is null then 'no_collective'
            when decided.out_of_range > 0 then 'out_of_range'
            when decided.numbers = 0 then 'empty'
            when
                decided.submitted_on < windows.first_day or decided.submitted_on > windows.last_day
                then 'outside_window'
            when decided.is_late_refused then 'late_refused'
            when decided.is_late then 'late'
        end as reason
    from decided
    inner join verdicts on decided.sha256 = verdicts.sha256
    cross join windows
    left join window_exports
        on windows."window" = window_exports."window" and decided.sha256 = window_exports.sha256
    left join current_rows
        on
            windows."window" = current_rows."window"
            and decided.sha256 = current_rows.sha256
            and decided.row_number = current_rows.row_number
    -- A held export belongs to no window, but its rows must be reported in the current one.
    where window_exports.sha256 is not null or windows."window" = 'current'
),

reasons as (
    select
        * exclude (reason),
        case
            when reason is not null then reason
            when row_number() over (
                partition by "window", reason is null, respondent, collective_id
                order by submitted_at desc, source asc, response_id desc
            ) > 1 then 'duplicate'
        end as reason
    from first_reasons
)

select
    "window",
    sha256,
    row_number,
    source,
    series,
    response_id,
    answer_key,
    respondent,
    collective_id,
    submitted_at,
    submitted_on,
    case
        when reason is null then 'accepted'
        when reason = 'newer_export' then 'replaced'
        when reason in ('file_held', 'spam', 'no_date', 'late') then 'held'
        else 'refused'
    end as verdict,
    reason
from reasons
