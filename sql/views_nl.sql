-- The views for people who only want to browse, in Dutch words.

create view groepen as
select
    unit_type,
    unit_id,
    case unit_type when 'collective' then 'collectief' when 'organisation' then 'organisatie' else 'programma' end
        as soort_groep,
    case when unit_type = 'programme' then 'programma' else group_name end as groep
from units;
comment on view groepen is 'De groepen van alle maanden, met hun naam. Per rij: unit_type, unit_id.';

create view schalen as
select
    scale,
    label_nl as schaal,
    case kind when 'motive' then 'motief' when 'condition' then 'voorwaarde' when 'outcome' then 'uitkomst' end
        as soort_schaal
from scales;
comment on view schalen is 'De schalen van de vragenlijst. Per rij: scale.';

create view v_niveaus as
select
    levels.period as maand,
    levels.period_start as maand_begin,
    groepen.soort_groep,
    levels.unit_id as groep_id,
    groepen.groep,
    levels.organisation_id as organisatie_id,
    levels.organisation_name as organisatie,
    levels.collective_type as soort_collectief,
    levels.scale as schaal_id,
    coalesce(schalen.schaal, levels.scale) as schaal,
    schalen.soort_schaal,
    levels.mean_0_to_100 as gemiddelde_0_tot_100,
    levels.interval_from as interval_van,
    levels.interval_to as interval_tot,
    levels.respondents_band as respondenten,
    levels.covered_collectives as collectieven_in_cijfer,
    levels.withheld_because as niet_getoond_omdat,
    levels.figures_of as cijfers_van
from v_levels as levels
left join groepen on levels.kind_of_group = groepen.unit_type and levels.unit_id = groepen.unit_id
left join schalen on levels.scale = schalen.scale;
comment on view v_niveaus is 'Niveaus per groep, in Nederlandse woorden. Per rij: maand, groep, schaal.';

create view v_motievenmix as
select
    mix.period as maand,
    mix.period_start as maand_begin,
    groepen.soort_groep,
    mix.unit_id as groep_id,
    groepen.groep,
    mix.organisation_id as organisatie_id,
    mix.organisation_name as organisatie,
    mix.collective_type as soort_collectief,
    mix.scale as schaal_id,
    coalesce(schalen.schaal, mix.scale) as motief,
    mix.share_in_mix as aandeel_in_mix,
    mix.relative_importance as relatief_belang,
    mix.respondents_band as respondenten,
    mix.withheld_because as niet_getoond_omdat,
    mix.figures_of as cijfers_van
from v_mix as mix
left join groepen on mix.kind_of_group = groepen.unit_type and mix.unit_id = groepen.unit_id
left join schalen on mix.scale = schalen.scale;
comment on view v_motievenmix is 'De motievenmix per groep, in Nederlandse woorden. Per rij: maand, groep, motief.';

create view v_veranderingen as
select
    changes.period as maand,
    changes.period_start as maand_begin,
    groepen.soort_groep,
    changes.unit_id as groep_id,
    groepen.groep,
    changes.organisation_id as organisatie_id,
    changes.organisation_name as organisatie,
    changes.collective_type as soort_collectief,
    changes.scale as schaal_id,
    coalesce(schalen.schaal, changes.scale) as schaal,
    schalen.soort_schaal,
    changes.mean_0_to_100 as gemiddelde_0_tot_100,
    changes.compared_with as vergeleken_met,
    changes.mean_then as gemiddelde_toen,
    changes.difference as verschil,
    changes.difference_from as verschil_van,
    changes.difference_to as verschil_tot,
    changes.p_adjusted as p_gecorrigeerd,
    changes.is_change as is_veranderd,
    changes.respondents_band as respondenten,
    changes.respondents_both as respondenten_beide_keren,
    changes.withheld_because as niet_getoond_omdat
from v_changes as changes
left join groepen on changes.kind_of_group = groepen.unit_type and changes.unit_id = groepen.unit_id
left join schalen on changes.scale = schalen.scale;
comment on view v_veranderingen is
'Veranderingen van niveaus sinds het vorige venster, getoetst, in Nederlandse woorden. Per rij: maand, groep, schaal.';

create view v_verloop as
select
    trend.period as maand,
    trend.period_start as maand_begin,
    groepen.soort_groep,
    trend.unit_id as groep_id,
    groepen.groep,
    trend.organisation_id as organisatie_id,
    trend.organisation_name as organisatie,
    trend.collective_type as soort_collectief,
    trend.scale as schaal_id,
    coalesce(schalen.schaal, trend.scale) as schaal,
    schalen.soort_schaal,
    trend.mean_0_to_100 as gemiddelde_0_tot_100,
    trend.previous_period as vorige_maand,
    trend.previous_mean as vorig_gemiddelde,
    trend.difference_since_previous as verschil_met_vorige,
    trend.months_between as maanden_ertussen,
    trend.is_carried_forward as is_van_eerdere_maand,
    trend.respondents_band as respondenten,
    trend.covered_collectives as collectieven_in_cijfer,
    trend.previous_covered_collectives as collectieven_in_vorig_cijfer,
    trend.withheld_because as niet_getoond_omdat
from v_trend as trend
left join groepen on trend.kind_of_group = groepen.unit_type and trend.unit_id = groepen.unit_id
left join schalen on trend.scale = schalen.scale;
comment on view v_verloop is
'Gepubliceerde niveaus naast die van de vorige uitgave, in Nederlandse woorden. Per rij: maand, groep, schaal.';
