-- What the handed-out databases of all releases (schema handed_out) tell of sums over people, read from nothing but
-- what is published and who was counted where (released.members, which members of small groups may know of each other).
-- Figures that are carried forward tell what an earlier release told.
-- Grain: one row per release, family, unit_type, unit_id, figure, scale, classes.

with

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

motives as (
    select
        scales.release,
        scales.scale,
        any_value(scales.orientation) as orientation
    from handed_out.scales as scales
    inner join handed_out.motive_mix as mix on scales.release = mix.release and scales.scale = mix.scale
    where mix.mean_share is not null
    group by scales.release, scales.scale
),

counts as (
    select
        release,
        'orientations' as distribution,
        unit_type,
        unit_id,
        orientation as class,
        '' as version,
        count
    from handed_out.orientations
    where unit_type = 'collective' and count is not null and figures_of is null
    union all
    select
        release,
        'dominant_motives' as distribution,
        unit_type,
        unit_id,
        scale as class,
        '' as version,
        count
    from handed_out.dominant_motives
    where unit_type = 'collective' and count is not null and figures_of is null
    union all
    select
        release,
        'profiles' as distribution,
        unit_type,
        unit_id,
        profile as class,
        profiles_version || ' ' as version,
        count
    from handed_out.profiles
    where unit_type = 'collective' and count is not null and figures_of is null
    union all
    select
        rest_groups.release,
        rest_groups.table_name as distribution,
        'rest' as unit_type,
        rest_groups.organisation_id as unit_id,
        rest_groups.key as class,
        case when rest_groups.table_name = 'profiles' then versions.version || ' ' else '' end as version,
        cast(rest_groups.number as bigint) as count
    from handed_out.rest_groups as rest_groups
    left join (
        select
            release,
            any_value(profiles_version) as version
        from handed_out.profiles
        group by release
    ) as versions on rest_groups.release = versions.release
    where rest_groups.figure = 'count' and rest_groups.figures_of is null
),

finest_classes as (
    select
        release,
        'orientations' as distribution,
        unnest(['self', 'balanced', 'community']) as finest
    from released.releases
    union all
    select
        release,
        'dominant_motives' as distribution,
        scale as finest
    from motives
    union all
    select
        release,
        'dominant_motives' as distribution,
        'mixed' as finest
    from released.releases
    union all
    select distinct
        release,
        'profiles' as distribution,
        profile as finest
    from handed_out.profiles
    where profile <> 'other'
),

told_by_name as (
    select
        release,
        distribution,
        unit_type,
        unit_id,
        list(class) as classes
    from counts
    group by release, distribution, unit_type, unit_id
),

-- A class is itself, the motives of an orientation, or all that the group does not tell by name (other).
finest_of as (
    select
        counts.release,
        counts.distribution,
        counts.unit_type,
        counts.unit_id,
        counts.class,
        any_value(counts.count) as people,
        list(counts.version || finest_classes.finest order by finest_classes.finest) as classes
    from counts
    inner join told_by_name
        on
            counts.release = told_by_name.release
            and counts.distribution = told_by_name.distribution
            and counts.unit_type = told_by_name.unit_type
            and counts.unit_id = told_by_name.unit_id
    inner join finest_classes
        on counts.release = finest_classes.release and counts.distribution = finest_classes.distribution
    left join motives
        on
            counts.release = motives.release
            and counts.distribution = 'dominant_motives'
            and finest_classes.finest = motives.scale
    where
        counts.class = finest_classes.finest
        or counts.class = 'orientation_' || motives.orientation
        or (counts.class = 'other' and not list_contains(told_by_name.classes, finest_classes.finest))
    group by counts.release, counts.distribution, counts.unit_type, counts.unit_id, counts.class
),

evenness as (
    select
        release,
        ln(count(*)) as most
    from motives
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
    -- Of fewer than ten an end of the scale is told as the step before it.
    scored.people * case
        when scored.people < 10 and means.mean <= level_step(scored.people) then 0
        else means.mean - level_step(scored.people) / 2
    end as low,
    scored.people * case
        when scored.people < 10 and means.mean >= 100 - level_step(scored.people) then 100
        else means.mean + level_step(scored.people) / 2
    end as high
from means
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
    mixed.people * (shares.mean_share - 1.5 * share_step(mixed.people)) as low,
    mixed.people * (shares.mean_share + 1.5 * share_step(mixed.people)) as high
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
from finest_of
