-- Quantiles and exact intervals that SQL cannot compute, for the exact figures.

create or replace table statistics.student_t (
    degrees_of_freedom bigint not null,
    quantile double not null
);
comment on table statistics.student_t is
'The .975 quantile of Student''s t for every number of respondents that occurs. Grain: one row per degrees_of_freedom.';

create or replace table statistics.hypergeometric (
    population bigint,
    respondents bigint not null,
    successes bigint not null,
    share_low double not null,
    share_high double not null
);
comment on table statistics.hypergeometric is
'Exact 95 % intervals for a share in a finite population (in a very large one where the size is unknown). '
'Grain: one row per population, respondents, successes.';
