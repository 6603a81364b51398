-- Published bounds: the bounds that figures of this release put on totals over people, for figures that were computed
-- from this period's answers. The disclosure record keeps them for the differencing check of later releases.
-- Grain: one row per family, unit_type, unit_id, figure, scale, classes.

with

proposed as (select * from disclosure.proposed_bounds),

decisions as (
    select * from disclosure.decisions
    where detail in ('levels', 'full')
)

select
    proposed.family,
    proposed.unit_type,
    proposed.unit_id,
    proposed.figure,
    proposed.scale,
    proposed.classes,
    proposed.low,
    proposed.high
from proposed
inner join decisions
    on
        proposed.unit_type = decisions.unit_type
        and proposed.unit_id = decisions.unit_id
        and proposed.figure = decisions.figure
        and proposed.scale = decisions.scale
