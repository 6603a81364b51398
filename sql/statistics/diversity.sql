-- Not a uniform group: the mix within people and the differences between them, by partition of Shannon entropy in nats.
-- entropy_total (of the mean mix) = entropy_within (mean of the respondents') + entropy_between, the Jensen-Shannon
-- divergence of the respondents (Lin, 1991; Jost, 2007). motives_in_play = exp(entropy_within), the effective number of
-- motives of a typical member, from 1 to the number of motives. evenness_within = entropy_within / ln(motives).
-- between_share = entropy_between / entropy_total; between_share_by_error is what measurement error alone would give:
-- half the sum over motives of error variance / mean share, over entropy_total. balance and its sd are in POMP points.
-- blau = 1 - sum n_k (n_k - 1) / (n (n - 1)) over the dominant motives: the chance that two respondents differ.
-- Grain: one row per period, unit_type, unit_id.

with

units as (select * from statistics.units),

unit_responses as (select * from scored.unit_responses),

mixes as (select * from scored.mixes),

respondent_mixes as (select * from scored.respondent_mixes),

balances as (select * from scored.balances),

dominant_counts as (
    select * from statistics.class_counts
    where distribution = 'dominant_motives'
),

motive_count as (select count(*) as motives from statistics.motives_in_mix),

mean_mixes as (
    select
        unit_responses.unit_type,
        unit_responses.unit_id,
        mixes.scale,
        avg(mixes.share) as mean_share,
        avg(mixes.share_error_variance) as error_variance
    from unit_responses
    inner join mixes on unit_responses.response = mixes.response
    group by unit_responses.unit_type, unit_responses.unit_id, mixes.scale
),

totals as (
    select
        unit_type,
        unit_id,
        sum(case when mean_share > 0 then -mean_share * ln(mean_share) else 0 end) as entropy_total,
        case
            when count(error_variance) = count(*)
                then 0.5 * sum(case when mean_share > 0 then error_variance / mean_share else 0 end)
        end as entropy_by_error
    from mean_mixes
    group by unit_type, unit_id
),

within_people as (
    select
        unit_responses.unit_type,
        unit_responses.unit_id,
        count(*) as respondents,
        avg(respondent_mixes.entropy) as entropy_within
    from unit_responses
    inner join respondent_mixes on unit_responses.response = respondent_mixes.response
    group by unit_responses.unit_type, unit_responses.unit_id
),

balance_moments as (
    select
        unit_responses.unit_type,
        unit_responses.unit_id,
        avg(balances.balance) as balance,
        stddev_samp(balances.balance) as balance_sd
    from unit_responses
    inner join balances on unit_responses.response = balances.response
    group by unit_responses.unit_type, unit_responses.unit_id
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
