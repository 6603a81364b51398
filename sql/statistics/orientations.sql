-- How many respondents are oriented towards themselves, towards the community, or balanced, with an exact 95 % interval
-- for the share among all members.
-- Edges: as in class_shares; no rows where the instrument or the mix lacks an orientation.
-- Grain: one row per period, unit_type, unit_id, orientation.

with

shares as (
    select * from statistics.class_shares
    where distribution = 'orientations'
)

select
    period,
    unit_type,
    unit_id,
    class as orientation,
    respondents,
    count,
    share,
    share_low,
    share_high
from shares
