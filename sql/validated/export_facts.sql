-- The facts that the check suite of one export evaluates: counts and shares, never an answer.
-- Grain: one row per sha256.

with

read_responses as (select * from validated.read_responses),

exports as (select * from raw.exports),

twin_columns as (select * from raw.twin_columns),

fading_items as (select * from validated.fading_items),

reassigned_ids as (select * from validated.reassigned_ids),

changed_questions as (select * from validated.changed_questions),

equal_contents as (select * from validated.equal_contents),

shared_respondents as (select * from validated.shared_respondents),

sources as (select * from reference.sources),

unknown_responses as (select * from validated.unknown_responses),

consent_falls as (select * from validated.consent_falls),

answered as (
    select * from read_responses
    where state = 'complete' and consent = 'yes'
),

repeated as (
    select
        sha256,
        count(*) - count(distinct response_id) as repeated_ids,
        count(distinct response_id) as ids
    from read_responses
    where has_response_ids
    group by sha256
),

in_answered as (
    select
        answered.sha256,
        sum(answered.out_of_range) as out_of_range_answers,
        count(*) filter (where answered.out_of_range > 0) as out_of_range_responses,
        count(*) as responses,
        avg(case when answered.submitted_on is null then 1.0 else 0 end) as undated_share,
        -- Without a date the valid row of the register is unknown; the missing date alone is reported.
        avg(case when answered.collective_id is null then 1.0 else 0 end)
        filter (where answered.submitted_on is not null)
            as unknown_collective_share,
        count(*)
        filter (where answered.collective_id is null and answered.submitted_on is not null)
            as unknown_collectives,
        count(*) filter (where answered.submitted_on > exports.received_on) as dated_after_arrival
    from answered
    inner join exports on answered.sha256 = exports.sha256
    group by answered.sha256
),

found as (
    select
        sha256,
        'twin' as sign
    from twin_columns
    union all
    select
        sha256,
        'fading' as sign
    from fading_items
    union all
    select
        sha256,
        'reassigned' as sign
    from reassigned_ids
    union all
    select
        sha256,
        'changed' as sign
    from changed_questions
    union all
    select
        sha256,
        'equal' as sign
    from equal_contents
),

signs as (
    select
        sha256,
        count(*) filter (where sign = 'twin') as twin_columns,
        count(*) filter (where sign = 'fading') as fading_items,
        count(*) filter (where sign = 'reassigned') as reassigned_ids,
        count(*) filter (where sign = 'changed') as changed_questions,
        count(*) filter (where sign = 'equal') as equal_contents
    from found
    group by sha256
),

unknown as (
    select
        sha256,
        sum(answers) as answers,
        sum(consents) as consents
    from unknown_responses
    where not is_given_up
    group by sha256
),

in_all as (
    select
        sha256,
        avg(case when state = 'partial' then 1.0 else 0 end) as unfinished_share
    from read_responses
    group by sha256
)

select
    in_all.sha256,
    cast(coalesce(unknown.answers, 0) as bigint) as unknown_answers,
    cast(coalesce(unknown.consents, 0) as bigint) as unknown_consents,
    cast(coalesce(consent_falls.fall, 0) as double) as consent_fall,
    cast(coalesce(sources.lacks_no, false) as integer) as consent_without_no,
    cast(coalesce(in_answered.out_of_range_answers, 0) as bigint) as out_of_range_answers,
    cast(
        case
            when in_answered.out_of_range_responses >= 5
                then in_answered.out_of_range_responses / in_answered.responses
            else 0
        end as double
    ) as out_of_range_share,
    cast(coalesce(in_answered.undated_share, 0) as double) as undated_share,
    cast(coalesce(in_answered.unknown_collective_share, 0) as double) as unknown_collective_share,
    coalesce(in_answered.unknown_collectives, 0) as unknown_collectives,
    coalesce(in_answered.dated_after_arrival, 0) as dated_after_arrival,
    coalesce(repeated.repeated_ids, 0) as repeated_ids,
    -- Below five rows a share says little about the whole export.
    cast(
        case
            when repeated.repeated_ids >= 5 then repeated.repeated_ids / (repeated.ids + repeated.repeated_ids) else 0
        end as double
    ) as repeated_ids_share,
    coalesce(signs.reassigned_ids, 0) as reassigned_ids,
    cast(coalesce(signs.reassigned_ids / repeated.ids, 0) as double) as reassigned_ids_share,
    coalesce(shared_respondents.crowded, 0) as crowded_respondents,
    cast(
        case
            when shared_respondents.falling_away >= 5
                then shared_respondents.falling_away / shared_respondents.responses
            else 0
        end as double
    ) as shared_respondents_share,
    coalesce(signs.twin_columns, 0) as twin_columns,
    coalesce(signs.fading_items, 0) as fading_items,
    coalesce(signs.changed_questions, 0) as changed_questions,
    coalesce(signs.equal_contents, 0) as equal_contents,
    cast(in_all.unfinished_share as double) as unfinished_share
from in_all
inner join exports on in_all.sha256 = exports.sha256
left join sources on exports.source = sources.source
left join unknown on in_all.sha256 = unknown.sha256
left join signs on in_all.sha256 = signs.sha256
left join shared_respondents on in_all.sha256 = shared_respondents.sha256
left join consent_falls on in_all.sha256 = consent_falls.sha256
left join in_answered on in_all.sha256 = in_answered.sha256
left join repeated on in_all.sha256 = repeated.sha256
