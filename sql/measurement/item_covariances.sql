-- Covariances (n - 1) between the items of a scale over the whole programme, listwise, in squared answer points: the
-- input of alpha and omega. NULL below two respondents.
-- Edges: nobody: no row. n = 1: NULL. No variance: 0.
-- Grain: one row per scale, item_a, item_b.

with

patterns as (select * from measurement.answer_patterns),

firsts as (
    select
        *,
        unnest(item_values) as value_a,
        generate_subscripts(item_values, 1) as item_a
    from patterns
),

pairs as (
    select
        scale,
        people,
        item_a,
        value_a,
        unnest(item_values) as value_b,
        generate_subscripts(item_values, 1) as item_b
    from firsts
),

sums as (
    select
        scale,
        item_a,
        item_b,
        sum(people) as respondents,
        sum(people * value_a) as sum_a,
        sum(people * value_b) as sum_b,
        sum(people * value_a * value_b) as sum_ab
    from pairs
    group by scale, item_a, item_b
)

select
    scale,
    item_a,
    item_b,
    cast(respondents as bigint) as respondents,
    (sum_ab - sum_a * sum_b / respondents) / nullif(respondents - 1, 0) as covariance
from sums
