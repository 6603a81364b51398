-- The scales of the questionnaire.
-- Grain: one row per instrument, version, scale.

with

scales as (select * from reference.scales),

run as (select * from reference.run)

select
    run.instrument,
    run.instrument_version as version,
    scales.scale,
    scales.kind,
    scales.orientation,
    scales.label_nl,
    scales.label_en,
    scales.minimum,
    scales.maximum,
    scales.items
from scales
cross join run
