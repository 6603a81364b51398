-- The organisations that take part.
-- Grain: one row per organisation_id.

with

organisations as (select * from reference.organisations)

select
    organisation_id,
    name,
    language
from organisations
