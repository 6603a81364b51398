-- Responses in a file with the same answers for the same collective under different ids, although the answers vary (at
-- least three different ones): possibly sent twice. They are reported, and all count, since two people may give the
-- same answers.
-- Grain: one row per sha256, row_number.

with

raw_responses as (select * from raw.responses),

responses as (
    select * from validated.read_responses
    where state = 'complete' and numbers >= 10
),

contents as (
    select
        responses.sha256,
        responses.row_number,
        responses.respondent,
        responses.collective_id,
        hash(raw_responses.answers) as content
    from responses
    inner join raw_responses
        on responses.sha256 = raw_responses.sha256 and responses.row_number = raw_responses.row_number
    where len(list_distinct(map_values(raw_responses.answers))) > 2
),

same as (
    select
        sha256,
        row_number,
        count(distinct respondent) over (partition by sha256, collective_id, content) as respondents,
        row_number() over (partition by sha256, collective_id, content order by row_number) as turn
    from contents
)

select
    sha256,
    row_number
from same
where respondents > 1 and turn > 1
