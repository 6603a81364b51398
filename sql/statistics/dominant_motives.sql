-- How many respondents have each motive as their dominant motive, or none (mixed), with an exact 95 % interval for the
-- share among all members.
-- Edges: as in class_shares; with a single motive in the mix everyone is mixed.
-- Grain: one row per period, unit_type, unit_id, scale.

with

shares as (
    select * from statistics.class_shares
    where distribution = 'dominant_motives'
)

select
    period,
    unit_type,
    unit_id,
    class as scale,
    respondents,
    count,
    share,
    share_low,
    share_high
from shares
