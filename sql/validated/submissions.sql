-- When each response was submitted, on the programme's own clock; NULL where the text is no date of the declared order.
-- Grain: one row per sha256, row_number.

with

exports as (select * from raw.exports),

responses as (select * from raw.responses),

run as (select * from reference.run),

texts as (
    select
        responses.sha256,
        responses.row_number,
        trim(responses.submitted) as submitted,
        exports.date_order,
        coalesce(exports.timezone, run.timezone) as zone,
        run.timezone as programme_zone,
        regexp_matches(trim(responses.submitted), '[T ]\d{2}:\d{2}.*([+-]\d{2}:?\d{2}|Z)$') as has_offset
    from responses
    inner join exports on responses.sha256 = exports.sha256
    cross join run
),

clock_times as (
    select
        *,
        case
            when has_offset then null
            when date_order = 'ymd' then try_cast(submitted as timestamp)
            when date_order = 'dmy'
                then try_strptime(
                    replace(replace(submitted, '/', '-'), '.', '-'),
                    ['%d-%m-%Y %H:%M:%S', '%d-%m-%Y %H:%M', '%d-%m-%Y']
                )
            when date_order = 'mdy'
                then try_strptime(
                    replace(replace(submitted, '/', '-'), '.', '-'),
                    ['%m-%d-%Y %H:%M:%S', '%m-%d-%Y %H:%M', '%m-%d-%Y']
                )
        end as clock_time
    from texts
),

instants as (
    select
        *,
        case
            when has_offset then timezone(programme_zone, try_cast(submitted as timestamptz))
            when zone = programme_zone then clock_time
            else timezone(programme_zone, timezone(zone, clock_time))
        end as submitted_at
    from clock_times
)

select
    sha256,
    row_number,
    submitted_at,
    cast(submitted_at as date) as submitted_on
from instants
