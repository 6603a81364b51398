-- The present verdict on every response, in the current window.
-- Grain: one row per sha256, row_number.

with

verdicts as (
    select * from validated.window_verdicts
    where "window" = 'current'
)

select
    sha256,
    row_number,
    source,
    series,
    response_id,
    answer_key,
    respondent,
    collective_id,
    submitted_at,
    submitted_on,
    verdict,
    reason
from verdicts
