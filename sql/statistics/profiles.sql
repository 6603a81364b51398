-- How many respondents are nearest to each profile; the version is that of the frozen typology.
-- Edges: fewer respondents than profiles need: no rows.
-- Grain: one row per period, unit_type, unit_id, profile.

with

shares as (
    select * from statistics.class_shares
    where distribution = 'profiles'
)

select
    period,
    unit_type,
    unit_id,
    class as profile,
    respondents,
    count,
    share
from shares
