-- Totals of levels, computed from published contribution groups: estimates for all members, not only for respondents.
-- Rounded to the step allowed for that many respondents, interval ends outwards to a tenth (they reveal no more than
-- those of the groups); over a single group the figures are those of that group.
-- Bounds: members of groups without published levels could have any mean. Below full_from respondents only the mean.
-- Grain: one row per unit_type, unit_id, scale.

with

policy as (select * from reference.policy),

sums as (select * from disclosure.level_sums),

quantiles as (select * from disclosure.total_quantiles),

drawn as (
    select
        sums.*,
        sums.respondents >= policy.full_from as is_full,
        level_step(sums.respondents) as step,
        case when sums.members_of_total > 0 then sums.covered_members / sums.members_of_total end as covered_share,
        quantiles.quantile * sqrt(sums.variance) as half_width,
        sums.respondents >= policy.spread_from as has_spread
    from sums
    cross join policy
    left join quantiles
        on sums.unit_type = quantiles.unit_type and sums.unit_id = quantiles.unit_id and sums.scale = quantiles.scale
),

bounded as (
    select
        *,
        case when is_full then rounded_down(covered_share * bound_low, 0.5) end as lowest,
        case
            when is_full then rounded_up(covered_share * bound_high + (1 - covered_share) * 100, 0.5)
        end as highest
    from drawn
)

select
    unit_type,
    unit_id,
    scale,
    respondents,
    is_full,
    case when parts = 1 then mean else rounded_to(mean, step) end as mean,
    case
        when is_full
            then case
                when parts = 1 then ci_low_of_only_part
                else at_least(coalesce(lowest, 0), rounded_down(at_least(0, mean - half_width), 0.1))
            end
    end as ci_low,
    case
        when is_full
            then case
                when parts = 1 then ci_high_of_only_part
                else at_most(coalesce(highest, 100), rounded_up(mean + half_width, 0.1))
            end
    end as ci_high,
    lowest as bound_low,
    highest as bound_high,
    case when is_full and has_spread then rounded_to(sd, step) end as sd,
    covered_collectives,
    covered_members,
    collectives,
    round(covered_share, 3) as covered_share,
    case when collectives > 1 then only_part end as computed_over,
    figures_of
from bounded
