-- The state of a response according to the survey tool: complete, partial, test, spam or rejected. If several marks
-- apply, the first of test, spam, rejected, partial counts.
-- Grain: one row per sha256, row_number.

with

responses as (select * from raw.responses),

marks as (select * from raw.marks),

cells as (
    select
        sha256,
        row_number,
        unnest(map_keys(states)) as field,
        coalesce(unnest(map_values(states)), '') as cell
    from responses
),

read_marks as (
    select
        cells.sha256,
        cells.row_number,
        marks.state
    from cells
    inner join marks
        on
            cells.sha256 = marks.sha256
            and cells.field = marks.field
            and case
                when marks.is_part then contains(lower(cells.cell), lower(marks.mark))
                else lower(trim(cells.cell)) = lower(marks.mark)
            end
)

select
    responses.sha256,
    responses.row_number,
    case
        when bool_or(read_marks.state = 'test') then 'test'
        when bool_or(read_marks.state = 'spam') then 'spam'
        when bool_or(read_marks.state = 'rejected') then 'rejected'
        when bool_or(read_marks.state = 'partial') then 'partial'
        else 'complete'
    end as state
from responses
left join read_marks
    on responses.sha256 = read_marks.sha256 and responses.row_number = read_marks.row_number
group by responses.sha256, responses.row_number
