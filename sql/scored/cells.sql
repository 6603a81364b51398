-- Responses that count in the same units form a cell: whatever is summed per cell needs no second look at the responses
-- to become a figure of a collective, an organisation or the programme. The frozen cells of a collective that is held
-- back (disclosure rule 5) have sums that were kept from an earlier release, and no responses here.
-- Grain: one row per cell.

with

counted as (select * from scored.counted),

held_back as (
    select * from scored.held_back
    where is_frozen
),

collectives as (select * from reference.collectives),

kept as (
    select * from released.sums
    where figure = 'responses'
),

occurring as (
    select
        "window",
        collective_id,
        organisation_id,
        in_organisation,
        in_programme,
        count(*) as responses,
        false as is_frozen
    from counted
    group by "window", collective_id, organisation_id, in_organisation, in_programme
    union all
    select
        'current' as "window",
        kept.collective_id,
        collectives.organisation_id,
        kept.in_organisation,
        kept.in_programme,
        kept.respondents as responses,
        true as is_frozen
    from kept
    inner join held_back on kept.collective_id = held_back.collective_id and kept.release = held_back.release
    inner join collectives on kept.collective_id = collectives.collective_id
)

select
    row_number() over (
        order by is_frozen, "window", collective_id, organisation_id, in_organisation, in_programme
    ) as cell,
    "window",
    collective_id,
    organisation_id,
    in_organisation,
    in_programme,
    responses,
    is_frozen
from occurring
