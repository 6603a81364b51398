-- Finished responses with an answer, or an answer to the consent question, that their source does not know, and whether
-- the owner decided that they shall not count. is_offered: in a large export each of these texts occurs once or twice
-- among known answers, so the owner can decide on them one by one. If a text occurs often, the source is incomplete.
-- Grain: one row per sha256, row_number.

with

read_responses as (
    select * from validated.read_responses
    where state = 'complete' and consent in ('yes', 'unknown')
),

raw_responses as (select * from raw.responses),

decisions as (
    select * from reference.decisions
    where kind = 'unknown'
),

-- Most exports have no unknown answer: only items that have one are looked at.
doubtful_items as (
    select distinct
        sha256,
        item
    from validated.answers
    where word = 'unknown'
),

doubtful_answers as (
    select
        answers.sha256,
        answers.row_number,
        answers.item as field,
        answers.answer_text as text,
        coalesce(answers.word = 'unknown', false) as is_unknown
    from validated.answers as answers
    inner join read_responses
        on answers.sha256 = read_responses.sha256 and answers.row_number = read_responses.row_number
    semi join doubtful_items
        on answers.sha256 = doubtful_items.sha256 and answers.item = doubtful_items.item
),

consents as (
    select
        read_responses.sha256,
        read_responses.row_number,
        'consent' as field,
        raw_responses.consent as text,
        read_responses.consent = 'unknown' as is_unknown
    from read_responses
    inner join raw_responses
        on read_responses.sha256 = raw_responses.sha256 and read_responses.row_number = raw_responses.row_number
),

texts as (
    select * from doubtful_answers
    union all
    select * from consents
),

-- Groups, not windows: a window with a filter takes a time that grows with the square of an export's rows.
known_answers as (
    select
        sha256,
        field,
        count(*) as known
    from texts
    where not is_unknown
    group by sha256, field
),

unknown_texts as (
    select
        sha256,
        field,
        text,
        count(*) as times
    from texts
    where is_unknown
    group by sha256, field, text
),

unknown as (
    select
        texts.sha256,
        texts.row_number,
        count(*) filter (where texts.field != 'consent') as answers,
        count(*) filter (where texts.field = 'consent') as consents,
        bool_and(unknown_texts.times <= 2 and coalesce(known_answers.known, 0) >= 20) as is_rare
    from texts
    inner join unknown_texts
        on
            texts.sha256 = unknown_texts.sha256
            and texts.field = unknown_texts.field
            and texts.text is not distinct from unknown_texts.text
    left join known_answers
        on texts.sha256 = known_answers.sha256 and texts.field = known_answers.field
    where texts.is_unknown
    group by texts.sha256, texts.row_number
)

select
    unknown.sha256,
    unknown.row_number,
    read_responses.series,
    read_responses.answer_key,
    read_responses.submitted_on,
    unknown.answers,
    unknown.consents,
    coalesce(decisions.verdict = 'accept', false) as is_given_up,
    decisions.verdict is null and bool_and(unknown.is_rare) over (partition by unknown.sha256) as is_offered
from unknown
inner join read_responses
    on unknown.sha256 = read_responses.sha256 and unknown.row_number = read_responses.row_number
left join decisions
    on read_responses.series = decisions.series and read_responses.answer_key = decisions.answer_key
