-- When each response was submitted, in the programme's time zone; NULL where the text is not a date in the date order
-- of the form. A time may end in Z, GMT+2, +01:00 or the abbreviation of a European zone, have a fraction of a second,
-- or use a 12-hour clock. Without an offset it is in the form's time zone; with an unknown abbreviation it is NULL. A
-- date that starts with a four-digit year is read as year, month, day in every form; a two-digit year is in this
-- century. A serial number counts days since 1899-12-30 in the form's time zone, to the second. The placeholder date
-- that a survey tool writes when it stores no dates is not a date.
-- Grain: one row per sha256, row_number.

with

exports as (select * from raw.exports),

no_dates as (select * from raw.no_dates),

responses as (select * from raw.responses),

run as (select * from reference.run),

zones (letters, minutes) as (
    values
    ('Z', 0), ('UTC', 0), ('GMT', 0), ('WET', 0), ('WEZ', 0),
    ('CET', 60), ('MEZ', 60), ('WEST', 60), ('WESZ', 60),
    ('CEST', 120), ('MESZ', 120), ('EET', 120), ('OEZ', 120),
    ('EEST', 180), ('OESZ', 180)
),

texts as (
    select
        responses.sha256,
        responses.row_number,
        case
            when exports.date_order = 'serial' then serial_as_date(responses.submitted)
            -- Some exports have a non-breaking or thin space before AM and PM.
            else upper(trim(regexp_replace(responses.submitted, '[\x{A0}\x{2009}\x{202F}\s]+', ' ', 'g')))
        end as submitted,
        exports.date_order,
        no_dates.day as no_date,
        exports.timezone as zone,
        run.timezone as programme_zone
    from responses
    inner join exports on responses.sha256 = exports.sha256
    left join no_dates on exports.dialect = no_dates.dialect
    cross join run
),

parts as (
    select
        *,
        regexp_extract(
            submitted,
            '^(\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4})[T ,]*(\d{1,2}[:.]\d{2}(?:[:.]\d{2})?)?(?:[.,]\d+)? ?'
            || '([AP]\.? ?M\.?|VORM\.|NACHM\.)? ?(Z|(?:UTC|GMT)?(?:[+-]\d{1,2}:?(?:\d{2})?)?|[A-Z]{3,4})?$',
            ['day', 'clock', 'half', 'offset']
        ) as part
    from texts
),

split as (
    select
        *,
        regexp_extract(part['day'], '(\d+)[-/.](\d+)[-/.](\d+)', ['first', 'second', 'third']) as numbers,
        replace(part['clock'], '.', ':') as hours_and_minutes,
        case left(part['half'], 1)
            when 'A' then 'AM'
            when 'V' then 'AM'
            when 'P' then 'PM'
            when 'N' then 'PM'
            else ''
        end as half,
        regexp_extract(part['offset'], '([+-])(\d{1,2}):?(\d{2})?$', ['sign', 'hours', 'minutes']) as shift
    from parts
    where part['day'] != ''
),

in_order as (
    select
        *,
        case
            when length(numbers.first) = 4 or date_order = 'ymd'
                then { 'year': numbers.first, 'month': numbers.second, 'day': numbers.third }
            when date_order = 'dmy' then { 'year': numbers.third, 'month': numbers.second, 'day': numbers.first }
            when date_order = 'mdy' then { 'year': numbers.third, 'month': numbers.first, 'day': numbers.second }
        end as day,
        case
            when hours_and_minutes = '' then '00:00:00'
            when length(hours_and_minutes) < 6 then hours_and_minutes || ':00'
            else hours_and_minutes
        end as clock
    from split
),

written as (
    select
        *,
        case length(day.year) when 2 then '20' || day.year when 4 then day.year end
        || '-' || day.month || '-' || day.day as day_text
    from in_order
),

clock_times as (
    select
        *,
        case
            when day_text = cast(no_date as varchar) then null
            when half != '' then try_strptime(day_text || ' ' || clock || ' ' || half, '%Y-%m-%d %I:%M:%S %p')
            else try_strptime(day_text || ' ' || clock, '%Y-%m-%d %H:%M:%S')
        end as clock_time
    from written
),

offsets as (
    select
        clock_times.*,
        case
            when shift['hours'] != ''
                then
                    (60 * cast('0' || shift['hours'] as integer) + cast('0' || shift['minutes'] as integer))
                    * case shift['sign'] when '-' then -1 else 1 end
            else zones.minutes
        end as minutes_from_utc
    from clock_times
    left join zones on part['offset'] = zones.letters
),

instants as (
    select
        *,
        case
            when minutes_from_utc is not null
                then timezone(programme_zone, timezone('UTC', clock_time - to_minutes(minutes_from_utc)))
            when part['offset'] != '' then null
            -- A date without a time is kept as it is: it is not converted between zones.
            when part['clock'] = '' or zone = programme_zone then clock_time
            else timezone(programme_zone, timezone(zone, clock_time))
        end as submitted_at
    from offsets
)

select
    texts.sha256,
    texts.row_number,
    instants.submitted_at,
    cast(instants.submitted_at as date) as submitted_on
from texts
left join instants on texts.sha256 = instants.sha256 and texts.row_number = instants.row_number
