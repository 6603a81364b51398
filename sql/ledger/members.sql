-- Whose answers stand behind the figures of each collective, as keyed hashes.
-- Grain: one row per collective_id, member.

with

set_members as (select * from scored.set_members)

select
    collective_id,
    member,
    content,
    in_organisation,
    in_programme,
    answered
from set_members
