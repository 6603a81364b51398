"""Single formulas against values that others printed (tests/reference/reference_values.json says who)."""

import json
import math
from pathlib import Path

import pytest

from flows import warehouse

VALUES = json.loads((Path(__file__).parents[2] / "reference" / "reference_values.json").read_text())
# Chatterjee and Price's attitude data: 30 departments, 7 questions.
ATTITUDE = """
43 51 30 39 61 92 45  63 64 51 54 63 73 47  71 70 68 69 76 86 48  61 63 45 47 54 84 35  81 78 56 66 71 83 47
43 55 49 44 54 49 34  58 67 42 56 66 68 35  71 75 50 55 70 66 41  72 82 72 67 71 83 31  67 61 45 47 62 80 41
64 53 53 58 58 67 34  67 60 47 39 59 74 41  69 62 57 42 55 63 25  68 83 83 45 59 77 35  77 77 54 72 79 77 46
81 90 50 72 60 54 36  74 85 64 69 79 79 63  65 60 65 75 55 80 60  65 70 46 57 75 85 46  50 58 68 54 64 78 52
50 40 33 34 43 64 33  64 61 52 62 66 80 41  53 66 52 50 63 80 37  40 37 42 58 50 57 49  63 54 42 48 66 75 33
66 77 66 63 88 76 72  78 75 58 74 80 78 49  48 57 44 45 51 83 38  85 85 71 71 77 74 55  82 82 39 59 64 78 39
"""


@pytest.fixture
def connection():
    with warehouse.opened(None) as connection:
        warehouse.prepare(connection)
        yield connection


def _run(connection: warehouse.Connection, table: str) -> None:
    model = warehouse.read_models([table.split(".")[0]])[table]
    connection.execute("create or replace table " + table + " as " + model.sql)


def test_alpha_and_its_interval_of_the_attitude_data(connection):
    from flows.steps.compute import quantiles

    numbers = [int(number) for number in ATTITUDE.split()]
    rows = [numbers[start : start + 7] for start in range(0, len(numbers), 7)]
    connection.execute(
        "create table measurement.answer_patterns (scale varchar, item_values utinyint[], people bigint)"
    )
    for row in rows:
        connection.execute("insert into measurement.answer_patterns values ('attitude', ?, 1)", [row])
    warehouse.append(
        connection,
        "reference.scales",
        [
            {"scale": "attitude", "position": 1, "kind": "motive", "orientation": "none", "minimum": 0, "maximum": 100}
            | {"items": 7, "item_positions": list(range(1, 8))}
        ],
    )
    _run(connection, "measurement.item_covariances")
    _run(connection, "measurement.item_variances")
    _run(connection, "measurement.reliabilities")
    quantiles.fill_feldt(connection)
    alpha = warehouse.one(connection, "select alpha from measurement.reliabilities")
    low, high = connection.execute("select alpha_low, alpha_high from measurement.feldt").fetchone()
    assert alpha == pytest.approx(VALUES["attitude_30x7"]["raw_alpha"], abs=1e-10)
    assert [round(low, 2), round(high, 2)] == VALUES["attitude_30x7"]["feldt95"]


def test_the_finite_population_factor_is_that_of_the_survey_package(connection):
    printed = VALUES["survey_fpc"]["apisrs"]
    sd = printed["se_nofpc"] * math.sqrt(printed["n"])
    for query in (
        "create or replace table reference.scales as select 'api' as scale",
        "create table counted.units as"
        " select 'levels' as family, '2026-10' as period, 'collective' as unit_type, 'ca' as unit_id,"
        " $N::bigint as members",
        "create table scored.score_moments as select 'levels' as family, 'collective' as unit_type, 'ca' as unit_id,"
        " 'api' as scale, $n::bigint as respondents, $mean::double as mean, $sd::double as sd, 1 as modal_count",
        "create or replace table statistics.student_t as select $n::bigint - 1 as degrees_of_freedom, 1.0 as quantile",
        "create table measurement.between_collectives as select 'api' as scale, 0.0 as grand_mean, 0.0 as icc1",
    ):
        given = {**printed, "sd": sd}
        connection.execute(query, {name: value for name, value in given.items() if f"${name}::" in query})
    _run(connection, "statistics.scale_levels")
    low, high = connection.execute("select ci_low, ci_high from statistics.scale_levels").fetchone()
    assert (high - low) / 2 == pytest.approx(printed["se_fpc"], rel=1e-9)


def test_blau_without_small_sample_form_is_the_gini_simpson_of_10_5_5(connection):
    counts = [10, 5, 5]
    n = sum(counts)
    warehouse.load_macros(connection)
    for query in (
        "create or replace table reference.policy as select 2.0 as differ_from",
        "create table counted.units as"
        " select 'mix' as family, '2026-10' as period, 'collective' as unit_type, 'watch' as unit_id",
        "create table counted.groups as"
        " select 'mix' as family, 'collective' as unit_type, 'watch' as unit_id, 1 as group_number",
        "create table mixes.person_sums as select 1 as group_number, 20 as mixes, 20.0 as entropies, 20 as people,"
        " 0.0 as balances, 0.0 as squares, 0.0 as lowest, 0.0 as highest",
        "create table statistics.motive_mix as select 'collective' as unit_type, 'watch' as unit_id,"
        " 1.0 as mean_share, null::double as share_error_variance",
        "create table measurement.motives_in_mix as select 1 as position",
    ):
        connection.execute(query)
    connection.execute(
        "create table mixes.class_counts as select 1 as group_number, 'dominant_motives' as distribution,"
        " 'motive ' || position as class, people"
        " from (select unnest(?::bigint[]) as people, unnest([1, 2, 3]) as position)",
        [counts],
    )
    _run(connection, "statistics.diversity")
    blau = warehouse.one(connection, "select blau from statistics.diversity")
    assert blau * (n - 1) / n == pytest.approx(VALUES["diversity"]["counts_10_5_5_gini_simpson"])


def test_log_shares_centred_are_the_clr_of_scikit_bio(connection):
    shares = VALUES["coda"]["x"]
    connection.execute(
        "create table measurement.motives_in_mix (position integer, minimum integer, maximum integer,"
        " standard_error double)"
    )
    for position, _ in enumerate(shares):
        connection.execute("insert into measurement.motives_in_mix values (?, 1, 5, 1)", [position])
    connection.execute(
        "create table mixes.motive_scores as"
        " select 1 as response, 1 as group_number, ?::double[] as pomps, ?::bigint[] as items_answered,"
        " 200.0 as total_pomp",
        [[200 * share for share in shares], [3 for _ in shares]],
    )
    _run(connection, "mixes.mixes")
    ((found, logs),) = connection.execute("select shares, log_shares from mixes.mixes").fetchall()
    mean = sum(logs) / len(logs)
    assert found == pytest.approx(shares)
    assert [log - mean for log in logs] == pytest.approx(VALUES["coda"]["clr"], abs=1e-8)
