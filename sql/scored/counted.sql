-- Where each response counts: always in its collective; of a person who answered in several, only the newest counts in
-- the organisation and in the programme.
-- Grain: one row per response.

with

responses as (select * from scored.responses),

repeated as (
    select
        "window",
        respondent
    from responses
    group by "window", respondent
    having count(*) > 1
),

ranked as (
    select
        responses.response,
        row_number() over (
            partition by responses."window", responses.respondent, responses.organisation_id
            order by responses.submitted_at desc, responses.collective_id asc
        ) = 1 as in_organisation,
        row_number() over (
            partition by responses."window", responses.respondent
            order by responses.submitted_at desc, responses.collective_id asc
        ) = 1 as in_programme
    from responses
    inner join repeated
        on responses."window" = repeated."window" and responses.respondent = repeated.respondent
)

select
    responses.response,
    responses."window",
    responses.respondent,
    responses.collective_id,
    responses.organisation_id,
    coalesce(ranked.in_organisation, true) as in_organisation,
    coalesce(ranked.in_programme, true) as in_programme
from responses
left join ranked on responses.response = ranked.response
