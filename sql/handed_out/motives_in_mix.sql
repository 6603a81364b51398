-- The motives that were in the mix of each release, according to its database.
-- Grain: one row per release, scale.

with

scales as (select * from handed_out.scales),

mixes as (
    select * from handed_out.motive_mix
    where mean_share is not null
)

select
    scales.release,
    scales.scale,
    any_value(scales.orientation) as orientation
from scales
inner join mixes on scales.release = mixes.release and scales.scale = mixes.scale
group by scales.release, scales.scale
