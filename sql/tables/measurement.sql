-- Results about scales that SQL cannot compute: the one-factor model and the quantiles of F.

create or replace table measurement.one_factor (
    scale varchar not null,
    omega double not null,
    loadings double[] not null,
    chi_square double not null,
    degrees_of_freedom integer not null,
    cfi double,
    rmsea double,
    srmr double
);
comment on table measurement.one_factor is
'The one-factor model of the scales where it has a proper solution: McDonald''s omega, standardised loadings in the '
'order of the items, and how well it fits; CFI and RMSEA are empty where three items leave nothing to test. '
'Grain: one row per scale.';

create or replace table measurement.feldt (
    scale varchar not null,
    alpha_low double,
    alpha_high double
);
comment on table measurement.feldt is 'Feldt''s 95 % interval for alpha. Grain: one row per scale.';
