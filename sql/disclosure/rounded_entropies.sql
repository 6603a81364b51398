-- The entropies of contribution groups as they would be printed. Their total is that of the rounded mix; what lies
-- between people is rounded like a mean of as many people from 0 to 1, as a share of the largest entropy, ln(motives)
-- (entropy is a mean over people: a fixed step of 0.01 would reveal one member's entropy to within 15 % of its range).
-- Grain: one row per unit_type, unit_id.

with

diversity as (select * from statistics.diversity),

totals as (
    select
        unit_type,
        unit_id,
        sum(case when mean_share > 0 then -mean_share * ln(mean_share) else 0 end) as entropy_total
    from disclosure.rounded_mixes
    group by unit_type, unit_id
),

motive_count as (select ln(count(*)) as most from measurement.motives_in_mix),

rounded as (
    select
        totals.unit_type,
        totals.unit_id,
        diversity.respondents,
        motive_count.most,
        totals.entropy_total,
        at_most(
            totals.entropy_total,
            rounded_to(
                diversity.entropy_between / nullif(motive_count.most, 0), level_step(diversity.respondents) / 100
            ) * motive_count.most
        ) as entropy_between
    from totals
    inner join diversity on totals.unit_type = diversity.unit_type and totals.unit_id = diversity.unit_id
    cross join motive_count
)

select
    unit_type,
    unit_id,
    respondents,
    most,
    round(entropy_total - entropy_between, 4) as entropy_within,
    round(entropy_between, 4) as entropy_between
from rounded
