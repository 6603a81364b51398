-- Views of the published tables with readable names, for people who only want to browse.

create view v_levels as
select
    levels.period,
    levels.unit_type as kind_of_group,
    coalesce(collectives.name, organisations.name, 'programme') as group_name,
    scales.label_en as scale_name,
    levels.mean as mean_0_to_100,
    levels.ci_low as interval_from,
    levels.ci_high as interval_to,
    levels.respondents_band,
    levels.withheld_because
from scale_levels as levels
inner join scales on levels.scale = scales.scale
left join collectives on levels.unit_type = 'collective' and levels.unit_id = collectives.collective_id
left join organisations on levels.unit_type = 'organisation' and levels.unit_id = organisations.organisation_id;
comment on view v_levels is 'Levels per group, in English words. Grain: one row per period, group, scale.';

create view v_niveaus as
select
    levels.period as maand,
    case levels.unit_type
        when 'collective' then 'collectief' when 'organisation' then 'organisatie' else 'programma'
    end
        as soort_groep,
    coalesce(collectives.name, organisations.name, 'programma') as groep,
    scales.label_nl as schaal,
    levels.mean as gemiddelde_0_tot_100,
    levels.ci_low as interval_van,
    levels.ci_high as interval_tot,
    levels.respondents_band as respondenten,
    levels.withheld_because as niet_getoond_omdat
from scale_levels as levels
inner join scales on levels.scale = scales.scale
left join collectives on levels.unit_type = 'collective' and levels.unit_id = collectives.collective_id
left join organisations on levels.unit_type = 'organisation' and levels.unit_id = organisations.organisation_id;
comment on view v_niveaus is 'Niveaus per groep, in Nederlandse woorden. Per rij: maand, groep, schaal.';

create view v_mix as
select
    mix.period,
    mix.unit_type as kind_of_group,
    coalesce(collectives.name, organisations.name, 'programme') as group_name,
    scales.label_en as motive,
    mix.mean_share as share_in_mix,
    mix.relative_importance,
    mix.withheld_because
from motive_mix as mix
inner join scales on mix.scale = scales.scale
left join collectives on mix.unit_type = 'collective' and mix.unit_id = collectives.collective_id
left join organisations on mix.unit_type = 'organisation' and mix.unit_id = organisations.organisation_id;
comment on view v_mix is 'The motive mix per group, in English words. Grain: one row per period, group, motive.';

create view v_motievenmix as
select
    mix.period as maand,
    case mix.unit_type when 'collective' then 'collectief' when 'organisation' then 'organisatie' else 'programma' end
        as soort_groep,
    coalesce(collectives.name, organisations.name, 'programma') as groep,
    scales.label_nl as motief,
    mix.mean_share as aandeel_in_mix,
    mix.relative_importance as relatief_belang,
    mix.withheld_because as niet_getoond_omdat
from motive_mix as mix
inner join scales on mix.scale = scales.scale
left join collectives on mix.unit_type = 'collective' and mix.unit_id = collectives.collective_id
left join organisations on mix.unit_type = 'organisation' and mix.unit_id = organisations.organisation_id;
comment on view v_motievenmix is 'De motievenmix per groep, in Nederlandse woorden. Per rij: maand, groep, motief.';
