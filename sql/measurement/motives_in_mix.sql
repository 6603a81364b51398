-- The motives that make up the mix this period: those that are reliable enough.
-- Grain: one row per scale.

with

scales as (
    select * from reference.scales
    where kind = 'motive'
),

decisions as (
    select * from measurement.decisions
    where is_reliable
)

select
    scales.scale,
    scales.position,
    scales.orientation,
    scales.minimum,
    scales.maximum,
    decisions.standard_error
from scales
inner join decisions on scales.scale = decisions.scale
