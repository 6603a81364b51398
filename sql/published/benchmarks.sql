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

-- Each collective beside the others; with it goes its organisation, where that has no other collective.
compared as (
    select
        *,
        count(*) over others as peers,
        count(distinct organisation_id) over everyone - case when count(*) over of_organisation = 1 then 1 else 0 end
            as organisations_of_peers,
        max(respondents) over others as largest_peer,
        sum(respondents) over others as respondents_of_peers,
        quantile_cont(figure, 0.25) over others as p25,
        quantile_cont(figure, 0.5) over others as median,
        quantile_cont(figure, 0.75) over others as p75
    from typed
    window
        everyone as (partition by type, measure),
        of_organisation as (partition by type, measure, organisation_id),
        others as (
            partition by type, measure
            rows between unbounded preceding and unbounded following exclude current row
        )
)

select
    compared.period,
    compared.collective_id,
    compared.measure,
    compared.peers,
    round(compared.p25, 3) as p25,
    round(compared.median, 3) as median,
    round(compared.p75, 3) as p75
from compared
cross join policy
where
    compared.peers >= policy.benchmark_peers
    and compared.organisations_of_peers >= policy.benchmark_organisations
    and 2 * compared.largest_peer <= compared.respondents_of_peers
