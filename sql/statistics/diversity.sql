-- Diversity of motives within people and between them, by partition of Shannon entropy in nats. entropy_total (of the
-- mean mix) = entropy_within (mean over respondents) + entropy_between, the Jensen-Shannon divergence of the
-- respondents (Lin, 1991; Jost, 2007). motives_in_play = exp(entropy_within), the effective number of motives of a
-- typical member, from 1 to the number of motives. evenness_within = entropy_within / ln(motives). between_share =
-- entropy_between / entropy_total; between_share_by_error is the value that measurement error alone would give: half
-- the sum over motives of error variance / mean share, over entropy_total, at most 1; an entropy_total below a tenth of
-- ln(motives) counts as that tenth, so that the denominator does not vanish. members_differ: members differ at least
-- `differ_from` (twice) as much as error alone would give, decided on these exact figures. balance and its sd are in
-- POMP points. blau = 1 - sum n_k (n_k - 1) / (n (n - 1)) over the dominant motives: the probability that two
-- respondents differ.
-- Edges: n = 0: all NULL. n = 1: entropy_between 0, no balance_sd, no blau. All alike: entropy_between 0, balance_sd 0.
-- One motive in the mix: entropies 0, no evenness and no between_share.
-- Grain: one row per period, unit_type, unit_id.

with

policy as (select * from reference.policy),

units as (
    select * from counted.units
    where family = 'mix'
),

groups as (
    select * from counted.groups
    where family = 'mix'
),

sums as (select * from mixes.person_sums),

mean_mixes as (
    select * from statistics.motive_mix
    where mean_share is not null
),

class_counts as (select * from mixes.class_counts),

motive_count as (select count(*) as motives from measurement.motives_in_mix),

totals as (
    select
        unit_type,
        unit_id,
        sum(case when mean_share > 0 then -mean_share * ln(mean_share) else 0 end) as entropy_total,
        case
            when count(share_error_variance) = count(*)
                then 0.5 * sum(case when mean_share > 0 then share_error_variance / mean_share else 0 end)
        end as entropy_by_error
    from mean_mixes
    group by unit_type, unit_id
),

people as (
    select
        groups.unit_type,
        groups.unit_id,
        cast(sum(sums.mixes) as bigint) as respondents,
        sum(sums.entropies) / nullif(sum(sums.mixes), 0) as entropy_within,
        sum(sums.balances) / nullif(sum(sums.people), 0) as balance,
        sd_of_sums(
            sum(sums.people), sum(sums.balances), sum(sums.squares), min(sums.lowest) = max(sums.highest)
        ) as balance_sd
    from sums
    inner join groups on sums.group_number = groups.group_number
    group by groups.unit_type, groups.unit_id
),

dominant_counts as (
    select
        groups.unit_type,
        groups.unit_id,
        class_counts.class,
        sum(class_counts.people) as people
    from class_counts
    inner join groups on class_counts.group_number = groups.group_number
    where class_counts.distribution = 'dominant_motives'
    group by groups.unit_type, groups.unit_id, class_counts.class
),

blau_indices as (
    select
        unit_type,
        unit_id,
        1 - sum(people * (people - 1)) / nullif(sum(people) * (sum(people) - 1), 0) as blau
    from dominant_counts
    group by unit_type, unit_id
),

partitioned as (
    select
        units.period,
        units.unit_type,
        units.unit_id,
        coalesce(people.respondents, 0) as respondents,
        totals.entropy_total,
        people.entropy_within,
        totals.entropy_total - people.entropy_within as entropy_between,
        people.entropy_within / nullif(ln(motive_count.motives), 0) as evenness_within,
        at_most(
            1, totals.entropy_by_error / nullif(at_least(0.1 * ln(motive_count.motives), totals.entropy_total), 0)
        ) as between_share_by_error,
        people.balance,
        people.balance_sd,
        blau_indices.blau
    from units
    cross join motive_count
    left join people on units.unit_type = people.unit_type and units.unit_id = people.unit_id
    left join totals on units.unit_type = totals.unit_type and units.unit_id = totals.unit_id
    left join blau_indices on units.unit_type = blau_indices.unit_type and units.unit_id = blau_indices.unit_id
)

select
    partitioned.period,
    partitioned.unit_type,
    partitioned.unit_id,
    partitioned.respondents,
    exp(partitioned.entropy_within) as motives_in_play,
    partitioned.entropy_total,
    partitioned.entropy_within,
    partitioned.entropy_between,
    partitioned.evenness_within,
    partitioned.entropy_between / nullif(partitioned.entropy_total, 0) as between_share,
    partitioned.between_share_by_error,
    partitioned.entropy_between / nullif(partitioned.entropy_total, 0)
    >= policy.differ_from * partitioned.between_share_by_error
    and partitioned.entropy_between > 0.000001 as members_differ,
    partitioned.balance,
    partitioned.balance_sd,
    partitioned.blau
from partitioned
cross join policy
