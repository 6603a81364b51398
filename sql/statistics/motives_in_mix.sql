-- The motives that make up the mix this period: those that are reliable enough.
-- Grain: one row per scale.

with

scales as (
    select * from reference.scales
    where kind = 'motive'
),

reliability as (
    select * from statistics.reliability
    where is_reliable
)

select
    scales.scale,
    scales.position,
    scales.orientation,
    scales.minimum,
    scales.maximum,
    reliability.standard_error
from scales
inner join reliability on scales.scale = reliability.scale
