-- Every response of every export with its parsed values: state, date, collective, consent and counts of answers.
-- Grain: one row per sha256, row_number.

with

exports as (select * from raw.exports),

responses as (select * from raw.responses),

readings as (select * from validated.readings),

submissions as (select * from validated.submissions),

states as (select * from validated.response_states),

counts as (select * from validated.answer_counts),

collective_states as (select * from reference.collective_states)

select
    responses.sha256,
    responses.row_number,
    exports.source,
    exports.series,
    exports.has_response_ids,
    responses.response_id,
    -- The key in a decision of the owner: the id or, without ids, the submission time, which no new column changes.
    case when exports.has_response_ids then responses.response_id else cast(submissions.submitted_at as varchar) end
        as answer_key,
    responses.respondent,
    -- A hash of the answers, independent of id and member, to recognise an answer that was re-imported. Without a
    -- time of day there is none, since two people may give the same answers on one day.
    case
        when submissions.submitted_at != submissions.submitted_on then hash(responses.answers, responses.collective)
    end as content,
    collective_states.collective_id,
    submissions.submitted_at,
    submissions.submitted_on,
    states.state,
    coalesce(consent.word, 'yes') as consent,
    coalesce(counts.numbers, 0) as numbers,
    coalesce(counts.out_of_range, 0) as out_of_range
from responses
inner join exports on responses.sha256 = exports.sha256
inner join submissions
    on responses.sha256 = submissions.sha256 and responses.row_number = submissions.row_number
inner join states
    on responses.sha256 = states.sha256 and responses.row_number = states.row_number
left join counts
    on responses.sha256 = counts.sha256 and responses.row_number = counts.row_number
left join readings as place
    on
        place.kind = 'collective'
        and exports.source = place.source
        and coalesce(responses.collective, '') = place.text
-- The states of a collective do not overlap.
left join collective_states
    on
        place.word = collective_states.collective_id
        and submissions.submitted_on >= coalesce(collective_states.valid_from, date '0001-01-01')
        and submissions.submitted_on <= coalesce(collective_states.valid_until, date '9999-12-31')
left join readings as consent
    on
        consent.kind = 'consent'
        and exports.source = consent.source
        and coalesce(responses.consent, '') = consent.text
