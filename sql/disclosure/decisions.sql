-- What may be published of each figure of a group: nothing, levels only, in full, or the previous figures (carried);
-- and why not more: the first decision (rules 1 to 5) minus what the differencing check withholds (rule 10). A level
-- that this check withholds is replaced by the previous one if there is one. Every contribution group follows these
-- decisions.
-- Grain: one row per family, unit_type, unit_id, figure, scale.

with

first_decisions as (select * from disclosure.first_decisions),

first_coarsening_levels as (select * from disclosure.first_coarsening_levels),

differencing_verdicts as (
    select distinct
        unit_type,
        unit_id,
        figure,
        scale
    from disclosure.differencing_verdicts
),

run as (
    select
        period,
        date_diff('month', window_start, window_end) + 1 as window_months
    from reference.run
),

nearest as (
    select * from disclosure.nearest
    where family = 'levels'
),

base as (select * from released.base),

-- Previous levels that are not older than a window.
usable_previous_levels as (
    select
        nearest.unit_type,
        nearest.unit_id,
        levels.scale
    from nearest
    inner join base on nearest.release = base.release
    inner join released.levels as levels
        on nearest.unit_type = levels.unit_type and nearest.then_unit_id = levels.unit_id
    cross join run
    where
        levels.mean is not null
        and date_diff(
            'month',
            cast(coalesce(levels.figures_of, base.period) || '-01' as date),
            cast(run.period || '-01' as date)
        ) <= run.window_months
),

figures as (
    select
        family,
        unit_type,
        unit_id,
        figure,
        scale,
        respondents,
        detail,
        cast(null as integer) as coarsening_level,
        withheld_because
    from first_decisions
    union all
    select
        'classes' as family,
        unit_type,
        unit_id,
        distribution as figure,
        '' as scale,
        respondents,
        case when is_carried then 'carried' when coarsening_level is not null then 'full' else 'nothing' end as detail,
        coarsening_level,
        withheld_because
    from first_coarsening_levels
)

select
    figures.family,
    figures.unit_type,
    figures.unit_id,
    figures.figure,
    figures.scale,
    figures.respondents,
    case
        when differencing_verdicts.unit_id is null then figures.detail
        when usable_previous_levels.unit_id is not null then 'carried'
        else 'nothing'
    end as detail,
    case when differencing_verdicts.unit_id is null then figures.coarsening_level end as coarsening_level,
    case
        when differencing_verdicts.unit_id is null or figures.detail = 'nothing' then figures.withheld_because
        when usable_previous_levels.unit_id is null then 'protects_people'
    end as withheld_because
from figures
left join differencing_verdicts
    on
        figures.unit_type = differencing_verdicts.unit_type
        and figures.unit_id = differencing_verdicts.unit_id
        and figures.figure = differencing_verdicts.figure
        -- A mix is one figure: when one motive is withheld, all are.
        and (figures.scale = differencing_verdicts.scale or differencing_verdicts.figure = 'motive_mix')
left join usable_previous_levels
    on
        figures.figure = 'scale_levels'
        and figures.unit_type = usable_previous_levels.unit_type
        and figures.unit_id = usable_previous_levels.unit_id
        and figures.scale = usable_previous_levels.scale
