-- Views of the published tables for people who only want to browse: names beside ids, and months as dates. They are
-- projections of what is published, and differences of it. The tables `collectives`, `organisations` and `scales` are
-- those of the newest month: what has left them since keeps its rows here, with its id as its name.

create view units as
with
groups as (
    select distinct
        unit_type,
        unit_id
    from response_rates
)

select
    groups.unit_type,
    groups.unit_id,
    case
        when groups.unit_type = 'programme' then 'programme'
        else coalesce(collectives.name, organisations.name, groups.unit_id)
    end as group_name,
    case when groups.unit_type = 'organisation' then groups.unit_id else collectives.organisation_id end
        as organisation_id,
    coalesce(organisations.name, organisations_of_collectives.name) as organisation_name,
    collectives.type as collective_type
from groups
left join collectives on groups.unit_type = 'collective' and groups.unit_id = collectives.collective_id
left join organisations on groups.unit_type = 'organisation' and groups.unit_id = organisations.organisation_id
left join organisations as organisations_of_collectives
    on collectives.organisation_id = organisations_of_collectives.organisation_id;
comment on view units is
'The groups of all months by name, to join to any table. Grain: one row per unit_type, unit_id.';

create view v_levels as
select
    levels.period,
    cast(levels.period || '-01' as date) as period_start,
    levels.unit_type as kind_of_group,
    levels.unit_id,
    units.group_name,
    units.organisation_id,
    units.organisation_name,
    units.collective_type,
    levels.scale,
    coalesce(scales.label_en, levels.scale) as scale_name,
    scales.kind,
    levels.mean as mean_0_to_100,
    levels.ci_low as interval_from,
    levels.ci_high as interval_to,
    levels.respondents_band,
    levels.covered_collectives,
    levels.withheld_because,
    levels.figures_of
from scale_levels as levels
left join units on levels.unit_type = units.unit_type and levels.unit_id = units.unit_id
left join scales on levels.scale = scales.scale;
comment on view v_levels is 'Levels per group, in English words. Grain: one row per period, group, scale.';

create view v_mix as
select
    mix.period,
    cast(mix.period || '-01' as date) as period_start,
    mix.unit_type as kind_of_group,
    mix.unit_id,
    units.group_name,
    units.organisation_id,
    units.organisation_name,
    units.collective_type,
    mix.scale,
    coalesce(scales.label_en, mix.scale) as motive,
    mix.mean_share as share_in_mix,
    mix.relative_importance,
    mix.respondents_band,
    mix.withheld_because,
    mix.figures_of
from motive_mix as mix
left join units on mix.unit_type = units.unit_type and mix.unit_id = units.unit_id
left join scales on mix.scale = scales.scale;
comment on view v_mix is 'The motive mix per group, in English words. Grain: one row per period, group, motive.';

create view v_changes as
select
    changes.period,
    cast(changes.period || '-01' as date) as period_start,
    changes.unit_type as kind_of_group,
    changes.unit_id,
    levels.group_name,
    levels.organisation_id,
    levels.organisation_name,
    levels.collective_type,
    changes.scale,
    levels.scale_name,
    levels.kind,
    levels.mean_0_to_100,
    changes.compared_with,
    changes.mean_then,
    changes.difference,
    changes.ci_low as difference_from,
    changes.ci_high as difference_to,
    changes.p_adjusted,
    changes.is_change,
    changes.respondents_band,
    changes.respondents_both,
    changes.withheld_because
from changes
left join v_levels as levels
    on
        changes.period = levels.period
        and changes.unit_type = levels.kind_of_group
        and changes.unit_id = levels.unit_id
        and changes.scale = levels.scale;
comment on view v_changes is
'Changes of levels since the window before, tested, in English words. Grain: one row per period, group, scale.';

create view v_trend as
with
releases as (
    select
        period,
        lag(period) over (order by period) as previous_period
    from (select distinct period from scale_levels) as periods
),

-- What totals are computed from. They name the month of their figures only if it is the same for all of their parts;
-- parts of different months, none of them new, would otherwise pass for a total that did not change. A collective that
-- has left the register is in no organisation here, which leaves out a difference at worst.
parts as (
    select
        period,
        organisation_id,
        scale,
        coalesce(figures_of, period) as figures_of
    from v_levels
    where kind_of_group = 'collective' and mean_0_to_100 is not null
    union all
    select
        period,
        organisation_id,
        key as scale,
        coalesce(figures_of, period) as figures_of
    from rest_groups
    where table_name = 'scale_levels' and figure = 'mean'
),

newest_parts as (
    select
        period,
        'organisation' as unit_type,
        organisation_id as unit_id,
        scale,
        max(figures_of) as figures_of
    from parts
    group by period, organisation_id, scale
    union all
    select
        period,
        'programme' as unit_type,
        'programme' as unit_id,
        scale,
        max(figures_of) as figures_of
    from parts
    group by period, scale
),

levels as (
    select
        v_levels.*,
        case
            when v_levels.mean_0_to_100 is not null
                then cast(coalesce(v_levels.figures_of, newest_parts.figures_of, v_levels.period) || '-01' as date)
        end as figures_start
    from v_levels
    left join newest_parts
        on
            v_levels.period = newest_parts.period
            and v_levels.kind_of_group = newest_parts.unit_type
            and v_levels.unit_id = newest_parts.unit_id
            and v_levels.scale = newest_parts.scale
),

paired as (
    select
        levels.*,
        releases.previous_period,
        previous.mean_0_to_100 as previous_mean,
        previous.figures_start as previous_figures_start,
        previous.covered_collectives as previous_covered_collectives,
        coalesce(levels.figures_start < levels.period_start, false) as is_carried_forward,
        levels.figures_start = levels.period_start and previous.figures_start is not null as is_comparable
    from levels
    inner join releases on levels.period = releases.period
    left join levels as previous
        on
            releases.previous_period = previous.period
            and levels.kind_of_group = previous.kind_of_group
            and levels.unit_id = previous.unit_id
            and levels.scale = previous.scale
)

select
    period,
    period_start,
    kind_of_group,
    unit_id,
    group_name,
    organisation_id,
    organisation_name,
    collective_type,
    scale,
    scale_name,
    kind,
    mean_0_to_100,
    previous_period,
    previous_mean,
    case when is_comparable then round(mean_0_to_100 - previous_mean, 2) end as difference_since_previous,
    case when is_comparable then date_diff('month', previous_figures_start, figures_start) end as months_between,
    is_carried_forward,
    respondents_band,
    covered_collectives,
    previous_covered_collectives,
    withheld_because
from paired;
comment on view v_trend is
'Published levels beside those of the release before, in English words. Grain: one row per period, group, scale.';
