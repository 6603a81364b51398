-- What disclosure control lets through of each figure of a group: nothing, levels only, in full, or what was told before
-- (carried), and why not more: what it may tell by itself, less what the differencing check withholds (rule 10). Every
-- base cell obeys this.
-- Grain: one row per family, unit_type, unit_id, figure, scale.

with

first_decisions as (select * from disclosure.first_decisions),

first_rungs as (select * from disclosure.first_rungs),

gate_verdicts as (
    select distinct
        unit_type,
        unit_id,
        figure,
        scale
    from disclosure.gate_verdicts
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
        cast(null as integer) as rung,
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
        case when is_carried then 'carried' when rung is not null then 'full' else 'nothing' end as detail,
        rung,
        withheld_because
    from first_rungs
)

select
    figures.family,
    figures.unit_type,
    figures.unit_id,
    figures.figure,
    figures.scale,
    figures.respondents,
    case when gate_verdicts.unit_id is null then figures.detail else 'nothing' end as detail,
    case when gate_verdicts.unit_id is null then figures.rung end as rung,
    case
        when gate_verdicts.unit_id is null or figures.detail = 'nothing' then figures.withheld_because
        else 'protects_people'
    end as withheld_because
from figures
left join gate_verdicts
    on
        figures.unit_type = gate_verdicts.unit_type
        and figures.unit_id = gate_verdicts.unit_id
        and figures.figure = gate_verdicts.figure
        -- A mix is one figure: without one motive the others are not told either.
        and (figures.scale = gate_verdicts.scale or gate_verdicts.figure = 'motive_mix')
