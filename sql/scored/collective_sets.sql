-- Whose answers stand behind a collective's figures in the current window, as keyed hashes: `member` tells persons apart,
-- `content` also what they answered and in which totals it counts. Pseudonyms are keyed, so nothing leads back from here
-- to a person without the key.
-- Grain: one row per collective_id, member.

with

counted as (
    select * from scored.counted
    where "window" = 'current'
),

responses as (select * from scored.responses)

select
    counted.response,
    counted.collective_id,
    left(sha256('member ' || counted.respondent), 32) as member,
    left(
        sha256(
            concat_ws(
                ' ',
                counted.respondent,
                counted.in_organisation,
                counted.in_programme,
                cast(responses.item_values as varchar)
            )
        ),
        32
    ) as content,
    counted.in_organisation,
    counted.in_programme
from counted
inner join responses on counted.response = responses.response
