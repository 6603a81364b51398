-- Every answer: its original text, and the number that the instrument assigns to it, or the reason why there is none.
-- Grain: one row per sha256, row_number, item.

with

exports as (select * from raw.exports),

responses as (select * from raw.responses),

readings as (
    select * from validated.readings
    where kind = 'answer'
),

missing_codes as (select * from raw.missing_codes),

texts as (
    select
        sha256,
        row_number,
        unnest(map_keys(answers)) as item,
        unnest(map_values(answers)) as answer_text
    from responses
)

select
    texts.sha256,
    texts.row_number,
    texts.item,
    texts.answer_text,
    case when missing_codes.text is null then readings.number end as number,
    case when missing_codes.text is null then readings.word else 'not_answered' end as word
from texts
inner join exports on texts.sha256 = exports.sha256
left join readings
    on
        exports.source = readings.source
        and texts.item = readings.field
        and texts.answer_text is not distinct from readings.text
left join missing_codes
    on
        texts.sha256 = missing_codes.sha256
        and texts.item = missing_codes.item
        and texts.answer_text = missing_codes.text
