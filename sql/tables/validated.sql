-- The results of applying the source files and the check suites to the exports.

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
