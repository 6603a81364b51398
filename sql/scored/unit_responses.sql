-- Which responses speak for which unit in the current window.
-- Grain: one row per unit_type, unit_id, response.

with

window_units as (
    select * from scored.window_units
    where "window" = 'current'
)

select
    unit_type,
    unit_id,
    response
from window_units
