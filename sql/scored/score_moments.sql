-- Count, mean and standard deviation (n - 1) of the scores of each group in the current window, in POMP points; a
-- collective, which is the same group in every family, occurs once, in the family levels.
-- modal_count is the number of respondents with the most frequent score. sd is exactly 0 when all scores are the same,
-- NULL below two respondents.
-- Edges: nobody: no row. n = 1: a mean and no sd. All alike: sd 0.
-- Grain: one row per family, unit_type, unit_id, scale.

with

groups as (
    select * from counted.groups
    where family = 'levels' or unit_type = 'rest'
),

counts as (select * from scored.score_counts),

unit_counts as (
    select
        groups.family,
        groups.unit_type,
        groups.unit_id,
        counts.scale,
        counts.pomp,
        sum(counts.people) as people
    from counts
    inner join groups on counts.group_number = groups.group_number
    group by groups.family, groups.unit_type, groups.unit_id, counts.scale, counts.pomp
),

sums as (
    select
        family,
        unit_type,
        unit_id,
        scale,
        cast(sum(people) as bigint) as respondents,
        sum(people * pomp) as total,
        sum(people * pomp * pomp) as squares,
        min(pomp) = max(pomp) as is_alike,
        cast(max(people) as bigint) as modal_count
    from unit_counts
    group by family, unit_type, unit_id, scale
)

select
    family,
    unit_type,
    unit_id,
    scale,
    respondents,
    total / respondents as mean,
    sd_of_sums(respondents, total, squares, is_alike) as sd,
    modal_count
from sums
