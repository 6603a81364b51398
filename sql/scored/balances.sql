-- Balance = mean POMP of the community motives - mean POMP of the self motives, from -100 to 100 points, and the
-- orientation it amounts to: beyond 1.96 standard errors of measurement self or community, else balanced.
-- standard_error = sqrt(sum SEM2 / k2) over the community and the self motives. No row when the mix lacks either side;
-- no orientation when a motive on either side has a single item.
-- Grain: one row per response.

with

scores as (select * from scored.motive_scores),

sides as (
    select
        response,
        avg(pomp) filter (where orientation = 'community') - avg(pomp) filter (where orientation = 'self') as balance,
        sqrt(
            sum(standard_error * standard_error) filter (where orientation = 'community')
            / pow(count(*) filter (where orientation = 'community'), 2)
            + sum(standard_error * standard_error) filter (where orientation = 'self')
            / pow(count(*) filter (where orientation = 'self'), 2)
        ) as standard_error,
        count(*) filter (where orientation <> 'none' and standard_error is null) = 0 as can_decide
    from scores
    group by response
)

select
    response,
    balance,
    case when can_decide then standard_error end as standard_error,
    case
        when not can_decide or standard_error is null then null
        when balance > 1.96 * standard_error then 'community'
        when balance < -1.96 * standard_error then 'self'
        else 'balanced'
    end as orientation
from sides
where balance is not null
