-- The tables that Python fills; every other table is a model of its own in the folder of its schema.

create schema if not exists raw;
create schema if not exists reference;
create schema if not exists released;
create schema if not exists validated;
create schema if not exists counted;
create schema if not exists scored;
create schema if not exists measurement;
create schema if not exists mixes;
create schema if not exists statistics;
create schema if not exists disclosure;
create schema if not exists published;

create table if not exists raw.exports (
    sha256 varchar primary key,
    file_name varchar not null,
    source varchar not null,
    source_version varchar not null,
    source_sha256 varchar not null,
    series varchar not null,
    dialect varchar not null,
    date_order varchar,
    timezone varchar,
    received_on date not null,
    response_count bigint not null,
    has_response_ids boolean not null,
    has_dates boolean not null,
    closes date,
    grace_days integer not null
);
comment on table raw.exports is 'The exports that were read. Grain: one row per sha256.';

create table if not exists raw.responses (
    sha256 varchar not null,
    row_number bigint not null,
    response_id varchar not null,
    respondent varchar not null,
    collective varchar,
    submitted varchar,
    consent varchar,
    states map (varchar, varchar),
    answers map (varchar, varchar)
);
comment on table raw.responses is
'The mapped columns as untouched text; respondents by pseudonym. '
'Grain: one row per sha256, row_number.';

create table if not exists raw.marks (
    sha256 varchar not null,
    field varchar not null,
    mark varchar not null,
    is_part boolean not null,
    state varchar not null
);
comment on table raw.marks is
'The texts in the survey tool''s own columns that make a response a test, partial or spam. '
'Grain: one row per sha256, field, mark.';

create table if not exists raw.fields (
    sha256 varchar not null,
    item varchar not null,
    heading varchar not null
);
comment on table raw.fields is
'By which words each file asks an item. '
'Grain: one row per sha256, item.';

create table if not exists raw.twin_columns (
    sha256 varchar not null,
    item varchar not null,
    named varchar[] not null,
    twin varchar not null,
    answers bigint not null
);
comment on table raw.twin_columns is
'Columns that the source does not name and that seem to ask an item anew, with how many answers stand in them. '
'Grain: one row per sha256, twin.';

create table if not exists raw.missing_codes (
    sha256 varchar not null,
    item varchar not null,
    text varchar not null
);
comment on table raw.missing_codes is
'The codes that a file itself declares missing. '
'Grain: one row per sha256, item, text.';

create table if not exists raw.no_dates (
    dialect varchar not null,
    day date not null
);
comment on table raw.no_dates is
'The day that a survey tool writes as the date of a response when it keeps none; filled anew by every run. '
'Grain: one row per dialect.';

create or replace table reference.run (
    period varchar not null,
    window_start date not null,
    window_end date not null,
    timezone varchar not null,
    instrument varchar not null,
    instrument_version varchar not null
);
comment on table reference.run is 'What this run is about. Grain: one row.';

create or replace table reference.windows (
    "window" varchar not null,
    period varchar not null,
    first_day date not null,
    last_day date not null
);
comment on table reference.windows is
'The days whose answers count: the current window, and the former one that ended as long before as a window lasts, if '
'that period was released. Grain: one row per window.';

create or replace table reference.policy (
    levels_from integer not null,
    full_from integer not null,
    distributions_from integer not null,
    spread_from integer not null,
    class_from integer not null,
    set_from integer not null,
    set_range double not null,
    reliability_withhold double not null,
    reliability_pooled_from integer not null,
    measured_again_from integer not null,
    differ_from double not null,
    change_from double not null,
    comparison_reliability double not null,
    benchmark_peers integer not null,
    benchmark_organisations integer not null
);
comment on table reference.policy is 'Thresholds of disclosure control and of the statistics. Grain: one row.';

create or replace table reference.released_inputs (
    period varchar not null,
    version integer not null,
    last_day date not null,
    sha256 varchar not null
);
comment on table reference.released_inputs is
'The exports behind every earlier release. '
'Grain: one row per period, version, sha256.';

create or replace table reference.decisions (
    kind varchar not null,
    series varchar not null,
    answer_key varchar not null,
    verdict varchar not null,
    decided_on varchar not null
);
comment on table reference.decisions is
'What the owner decided on answers that wait. '
'Grain: one row per kind, series, answer_key.';

create or replace table reference.sources (
    source varchar not null,
    lacks_no boolean not null
);
comment on table reference.sources is
'The sources of the programme, and whether one names no answer to its consent question that means no. '
'Grain: one row per source.';

create or replace table reference.organisations (
    organisation_id varchar not null,
    name varchar not null,
    language varchar not null
);
comment on table reference.organisations is 'Organisations on the register. Grain: one row per organisation_id.';

create or replace table reference.collective_states (
    collective_id varchar not null,
    organisation_id varchar not null,
    name varchar not null,
    type varchar not null,
    members bigint,
    valid_from date,
    valid_until date
);
comment on table reference.collective_states is
'Collectives on the register. '
'Grain: one row per collective_id, valid_from.';

create or replace table reference.scales (
    scale varchar not null,
    position integer not null,
    kind varchar not null,
    orientation varchar not null,
    label_nl varchar,
    label_en varchar,
    minimum integer not null,
    maximum integer not null,
    items integer not null,
    item_positions integer[] not null
);
comment on table reference.scales is 'Scales of the instrument. Grain: one row per scale.';

create or replace table reference.items (
    item varchar not null,
    position integer not null,
    scale varchar not null,
    reverse boolean not null,
    minimum integer not null,
    maximum integer not null
);
comment on table reference.items is 'Items of the instrument. Grain: one row per item.';

create or replace table validated.readings (
    source varchar not null,
    kind varchar not null,
    field varchar not null,
    text varchar,
    number utinyint,
    word varchar
);
comment on table validated.readings is
'What each distinct text means to its source: a number, or a word such as a missing reason or a collective; '
'a text that is NULL was never shown. '
'Grain: one row per source, kind, field, text.';

create or replace table validated.check_results (
    sha256 varchar,
    "check" varchar not null,
    severity varchar not null,
    passed boolean not null,
    owner varchar not null
);
comment on table validated.check_results is
'Outcomes of the Great Expectations suites; sha256 is empty for the accepted whole. Grain: one row per sha256, check.';

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
    is_told boolean not null,
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
'What the figures of each release that were computed of its answers tell of sums over people. '
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
'The totals of levels that the newest release of the former window told. Grain: one row per unit_type, unit_id, scale.';

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
    rung integer,
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
'What the release whose figures are carried forward told of the reliability of scales. Grain: one row per scale.';

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
'What the release whose figures are carried forward told of items. Grain: one row per item.';

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
'What the release whose figures are carried forward told of one-factor models. Grain: one row per scale.';

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
'What the release whose figures are carried forward told of agreement. Grain: one row per scale.';

create or replace table disclosure.gate_verdicts (
    unit_type varchar not null,
    unit_id varchar not null,
    figure varchar not null,
    scale varchar not null
);
comment on table disclosure.gate_verdicts is
'What is withheld because it would tell of few people beside what else is or was published (disclosure rule 10). '
'Grain: one row per unit_type, unit_id, figure, scale.';

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

create or replace table mixes.profile_centroids (
    version integer not null,
    stability double not null,
    position integer not null,
    profile varchar not null,
    centroid double[] not null,
    means double[] not null,
    sds double[] not null
);
comment on table mixes.profile_centroids is
'The frozen profiles that are in use: a centroid in standard deviations of the relative importances of the motives. '
'Grain: one row per profile.';

create or replace table measurement.feldt (
    scale varchar not null,
    alpha_low double,
    alpha_high double
);
comment on table measurement.feldt is 'Feldt''s 95 % interval for alpha. Grain: one row per scale.';
