-- Balance = mean POMP of the community motives - mean POMP of the self motives, from -100 to 100 points, and the
-- resulting orientation: self or community if the balance exceeds `normal_quantile` (1.96) standard errors of
-- measurement in that direction, else balanced.
-- standard_error = sqrt(sum SEM2 / k2) over the community and the self motives. No row when the mix lacks either side;
-- no orientation when a motive on either side has a single item.
-- Grain: one row per response.

with

policy as (select * from reference.policy),

scores as (select * from mixes.motive_scores),

numbered as (
    select
        *,
        row_number() over (order by position) as place
    from measurement.motives_in_mix
),

sides as (
    select
        list(place) filter (where orientation = 'community') as community,
        list(place) filter (where orientation = 'self') as self,
        case
            when count(*) filter (where orientation <> 'none' and standard_error is null) = 0
                then sqrt(
                    sum(standard_error * standard_error) filter (where orientation = 'community')
                    / pow(count(*) filter (where orientation = 'community'), 2)
                    + sum(standard_error * standard_error) filter (where orientation = 'self')
                    / pow(count(*) filter (where orientation = 'self'), 2)
                )
        end as standard_error
    from numbered
),

balanced as (
    select
        scores.response,
        scores.group_number,
        list_avg(list_select(scores.pomps, sides.community)) - list_avg(list_select(scores.pomps, sides.self))
            as balance,
        sides.standard_error,
        policy.normal_quantile * sides.standard_error as margin
    from scores
    cross join sides
    cross join policy
)

select
    response,
    group_number,
    balance,
    standard_error,
    case
        when margin is null then null
        when balance > margin then 'community'
        when balance < -margin then 'self'
        else 'balanced'
    end as orientation
from balanced
where balance is not null
