-- When each response was submitted, on the programme's own clock; NULL where the text is no date of the form's order.
-- A time may end in Z, UTC, GMT+2 or +01:00, have a fraction of a second, or be of twelve hours with AM or PM; without
-- an offset it is on the clock of the form's zone. LimeSurvey's 1980-01-01 means that no date was kept.
-- Grain: one row per sha256, row_number.

with

exports as (select * from raw.exports),

responses as (select * from raw.responses),

run as (select * from reference.run),

texts as (
    select
        responses.sha256,
        responses.row_number,
        upper(trim(responses.submitted)) as submitted,
        exports.date_order,
        exports.dialect,
        coalesce(exports.timezone, run.timezone) as zone,
        run.timezone as programme_zone
    from responses
    inner join exports on responses.sha256 = exports.sha256
    cross join run
),

parts as (
    select
        *,
        regexp_extract(
            submitted,
            '^(\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4})[T ,]*(\d{1,2}:\d{2}(?::\d{2})?)?(?:[.,]\d+)? ?'
            || '([AP]\.?M\.?)? ?(Z|(?:UTC|GMT)?(?:[+-]\d{1,2}:?(?:\d{2})?)?|[A-Z]{3,4})?$',
            ['day', 'clock', 'half', 'offset']
        ) as part
    from texts
),

split as (
    select
        *,
        string_split_regex(part['day'], '[-/.]') as day_parts
    from parts
),

written as (
    select
        *,
        case date_order
            when 'ymd' then [day_parts[1], day_parts[2], day_parts[3]]
            when 'dmy' then [day_parts[3], day_parts[2], day_parts[1]]
            when 'mdy' then [day_parts[3], day_parts[1], day_parts[2]]
        end as day,
        case
            when part['clock'] = '' then '00:00:00'
            when length(part['clock']) < 6 then part['clock'] || ':00'
            else part['clock']
        end as clock,
        replace(part['half'], '.', '') as half,
        regexp_extract(part['offset'], '([+-])(\d{1,2}):?(\d{2})?$', ['sign', 'hours', 'minutes']) as shift
    from split
),

clock_times as (
    select
        *,
        case
            when length(day[1]) != 4 then null
            when dialect = 'limesurvey' and array_to_string(day, '-') = '1980-01-01' then null
            when
                half != ''
                then try_strptime(array_to_string(day, '-') || ' ' || clock || ' ' || half, '%Y-%m-%d %I:%M:%S %p')
            else try_strptime(array_to_string(day, '-') || ' ' || clock, '%Y-%m-%d %H:%M:%S')
        end as clock_time
    from written
    where part['day'] != ''
),

instants as (
    select
        *,
        case
            when shift['hours'] != ''
                then timezone(
                    programme_zone,
                    timezone(
                        'UTC',
                        clock_time
                        - to_minutes(
                            (60 * cast('0' || shift['hours'] as integer) + cast('0' || shift['minutes'] as integer))
                            * case shift['sign'] when '-' then -1 else 1 end
                        )
                    )
                )
            when part['offset'] in ('Z', 'UTC', 'GMT') then timezone(programme_zone, timezone('UTC', clock_time))
            when zone = programme_zone then clock_time
            else timezone(programme_zone, timezone(zone, clock_time))
        end as submitted_at
    from clock_times
)

select
    texts.sha256,
    texts.row_number,
    instants.submitted_at,
    cast(instants.submitted_at as date) as submitted_on
from texts
left join instants on texts.sha256 = instants.sha256 and texts.row_number = instants.row_number
