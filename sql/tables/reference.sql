-- The input of the programme: the run, policy, register, instrument, and the decisions of the owner.

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
    file_counts_in integer not null,
    normal_quantile double not null,
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
    sha256 varchar not null,
    is_withdrawn boolean not null
);
comment on table reference.released_inputs is
'The exports behind every earlier release, and whether it was withdrawn. '
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

create or replace table reference.computed_from (
    inputs varchar not null
);
comment on table reference.computed_from is
'What the figures in this database were computed from, once a release was made of them, as one hash. Grain: one row, '
'or none.';
