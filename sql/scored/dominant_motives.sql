-- The motive that leads a respondent's mix, when its lead over the runner-up exceeds 1.96 sqrt(SEM1^2 + SEM2^2);
-- else mixed. A motive of a single item has no known error and decides nothing.
-- Grain: one row per response.

with

scores as (select * from scored.motive_scores),

ranked as (
    select
        *,
        row_number() over (partition by response order by pomp desc, position asc) as place
    from scores
),

leaders as (
    select
        response,
        max(scale) filter (where place = 1) as scale,
        max(pomp) filter (where place = 1) - max(pomp) filter (where place = 2) as lead_points,
        sqrt(
            pow(max(standard_error) filter (where place = 1), 2)
            + pow(max(standard_error) filter (where place = 2), 2)
        ) as lead_error
    from ranked
    group by response
)

select
    response,
    case when lead_points > 1.96 * lead_error then scale else 'mixed' end as dominant_motive
from leaders
