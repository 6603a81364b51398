-- Comparison with similar collectives: the interquartile range of the published means of the other collectives of the
-- same type, each counting once, the collective itself excluded (linear interpolation: Hyndman and Fan, 1996, type 7).
-- A range, never a rank. Only if enough others have a published mean, from enough organisations (both numbers are in
-- reference.policy), and none has more than half of the respondents (disclosure rule 7). verdict: higher or lower only
-- if the whole interval of the mean lies outside the range; similar if the mean lies within it; else uncertain, also if
-- the collective's mean cannot be distinguished well enough from others (reliability below `comparison_reliability`, or
-- unknown). The measure between_share is H_beta / H_gamma times n / (n - 1), because the share is biased downwards in
-- small groups; its interval is that of its rounding. Everything is computed from published values.
-- Edges: fewer similar collectives than required: no row.
-- Grain: one row per period, collective_id, measure.

with

collectives as (select * from reference.collectives),

policy as (select * from reference.policy),

levels as (
    select * from published.scale_levels
    where unit_type = 'collective' and mean is not null
),

diversity as (
    select * from published.diversity
    where unit_type = 'collective' and between_share is not null
),

measures as (
    select
        period,
        unit_id as collective_id,
        scale as measure,
        mean as figure,
        ci_low as figure_low,
        ci_high as figure_high,
        -- Where the number of respondents is not published, the smallest possible one.
        coalesce(levels.respondents, policy.levels_from) as respondents,
        reliability
    from levels
    cross join policy
    union all
    select
        period,
        unit_id as collective_id,
        'between_share' as measure,
        between_share * respondents / (respondents - 1) as figure,
        (between_share - level_step(respondents) / 200) * respondents / (respondents - 1) as figure_low,
        (between_share + level_step(respondents) / 200) * respondents / (respondents - 1) as figure_high,
        respondents,
        1 as reliability
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

-- Each collective with the others; its organisation is not counted if it has no other collective.
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
    compared.figure as compared_value,
    compared.peers,
    round(compared.p25, 3) as p25,
    round(compared.median, 3) as median,
    round(compared.p75, 3) as p75,
    case
        when coalesce(compared.reliability, 0) < policy.comparison_reliability then 'uncertain'
        when compared.figure_low > round(compared.p75, 3) then 'higher'
        when compared.figure_high < round(compared.p25, 3) then 'lower'
        when compared.figure between round(compared.p25, 3) and round(compared.p75, 3) then 'similar'
        else 'uncertain'
    end as verdict
from compared
cross join policy
where
    compared.peers >= policy.benchmark_peers
    and compared.organisations_of_peers >= policy.benchmark_organisations
    and 2 * compared.largest_peer <= compared.respondents_of_peers
