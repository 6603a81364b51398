-- A respondent's motive mix, as lists in the order of the motives: share = POMP / sum of POMP over the motives, from 0
-- to 1, adding up to 1; no mix when all are 0. entropy (Shannon, in nats) measures how mixed it is: 0 = a single
-- motive. log_share is the natural logarithm after zeros were replaced by 0.65 x the respondent's smallest possible
-- share and the other shares reduced accordingly (multiplicative replacement: Martin-Fernandez and others, 2003).
-- share_error_variance is the variance of the share due to measurement error alone (delta method); NULL where a motive
-- has a single item.
-- Grain: one row per response.

with

scores as (
    select * from mixes.motive_scores
    where total_pomp > 0
),

motives as (
    select
        list(cast(maximum - minimum as double) order by position) as ranges,
        list(standard_error order by position) as standard_errors,
        case when count(standard_error) = count(*) then sum(standard_error * standard_error) end as error_variance
    from measurement.motives_in_mix
),

shares as (
    select
        scores.response,
        scores.group_number,
        scores.total_pomp,
        motives.standard_errors,
        motives.error_variance,
        list_transform(scores.pomps, lambda pomp: pomp / scores.total_pomp) as shares,
        list_transform(
            generate_series(1, length(scores.pomps)),
            lambda place: case
                when scores.pomps[place] = 0
                    then 65 / (scores.items_answered[place] * motives.ranges[place]) / scores.total_pomp
                else cast(0 as double)
            end
        ) as replacements
    from scores
    cross join motives
),

replaced as (
    select
        *,
        list_sum(replacements) as total_replacement
    from shares
)

select
    response,
    group_number,
    shares,
    list_sum(
        list_transform(shares, lambda share: case when share > 0 then -share * ln(share) else cast(0 as double) end)
    ) as entropy,
    list_transform(
        generate_series(1, length(shares)),
        lambda place: case
            when replacements[place] > 0 then ln(replacements[place])
            else ln(shares[place] * (1 - total_replacement))
        end
    ) as log_shares,
    list_transform(
        generate_series(1, length(shares)),
        lambda place: (
            (1 - 2 * shares[place]) * standard_errors[place] * standard_errors[place]
            + shares[place] * shares[place] * error_variance
        ) / (total_pomp * total_pomp)
    ) as share_error_variances
from replaced
