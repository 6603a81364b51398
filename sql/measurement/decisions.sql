-- What each scale may be used for this period. is_reliable: a scale is withheld, and a motive leaves the mix, only if
-- the upper end of Feldt's interval for alpha is below `reliability_withhold` (.60), and only with at least
-- `reliability_pooled_from` pooled respondents. A decision stays in force for the months of a window (decided_in).
-- standard_error is the SEM = sd sqrt(1 - reliability) in POMP points, from the pooled sd and reliability of all
-- collectives; NULL where the reliability is unknown. It is carried forward together with all figures about the whole
-- programme.
-- Grain: one row per scale.

with

run as (select * from reference.run),

policy as (select * from reference.policy),

reliabilities as (select * from measurement.reliabilities),

feldt as (select * from measurement.feldt),

carried_forward as (select * from measurement.carried_forward),

released_decisions as (select * from released.decisions),

pooled as (
    select
        scale,
        sd_of_sums(
            sum(people), sum(people * pomp), sum(people * pomp * pomp), min(pomp) = max(pomp)
        ) as sd
    from scored.score_counts
    group by scale
),

standing as (
    select
        released_decisions.*,
        date_diff(
            'month', cast(released_decisions.decided_in || '-01' as date), cast(run.period || '-01' as date)
        ) between 0 and date_diff('month', run.window_start, run.window_end) as is_decided
    from released_decisions
    cross join run
),

judged as (
    select
        reliabilities.scale,
        reliabilities.respondents >= policy.reliability_pooled_from as is_enough,
        coalesce(feldt.alpha_high < policy.reliability_withhold, false) as is_weak,
        pooled.sd * sqrt(at_least(0, 1 - reliabilities.estimate)) as standard_error
    from reliabilities
    cross join policy
    left join feldt on reliabilities.scale = feldt.scale
    left join pooled on reliabilities.scale = pooled.scale
)

select
    judged.scale,
    case
        when coalesce(standing.is_decided, false) then standing.is_reliable
        else not (judged.is_enough and judged.is_weak)
    end as is_reliable,
    case
        when coalesce(standing.is_decided, false) then standing.decided_in
        when judged.is_enough then run.period
    end as decided_in,
    case
        when carried_forward.is_carried and standing.scale is not null then standing.standard_error
        else judged.standard_error
    end as standard_error
from judged
cross join run
cross join carried_forward
left join standing on judged.scale = standing.scale
