-- Quantiles, intervals and tests on published figures, and the verdicts of the differencing check.

create or replace table disclosure.differencing_verdicts (
    unit_type varchar not null,
    unit_id varchar not null,
    figure varchar not null,
    scale varchar not null
);
comment on table disclosure.differencing_verdicts is
'Figures that are withheld because the answers of few people would follow from them and others (disclosure rule 10). '
'Grain: one row per unit_type, unit_id, figure, scale.';

create or replace table disclosure.safe_clusters (
    fingerprint varchar not null
);
comment on table disclosure.safe_clusters is
'Clusters that the differencing check has solved, without what it withholds, as a hash of people and bounds. The audit '
'of the release solves all others. Grain: one row per fingerprint.';

create or replace table disclosure.total_quantiles (
    unit_type varchar not null,
    unit_id varchar not null,
    scale varchar not null,
    quantile double not null
);
comment on table disclosure.total_quantiles is
'The .975 quantile of Student''s t for the degrees of freedom of each total. '
'Grain: one row per unit_type, unit_id, scale.';

create or replace table disclosure.total_shares (
    unit_type varchar not null,
    unit_id varchar not null,
    distribution varchar not null,
    class varchar not null,
    share_low double not null,
    share_high double not null
);
comment on table disclosure.total_shares is
'Korn and Graubard''s 95 % interval for the share of a class in a total. '
'Grain: one row per unit_type, unit_id, distribution, class.';

create or replace table disclosure.hypergeometric (
    population bigint,
    respondents bigint not null,
    successes bigint not null,
    share_low double not null,
    share_high double not null
);
comment on table disclosure.hypergeometric is
'Exact 95 % intervals for the numbers of coarsened classes that are not in statistics.hypergeometric. '
'Grain: one row per population, respondents, successes.';

create or replace table disclosure.change_tests (
    unit_type varchar not null,
    unit_id varchar not null,
    scale varchar not null,
    p_adjusted double not null,
    ci_low double not null,
    ci_high double not null
);
comment on table disclosure.change_tests is
'Holm''s adjusted p-value of each change that a report shows, and its interval at the level of its step. '
'Grain: one row per unit_type, unit_id, scale.';
