-- A respondent's motive mix: share = POMP / sum of POMP over the motives, from 0 to 1, adding up to 1; no mix when all
-- are 0. log_share is the natural logarithm after zeros got 0.65 x the respondent's smallest possible share and the
-- others made room (multiplicative replacement: Martin-Fernandez and others, 2003). share_error_variance is the
-- variance that measurement error alone gives the share (delta method).
-- Grain: one row per response, scale.

with

scores as (
    select * from scored.motive_scores
    where total_pomp > 0
),

shares as (
    select
        response,
        scale,
        standard_error,
        total_pomp,
        pomp / total_pomp as share,
        case when pomp = 0 then 0.65 * smallest_pomp / total_pomp else 0 end as replacement
    from scores
),

with_totals as (
    select
        *,
        sum(replacement) over (partition by response) as replaced,
        sum(standard_error * standard_error) over (partition by response) as error_variance,
        count(standard_error) over (partition by response) = count(*) over (partition by response) as has_errors
    from shares
)

select
    response,
    scale,
    share,
    case when share > 0 then -share * ln(share) else 0 end as entropy_term,
    case when replacement > 0 then ln(replacement) else ln(share * (1 - replaced)) end as log_share,
    case
        when has_errors
            then (
                (1 - 2 * share) * standard_error * standard_error + share * share * error_variance
            ) / (total_pomp * total_pomp)
    end as share_error_variance
from with_totals
