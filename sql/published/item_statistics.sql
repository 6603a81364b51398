-- Statistics of each item over the whole programme, for the methods annex: mean and standard deviation rounded to the
-- step allowed for the group, missing_share in whole percents, correlation and loading to two digits. From 30 answers
-- on, and not where all respondents, or all but one, may have given the same answer (disclosure rule 4): with one
-- different answer the sum of squared deviations is below the squared range of the answers. Carried forward until ten
-- people joined, left or changed an answer (figures_of).
-- Grain: one row per period, item.

with

run as (select * from reference.run),

carried_forward as (select * from measurement.carried_forward),

released_rows as (select * from released.item_statistics),

items as (select * from statistics.item_statistics),

reference_items as (select * from reference.items),

policy as (select * from reference.policy),

judged as (
    select
        items.*,
        items.answers >= policy.spread_from as is_enough,
        items.sd * items.sd * (items.answers - 1)
        < pow(reference_items.maximum - reference_items.minimum, 2) as is_alike,
        level_step(items.answers) / 100 * (reference_items.maximum - reference_items.minimum) as step
    from items
    inner join reference_items on items.item = reference_items.item
    cross join policy
),

decided as (
    select
        *,
        is_enough and not is_alike as is_shown
    from judged
),

fresh as (
    select
        item,
        scale,
        case when is_shown then respondents end as respondents,
        people_band(respondents, policy.levels_from, policy.full_from) as respondents_band,
        case when is_shown then rounded_to(mean, step) end as item_mean,
        case when is_shown then rounded_to(sd, step) end as item_sd,
        case when is_shown then round(1 - answers / respondents, 2) end as missing_share,
        case when is_shown then round(round(item_rest_correlation, 9), 2) end as item_rest_correlation,
        case when is_shown then round(round(loading, 9), 2) end as loading,
        case when not is_enough then 'too_few' when is_alike then 'protects_people' end as withheld_because,
        cast(null as varchar) as figures_of
    from decided
    cross join policy
),

carried as (
    select
        released_rows.* exclude (period) replace (
            coalesce(released_rows.figures_of, released_rows.period) as figures_of
        )
    from released_rows
    cross join run
    cross join carried_forward
    where carried_forward.is_carried
),

figures as (
    select * from carried
    union all by name
    select * from fresh
    where item not in (select item from carried)
)

select
    run.period,
    figures.item,
    figures.scale,
    figures.respondents,
    figures.respondents_band,
    figures.item_mean,
    figures.item_sd,
    figures.missing_share,
    figures.item_rest_correlation,
    figures.loading,
    figures.withheld_because,
    figures.figures_of
from figures
cross join run
