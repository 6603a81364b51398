-- How many answers of a response have a number, and how many are out of range.
-- Grain: one row per sha256, row_number.

with

answers as (select * from validated.answers)

select
    sha256,
    row_number,
    count(number) as numbers,
    count(*) filter (where word = 'out_of_range') as out_of_range
from answers
group by sha256, row_number
