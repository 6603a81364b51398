"""Every threshold that decides what may be published, each with the reason for its value."""

from dataclasses import dataclass

# Culture Amp and Glint publish nothing below 5 answers; a mean of fewer discloses too much about each person.
LEVELS_FROM = 5
# ONS, SACRO, the GP Patient Survey and UK LLC publish counts from 10 on.
FULL_FROM = 10
# Percentages of fewer than 20 people mislead: one person is more than 5 points.
DISTRIBUTIONS_FROM = 20
# From mean and SD alone, all 5 answers to one item can be reconstructed in 74 % of groups.
SPREAD_FROM = 30
# Minimum frequency of a class in a published distribution: as many people as a mean needs.
CLASS_FROM = 5
# A difference of two figures that covers fewer people than this is treated as disclosing individuals (rules 5 and 10).
SET_FROM = 5
# What a file held is published in tens, so that no single response shows (rule 9).
FILE_COUNTS_IN = 10
# Programme-wide figures are recomputed only after this many people joined, left or changed answers (ONS: 10).
MEASURED_AGAIN_FROM = 10
# Rule 10: bounds on the mean of fewer people must span at least this many POMP points, half of the scale.
SET_RANGE = 50.0
# A lead between motives, or a balance, counts beyond this many standard errors of measurement: the .975 quantile of the
# normal distribution.
NORMAL_QUANTILE = 1.96
# Members differ clearly where they do so at least twice as much as measurement error alone would give.
DIFFER_FROM = 2.0
# Significance level of a change, after Holm's adjustment over all changes in one report.
CHANGE_FROM = 0.05
# Below .60 half of the differences on a scale are noise (Nunnally, 1978, asks .70 for research; we warn there).
RELIABILITY_WITHHOLD = 0.60
RELIABILITY_WARN = 0.70
# The interval of alpha is too wide to judge a scale on fewer pooled respondents.
RELIABILITY_POOLED_FROM = 30
# Differences between collectives are shown only from this reliability of their means (ICC(2)) on.
COMPARISON_RELIABILITY = 0.70
# Minimum number of respondents for profiles, and minimum share of respondents in each profile.
PROFILES_FROM = 300
PROFILE_SHARE_FROM = 0.10
# Below this adjusted Rand index (1 = identical profiles in every bootstrap sample) the steward is warned.
PROFILE_STABILITY_WARN = 0.80
# Disclosure rule 7: a benchmark of fewer collectives, or of one or two organisations, discloses single ones.
BENCHMARK_PEERS = 5
BENCHMARK_ORGANISATIONS = 3


@dataclass(frozen=True)
class Policy:
    """The thresholds of one programme; it may raise the first three, never lower them."""

    levels_from: int = LEVELS_FROM
    full_from: int = FULL_FROM
    distributions_from: int = DISTRIBUTIONS_FROM
    spread_from: int = SPREAD_FROM
    class_from: int = CLASS_FROM
    set_from: int = SET_FROM
    set_range: float = SET_RANGE
    file_counts_in: int = FILE_COUNTS_IN
    normal_quantile: float = NORMAL_QUANTILE
    reliability_withhold: float = RELIABILITY_WITHHOLD
    reliability_pooled_from: int = RELIABILITY_POOLED_FROM
    measured_again_from: int = MEASURED_AGAIN_FROM
    differ_from: float = DIFFER_FROM
    change_from: float = CHANGE_FROM
    comparison_reliability: float = COMPARISON_RELIABILITY
    benchmark_peers: int = BENCHMARK_PEERS
    benchmark_organisations: int = BENCHMARK_ORGANISATIONS
