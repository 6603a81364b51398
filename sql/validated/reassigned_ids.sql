-- Response ids that have another response in an export than in the first export of its series with that id: submitted
-- at another time, and by another member or, where members are unknown, with most answers different. This happens when
-- a survey is reactivated or a form is recreated; somebody who corrects a response changes few answers. If the export
-- has the first response under another id, everything was re-imported, and nobody's answers are lost.
-- Grain: one row per sha256, response_id.

with

-- In a series of one export, every id has the response that it had.
exports as (
    select * from raw.exports
    qualify count(*) over (partition by series) > 1
),

raw_responses as (
    select * from raw.responses
    where sha256 in (select exports.sha256 from exports)
),

read_responses as (
    select * from validated.read_responses
    where has_response_ids and sha256 in (select exports.sha256 from exports)
),

contents as (
    select
        sha256,
        max(submitted_at) as newest_submission
    from read_responses
    group by sha256
),

holders as (
    select
        read_responses.sha256,
        read_responses.row_number,
        read_responses.response_id,
        read_responses.submitted_at,
        read_responses.respondent,
        first_value(read_responses.content) over earlier as first_content,
        first_value(read_responses.sha256) over earlier as first_sha256,
        first_value(read_responses.row_number) over earlier as first_row_number,
        first_value(read_responses.submitted_at) over earlier as first_submitted_at,
        first_value(read_responses.respondent) over earlier as first_respondent
    from read_responses
    inner join contents on read_responses.sha256 = contents.sha256
    inner join exports on read_responses.sha256 = exports.sha256
    window
        earlier as (
            partition by read_responses.series, read_responses.response_id
            order by
                contents.newest_submission asc nulls first,
                exports.response_count asc,
                read_responses.sha256 asc,
                read_responses.row_number asc
        )
),

moved as (
    select
        *,
        starts_with(respondent, 'response-') or starts_with(first_respondent, 'response-') as is_anonymous
    from holders
    where
        sha256 != first_sha256
        and (
            submitted_at is distinct from first_submitted_at
            or (submitted_at is null and first_submitted_at is null)
        )
),

imported_anew as (
    select distinct
        sha256,
        submitted_at,
        content
    from read_responses
    where content is not null
),

compared as (
    select
        moved.*,
        list_filter(
            list_transform(
                map_keys(now.answers), lambda item: { 'now': now.answers[item], 'earlier': earlier.answers[item] }
            ),
            lambda pair: coalesce(pair['now'], '') != '' and coalesce(pair['earlier'], '') != ''
        ) as pairs
    from moved
    inner join raw_responses as now
        on moved.sha256 = now.sha256 and moved.row_number = now.row_number
    inner join raw_responses as earlier
        on moved.first_sha256 = earlier.sha256 and moved.first_row_number = earlier.row_number
    left join imported_anew
        on
            moved.sha256 = imported_anew.sha256
            and moved.first_submitted_at = imported_anew.submitted_at
            and moved.first_content = imported_anew.content
    where
        imported_anew.content is null
        and (moved.is_anonymous or moved.respondent != moved.first_respondent)
)

select distinct
    sha256,
    response_id
from compared
where not is_anonymous or 2 * length(list_filter(pairs, lambda pair: pair['now'] = pair['earlier'])) < length(pairs)
