-- Levels: mean and sd in POMP points with a 95 % interval mean +- t(.975, n-1) sd/sqrt(n) sqrt(1 - n/N) (finite
-- population: Cochran, 1977, 2.8; no factor when N is unknown). No interval below 3 respondents or at zero variance.
-- bound_low and bound_high are the worst-case bounds under non-response: the mean of all members lies between them
-- whatever the others would have answered.
-- reliability = n ICC1 / (1 + (n-1) ICC1): how well the collective's mean can be distinguished from those of others;
-- shrunken_mean is the empirical-Bayes mean grand + reliability (mean - grand); both for collectives only.
-- Edges: n = 0: all NULL. n = 1: mean and bounds. n = 2: sd as well. n = N: an interval without width. N unknown or
-- below n: no factor and no bounds. All alike: sd 0, no interval. A scale that nobody answered: n = 0.
-- Grain: one row per period, unit_type, unit_id, scale.

with

units as (
    select * from counted.units
    where family = 'levels'
),

scales as (select * from reference.scales),

moments as (
    select * from scored.score_moments
    where family = 'levels'
),

student_t as (select * from statistics.student_t),

between_collectives as (select * from measurement.between_collectives),

joined as (
    select
        units.period,
        units.unit_type,
        units.unit_id,
        units.members,
        scales.scale,
        coalesce(moments.respondents, 0) as respondents,
        moments.mean,
        moments.sd,
        moments.modal_count,
        student_t.quantile * moments.sd / sqrt(moments.respondents)
        * sqrt(coalesce(1 - moments.respondents / units.members, 1)) as half_width,
        between_collectives.grand_mean,
        case
            when units.unit_type = 'collective'
                then
                    moments.respondents * between_collectives.icc1
                    / (1 + (moments.respondents - 1) * between_collectives.icc1)
        end as reliability
    from units
    cross join scales
    left join moments
        on
            units.unit_type = moments.unit_type
            and units.unit_id = moments.unit_id
            and scales.scale = moments.scale
    left join student_t on student_t.degrees_of_freedom = moments.respondents - 1
    left join between_collectives on scales.scale = between_collectives.scale
)

select
    period,
    unit_type,
    unit_id,
    scale,
    respondents,
    members,
    mean,
    case when respondents >= 3 and sd > 0 then mean - half_width end as ci_low,
    case when respondents >= 3 and sd > 0 then mean + half_width end as ci_high,
    respondents * mean / members as bound_low,
    (respondents * mean + (members - respondents) * 100) / members as bound_high,
    sd,
    grand_mean + reliability * (mean - grand_mean) as shrunken_mean,
    reliability,
    modal_count
from joined
