-- Similar collectives: the middle half of the published means of the other collectives of the same type, each counting
-- once, itself left out (linear interpolation: Hyndman and Fan, 1996, type 7). A band, never a rank. Only where there
-- are at least 5 others with a published mean, from at least 3 organisations, none with more than half of the
-- respondents (disclosure rule 7). The measure between_share is H_beta / H_gamma times n / (n - 1), since the share is
-- biased low in small groups. Everything follows from published values, so it tells nothing that they do not.
-- Edges: fewer peers than a band needs: no row.
-- Grain: one row per period, collective_id, measure.

with

collectives as (select * from reference.collectives),

levels as (
    select * from published.scale_levels
    where unit_type = 'collective' and mean is not null
),

diversity as (
    select * from published.diversity
    where unit_type = 'collective' and between_share is not null
),

exact_levels as (select * from statistics.scale_levels),

policy as (select * from reference.policy),

measures as (
    select
        levels.period,
        levels.unit_id as collective_id,
        levels.scale as measure,
        levels.mean as figure,
        exact_levels.respondents
    from levels
    inner join exact_levels
        on
            levels.unit_type = exact_levels.unit_type
            and levels.unit_id = exact_levels.unit_id
            and levels.scale = exact_levels.scale
    union all
    select
        period,
        unit_id as collective_id,
        'between_share' as measure,
        between_share * respondents / (respondents - 1) as figure,
        respondents
    from diversity
),

typed as (
    select
        measures.*,
        collectives.type,
        collectives.organisation_id
    from measures
    inner join collectives on measures.collective_id = collectives.collective_id
),

placed as (
    select
        *,
        row_number() over (partition by type, measure order by figure asc, collective_id asc) as place,
        row_number() over (partition by type, measure order by respondents desc, collective_id asc) as place_in_size,
        count(*) over (partition by type, measure) - 1 as peers,
        count(*) over (partition by type, measure, organisation_id) as of_own_organisation,
        sum(respondents) over (partition by type, measure) - respondents as respondents_of_peers
    from typed
),

-- Who is left out changes what is largest, and how many organisations there are, by one at most.
groups as (
    select
        type,
        measure,
        count(distinct organisation_id) as organisations,
        max(respondents) filter (where place_in_size = 1) as largest,
        max(respondents) filter (where place_in_size = 2) as second_largest
    from placed
    group by type, measure
),

allowed as (
    select placed.*
    from placed
    inner join groups on placed.type = groups.type and placed.measure = groups.measure
    cross join policy
    where
        placed.peers >= policy.benchmark_peers
        and groups.organisations - case when placed.of_own_organisation = 1 then 1 else 0 end
        >= policy.benchmark_organisations
        and 2 * case when placed.place_in_size = 1 then groups.second_largest else groups.largest end
        <= placed.respondents_of_peers
),

wanted as (
    select
        *,
        unnest([0.25, 0.5, 0.75]) as quantile
    from allowed
),

positions as (
    select
        *,
        cast(floor((peers - 1) * quantile) as bigint) + 1 as below,
        cast(ceil((peers - 1) * quantile) as bigint) + 1 as above,
        (peers - 1) * quantile - floor((peers - 1) * quantile) as way
    from wanted
),

quantiles as (
    select
        positions.period,
        positions.collective_id,
        positions.measure,
        positions.peers,
        positions.quantile,
        lower.figure + positions.way * (upper.figure - lower.figure) as figure
    from positions
    inner join placed as lower
        on
            positions.type = lower.type
            and positions.measure = lower.measure
            and lower.place = positions.below + case when positions.below >= positions.place then 1 else 0 end
    inner join placed as upper
        on
            positions.type = upper.type
            and positions.measure = upper.measure
            and upper.place = positions.above + case when positions.above >= positions.place then 1 else 0 end
)

select
    period,
    collective_id,
    measure,
    any_value(peers) as peers,
    round(max(figure) filter (where quantile = 0.25), 3) as p25,
    round(max(figure) filter (where quantile = 0.5), 3) as median,
    round(max(figure) filter (where quantile = 0.75), 3) as p75
from quantiles
group by period, collective_id, measure
