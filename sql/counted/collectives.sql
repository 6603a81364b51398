-- Collectives with at least one counted response in a window, numbered for summing responses.
-- Grain: one row per window, collective_id.

with

responses as (select * from counted.responses),

occurring as (
    select
        "window",
        collective_id,
        organisation_id,
        count(*) as responses
    from responses
    group by "window", collective_id, organisation_id
)

select
    row_number() over (order by "window", collective_id) as group_number,
    "window",
    collective_id,
    organisation_id,
    responses
from occurring
