-- Not a uniform group: the mix within people and the differences between them, by partition of Shannon entropy in nats.
-- entropy_total (of the mean mix) = entropy_within (mean of the respondents') + entropy_between, the Jensen-Shannon
-- divergence of the respondents (Lin, 1991; Jost, 2007). motives_in_play = exp(entropy_within), the effective number of
-- motives of a typical member, from 1 to the number of motives. evenness_within = entropy_within / ln(motives).
-- between_share = entropy_between / entropy_total; between_share_by_error is what measurement error alone would give:
-- half the sum over motives of error variance / mean share, over entropy_total. balance and its sd are in POMP points.
-- blau = 1 - sum n_k (n_k - 1) / (n (n - 1)) over the dominant motives: the chance that two respondents differ.
-- Edges: n = 0: all NULL. n = 1: entropy_between 0, no balance_sd, no blau. All alike: entropy_between 0, balance_sd
-- 0. One motive in the mix: entropies 0, no evenness and no between_share.
-- Grain: one row per period, unit_type, unit_id.

with

units as (select * from statistics.units),

sums as (select * from statistics.mix_moments),

mean_mixes as (
    select * from statistics.motive_mix
    where mean_share is not null
),

dominant_counts as (
    select * from statistics.class_counts
    where distribution = 'dominant_motives'
),

motive_count as (select count(*) as motives from statistics.motives_in_mix),

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

within_people as (
    select
        unit_type,
        unit_id,
        respondents,
        total / respondents as entropy_within
    from sums
    where figure = 'entropy'
),

balance_moments as (
    select
        unit_type,
        unit_id,
        total / respondents as balance,
        sd_of_sums(respondents, total, squares, is_alike) as balance_sd
    from sums
    where figure = 'balance'
),

blau_indices as (
    select
        unit_type,
        unit_id,
        1 - sum(count * (count - 1)) / nullif(any_value(respondents * (respondents - 1)), 0) as blau
    from dominant_counts
    group by unit_type, unit_id
)

select
    units.period,
    units.unit_type,
    units.unit_id,
    coalesce(within_people.respondents, 0) as respondents,
    exp(within_people.entropy_within) as motives_in_play,
    totals.entropy_total,
    within_people.entropy_within,
    totals.entropy_total - within_people.entropy_within as entropy_between,
    within_people.entropy_within / nullif(ln(motive_count.motives), 0) as evenness_within,
    (totals.entropy_total - within_people.entropy_within) / nullif(totals.entropy_total, 0) as between_share,
    totals.entropy_by_error / nullif(totals.entropy_total, 0) as between_share_by_error,
    balance_moments.balance,
    balance_moments.balance_sd,
    blau_indices.blau
from units
cross join motive_count
left join within_people on units.unit_type = within_people.unit_type and units.unit_id = within_people.unit_id
left join totals on units.unit_type = totals.unit_type and units.unit_id = totals.unit_id
left join balance_moments on units.unit_type = balance_moments.unit_type and units.unit_id = balance_moments.unit_id
left join blau_indices on units.unit_type = blau_indices.unit_type and units.unit_id = blau_indices.unit_id
