-- The contents of the exports, as text. Kept from run to run; every other schema is rebuilt.

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
