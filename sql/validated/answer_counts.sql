-- How many of a response's answers have a number, lie out of range, or are unknown to the source.
-- Grain: one row per sha256, row_number.

with

answers as (select * from validated.answers)

select
    sha256,
    row_number,
    count(number) as numbers,
    count(*) filter (where word = 'out_of_range') as out_of_range,
    count(*) filter (where word = 'unknown') as unknown
from answers
group by sha256, row_number
