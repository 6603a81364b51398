-- Bounds that the released databases (schema handed_out) put on totals over people, derived only from what is published
-- and from who was counted where (released.members; members of small groups may know this of each other). Figures that
-- are carried forward add nothing to an earlier release.
-- Grain: one row per release, family, unit_type, unit_id, figure, scale, classes.

with

thresholds as (
    select
        release,
        cast(value as integer) as full_from
    from handed_out.about
    where key = 'full_from'
),

answered as (
    select
        groups.release,
        groups.family,
        groups.unit_type,
        groups.unit_id,
        members.answered
    from released.members as members
    inner join (
        select distinct
            release,
            family,
            unit_type,
            unit_id,
            collective_id
        from released.groups
    ) as groups on members.release = groups.release and members.collective_id = groups.collective_id
),

places as (
    select
        release,
        unnest(scales) as scale,
        generate_subscripts(scales, 1) as place
    from released.releases
),

scored as (
    select
        answered.release,
        answered.unit_type,
        answered.unit_id,
        places.scale,
        count(*) filter (where substr(answered.answered, places.place, 1) = '1') as people
    from answered
    inner join places on answered.release = places.release
    where answered.family = 'levels'
    group by answered.release, answered.unit_type, answered.unit_id, places.scale
),

mixed as (
    select
        release,
        family,
        unit_type,
        unit_id,
        count(*) filter (where right(answered, 1) = '1') as people
    from answered
    where family in ('mix', 'classes')
    group by release, family, unit_type, unit_id
),

means as (
    select
        release,
        unit_type,
        unit_id,
        scale,
        mean
    from handed_out.scale_levels
    where unit_type = 'collective' and mean is not null and figures_of is null
    union all
    select
        release,
        'rest' as unit_type,
        organisation_id as unit_id,
        key as scale,
        number as mean
    from handed_out.rest_groups
    where table_name = 'scale_levels' and figure = 'mean' and figures_of is null
),

shares as (
    select
        release,
        unit_type,
        unit_id,
        scale,
        mean_share
    from handed_out.motive_mix
    where unit_type = 'collective' and mean_share is not null and figures_of is null
    union all
    select
        release,
        'rest' as unit_type,
        organisation_id as unit_id,
        key as scale,
        number as mean_share
    from handed_out.rest_groups
    where table_name = 'motive_mix' and figure = 'mean_share' and figures_of is null
),

entropies as (
    select
        release,
        unit_type,
        unit_id,
        entropy_within
    from handed_out.diversity
    where unit_type = 'collective' and entropy_within is not null and figures_of is null
    union all
    select
        release,
        'rest' as unit_type,
        organisation_id as unit_id,
        number as entropy_within
    from handed_out.rest_groups
    where table_name = 'diversity' and figure = 'entropy_within' and figures_of is null
),

classes as (select * from handed_out.finest_classes),

evenness as (
    select
        release,
        ln(count(*)) as most
    from handed_out.motives_in_mix
    group by release
    having count(*) > 1
)

select
    means.release,
    'levels' as family,
    means.unit_type,
    means.unit_id,
    'scale_levels' as figure,
    means.scale,
    cast([] as varchar[]) as classes,
    -- Below `full_from` respondents, a mean at an end of the scale is published as the step before it.
    scored.people * case
        when scored.people < thresholds.full_from and means.mean <= level_step(scored.people) then 0
        else means.mean - level_step(scored.people) / 2
    end as low,
    scored.people * case
        when scored.people < thresholds.full_from and means.mean >= 100 - level_step(scored.people) then 100
        else means.mean + level_step(scored.people) / 2
    end as high
from means
inner join thresholds on means.release = thresholds.release
inner join scored
    on
        means.release = scored.release
        and means.unit_type = scored.unit_type
        and means.unit_id = scored.unit_id
        and means.scale = scored.scale
union all
select
    shares.release,
    'mix' as family,
    shares.unit_type,
    shares.unit_id,
    'motive_mix' as figure,
    shares.scale,
    cast([] as varchar[]) as classes,
    mixed.people * (shares.mean_share - share_step(mixed.people)) as low,
    mixed.people * (shares.mean_share + share_step(mixed.people)) as high
from shares
inner join mixed
    on
        mixed.family = 'mix'
        and shares.release = mixed.release
        and shares.unit_type = mixed.unit_type
        and shares.unit_id = mixed.unit_id
union all
select
    entropies.release,
    'mix' as family,
    entropies.unit_type,
    entropies.unit_id,
    'diversity' as figure,
    '' as scale,
    cast([] as varchar[]) as classes,
    mixed.people * (entropies.entropy_within / evenness.most - level_step(mixed.people) / 200 - 0.01) as low,
    mixed.people * (entropies.entropy_within / evenness.most + level_step(mixed.people) / 200 + 0.01) as high
from entropies
inner join evenness on entropies.release = evenness.release
inner join mixed
    on
        mixed.family = 'mix'
        and entropies.release = mixed.release
        and entropies.unit_type = mixed.unit_type
        and entropies.unit_id = mixed.unit_id
union all
select
    release,
    'classes' as family,
    unit_type,
    unit_id,
    distribution as figure,
    '' as scale,
    classes,
    people as low,
    people as high
from classes
