-- Late answers. Either their month, or a later one, has a release that stands and that was made from an export of their
-- form without them; or they were submitted after the closing day of the source plus its days of grace. They wait for
-- the owner's decision, so that figures that people have seen never change by themselves. An answer that was
-- re-imported under another id is recognised by its time and answers.
-- Grain: one row per series, answer_key.

with

exports as (select * from raw.exports),

responses as (select * from validated.read_responses),

released as (
    select * from reference.released_inputs
    where not is_withdrawn
),

releases as (
    select distinct
        exports.series,
        released.period,
        released.version,
        released.last_day
    from released
    inner join exports on released.sha256 = exports.sha256
    where exports.has_dates
),

known as (
    select distinct
        responses.series,
        responses.answer_key,
        responses.submitted_at,
        responses.content,
        released.period,
        released.version
    from released
    inner join responses on released.sha256 = responses.sha256
),

missed as (
    select
        responses.series,
        responses.answer_key
    from responses
    inner join releases on responses.series = releases.series and responses.submitted_on <= releases.last_day
    left join known
        on
            responses.series = known.series
            and responses.answer_key = known.answer_key
            and releases.period = known.period
            and releases.version = known.version
    left join known as known_otherwise
        on
            responses.series = known_otherwise.series
            and responses.submitted_at = known_otherwise.submitted_at
            and responses.content = known_otherwise.content
            and releases.period = known_otherwise.period
            and releases.version = known_otherwise.version
    where known.answer_key is null and known_otherwise.content is null
),

after_closing as (
    select
        responses.series,
        responses.answer_key
    from responses
    inner join exports on responses.sha256 = exports.sha256
    where responses.submitted_on > exports.closes + exports.grace_days
)

select
    series,
    answer_key
from missed
where answer_key is not null
union
select
    series,
    answer_key
from after_closing
where answer_key is not null
