-- The inputs and the published figures of earlier releases, read from the disclosure record
-- (private/disclosure-record).

create or replace table released.releases (
    release integer not null,
    period varchar not null,
    version integer not null,
    instrument varchar not null,
    scales varchar[] not null,
    is_measured boolean not null
);
comment on table released.releases is
'Every release that was made, numbered by period and version; is_measured: what is about the whole programme was '
'computed for it, not carried forward. Grain: one row per release.';

create or replace table released.base (
    release integer not null,
    period varchar not null
);
comment on table released.base is
'The release whose figures are carried forward: the newest of this period or an earlier one; for a month before all of '
'them, the first. Grain: one row, or none before the first release.';

create or replace table released.groups (
    release integer not null,
    family varchar not null,
    unit_type varchar not null,
    unit_id varchar not null,
    organisation_id varchar not null,
    collective_id varchar not null,
    is_published boolean not null,
    figures_of varchar not null
);
comment on table released.groups is
'The groups of each release, the collectives that made them up, and of which period their figures were. '
'Grain: one row per release, family, unit_type, unit_id, collective_id.';

create or replace table released.members (
    release integer not null,
    collective_id varchar not null,
    member varchar not null,
    answers_hash varchar not null,
    given_hash varchar not null,
    turn bigint not null,
    repeat bigint not null,
    answered varchar not null
);
comment on table released.members is
'Whose answers, as keyed hashes, counted in each collective in each release. '
'Grain: one row per release, collective_id, member.';

create or replace table released.bounds (
    release integer not null,
    family varchar not null,
    unit_type varchar not null,
    unit_id varchar not null,
    figure varchar not null,
    scale varchar not null,
    classes varchar[] not null,
    low double not null,
    high double not null
);
comment on table released.bounds is
'Bounds that the figures of each release put on sums over people, of those computed of its answers. '
'Grain: one row per release, family, unit_type, unit_id, figure, scale, classes.';

create or replace table released.levels (
    release integer not null,
    unit_type varchar not null,
    unit_id varchar not null,
    organisation_id varchar not null,
    type varchar,
    scale varchar not null,
    detail varchar not null,
    is_carried boolean not null,
    respondents bigint,
    members bigint,
    step double,
    mean double,
    ci_low double,
    ci_high double,
    bound_low double,
    bound_high double,
    sd double,
    withheld_because varchar,
    figures_of varchar
);
comment on table released.levels is
'The base cells of levels of the release whose figures are carried forward. '
'Grain: one row per release, unit_type, unit_id, scale.';

create or replace table released.former_levels as
select * from released.levels
where false;
comment on table released.former_levels is
'The base cells of levels of the newest release of the former window. Grain: one row per unit_type, unit_id, scale.';

create or replace table released.former_totals (
    release integer not null,
    unit_type varchar not null,
    unit_id varchar not null,
    scale varchar not null,
    mean double
);
comment on table released.former_totals is
'The totals of levels that the newest release of the former window published. '
'Grain: one row per unit_type, unit_id, scale.';

create or replace table released.mixes (
    release integer not null,
    unit_type varchar not null,
    unit_id varchar not null,
    organisation_id varchar not null,
    scale varchar not null,
    detail varchar not null,
    is_carried boolean not null,
    respondents bigint,
    members bigint,
    mean_share double,
    centre_share double,
    withheld_because varchar,
    figures_of varchar
);
comment on table released.mixes is
'The base cells of motive mixes of the release whose figures are carried forward. '
'Grain: one row per release, unit_type, unit_id, scale.';

create or replace table released.diversity (
    release integer not null,
    unit_type varchar not null,
    unit_id varchar not null,
    organisation_id varchar not null,
    is_carried boolean not null,
    respondents bigint,
    members bigint,
    entropy_total double,
    entropy_within double,
    entropy_between double,
    between_share_by_error double,
    members_differ boolean,
    balance_sd double,
    withheld_because varchar,
    figures_of varchar
);
comment on table released.diversity is
'The base cells of diversity of the release whose figures are carried forward. '
'Grain: one row per release, unit_type, unit_id.';

create or replace table released.classes (
    release integer not null,
    unit_type varchar not null,
    unit_id varchar not null,
    organisation_id varchar not null,
    distribution varchar not null,
    coarsening_level integer,
    class varchar not null,
    finest varchar[] not null,
    is_carried boolean not null,
    respondents bigint,
    members bigint,
    count bigint,
    share double,
    share_low double,
    share_high double,
    withheld_because varchar,
    figures_of varchar
);
comment on table released.classes is
'The base cells of distributions of the release whose figures are carried forward. '
'Grain: one row per release, unit_type, unit_id, distribution, class.';

create or replace table released.decisions (
    release integer not null,
    scale varchar not null,
    is_reliable boolean not null,
    decided_in varchar,
    standard_error double
);
comment on table released.decisions is
'What each scale could be used for in the release whose figures are carried forward. Grain: one row per scale.';

create or replace table released.reliability (
    release integer not null,
    period varchar not null,
    scale varchar not null,
    respondents bigint,
    respondents_band varchar,
    coefficient varchar,
    estimate double,
    alpha double,
    alpha_low double,
    alpha_high double,
    omega double,
    icc1 double,
    icc2 double,
    is_reliable boolean,
    withheld_because varchar,
    figures_of varchar
);
comment on table released.reliability is
'What the release whose figures are carried forward published of the reliability of scales. Grain: one row per scale.';

create or replace table released.item_statistics (
    release integer not null,
    period varchar not null,
    item varchar not null,
    scale varchar not null,
    respondents bigint,
    respondents_band varchar,
    item_mean double,
    item_sd double,
    missing_share double,
    item_rest_correlation double,
    loading double,
    withheld_because varchar,
    figures_of varchar
);
comment on table released.item_statistics is
'What the release whose figures are carried forward published of items. Grain: one row per item.';

create or replace table released.one_factor (
    release integer not null,
    period varchar not null,
    scale varchar not null,
    respondents bigint,
    respondents_band varchar,
    chi_square double,
    degrees_of_freedom integer,
    cfi double,
    rmsea double,
    srmr double,
    withheld_because varchar,
    figures_of varchar
);
comment on table released.one_factor is
'What the release whose figures are carried forward published of one-factor models. Grain: one row per scale.';

create or replace table released.agreement (
    release integer not null,
    period varchar not null,
    scale varchar not null,
    collectives bigint,
    p25 double,
    median double,
    p75 double,
    withheld_because varchar,
    figures_of varchar
);
comment on table released.agreement is
'What the release whose figures are carried forward published of agreement. Grain: one row per scale.';
