-- Items whose question text differs from the one in the previous export of the form, under the same column name.
-- Grain: one row per sha256, item.

with

exports as (select * from raw.exports),

fields as (select * from raw.fields),

contents as (
    select
        sha256,
        max(submitted_at) as newest_submission
    from validated.submissions
    group by sha256
),

in_order as (
    select
        exports.sha256,
        lag(exports.sha256) over (
            partition by exports.series
            order by contents.newest_submission asc nulls first, exports.response_count asc, exports.sha256 asc
        ) as before_sha256
    from exports
    inner join contents on exports.sha256 = contents.sha256
)

select
    in_order.sha256,
    fields.item,
    earlier.heading as heading_before,
    fields.heading as heading_now
from in_order
inner join fields on in_order.sha256 = fields.sha256
inner join fields as earlier on in_order.before_sha256 = earlier.sha256 and fields.item = earlier.item
where lower(trim(fields.heading)) != lower(trim(earlier.heading))
