-- Responses that count in the same units form a cell: whatever is summed per cell needs no second look at the responses
-- to become a figure of a collective, an organisation or the programme.
-- Grain: one row per cell.

with

counted as (select * from scored.counted),

occurring as (
    select
        "window",
        collective_id,
        organisation_id,
        in_organisation,
        in_programme,
        count(*) as responses
    from counted
    group by "window", collective_id, organisation_id, in_organisation, in_programme
)

select
    row_number() over (
        order by "window", collective_id, organisation_id, in_organisation, in_programme
    ) as cell,
    "window",
    collective_id,
    organisation_id,
    in_organisation,
    in_programme,
    responses
from occurring
