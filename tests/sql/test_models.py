"""Every model says what it is, and every published column is documented."""

from pathlib import Path

import pytest

from flows import warehouse


@pytest.mark.parametrize("schema", [name for name in warehouse.SCHEMAS if name not in ("raw", "released")])
def test_every_model_has_a_description_and_a_grain(schema):
    models = warehouse.read_models([schema])
    assert models
    assert all(model.grain.startswith("one row") for model in models.values())


def test_a_model_without_a_grain_is_refused(tmp_path: Path):
    path = tmp_path / "published" / "nothing.sql"
    path.parent.mkdir()
    path.write_text("-- Something.\n\nselect 1 as one\n")
    with pytest.raises(ValueError, match="Grain"):
        warehouse.read_model(path)


def test_the_order_of_models_follows_from_what_they_read():
    models = warehouse.read_models(["published"])
    assert "published.scale_levels" in models["published.motive_mix"].reads
    assert models["published.scale_levels"].reads >= {"disclosure.levels", "disclosure.level_totals"}


@pytest.mark.parametrize(
    ("query", "tables"),
    [
        ("select * from reference.run, raw.marks as marks", {"reference.run", "raw.marks"}),
        ('select * from "Reference"."run", "raw" . "marks"', {"reference.run", "raw.marks"}),
        ("select 1 from reference.run -- from raw.exports\n/* join raw.marks */", {"reference.run"}),
        ("select 'from raw.exports', \"from raw.marks\" from reference.run", {"reference.run"}),
        ("select 1 where 1 in (from reference.run) or exists (from raw.marks)", {"reference.run", "raw.marks"}),
        ("with run as (select * from reference.run) select * from run", {"reference.run"}),
    ],
    ids=["joined by a comma", "quoted names", "in a comment", "in a text or a name", "in a condition", "a CTE"],
)  # fmt: skip
def test_what_a_model_reads_is_what_the_parser_of_the_database_says(query, tables):
    assert warehouse.tables_read([query]) == [tables]


@pytest.mark.parametrize("query", ["selec 1", "create table published.run as select 1"])
def test_a_model_is_a_select(query):
    with pytest.raises(ValueError, match=r"syntax error|Only SELECT"):
        warehouse.tables_read([query])


def test_every_published_column_stands_in_the_data_dictionary(shared):
    programme = shared("computed", 30)
    columns = programme.query("select distinct column_name from duckdb_columns() where schema_name = 'published'")
    assert {column for (column,) in columns} <= set(warehouse.column_texts())


def test_published_tables_have_the_columns_of_the_contract(shared):
    programme = shared("computed", 30)
    contract = {
        "organisations": {"organisation_id", "name", "language"},
        "collectives": {"collective_id", "organisation_id", "name", "type", "members"},
        "scales": {
            "instrument", "version", "scale", "kind", "orientation", "label_nl", "label_en", "minimum", "maximum",
        },
        "response_rates": {"period", "unit_type", "unit_id", "members", "response_rate"},
        "scale_levels": {
            "period", "unit_type", "unit_id", "scale", "mean", "ci_low", "ci_high", "bound_low", "bound_high", "sd",
            "shrunken_mean", "reliability", "withheld_because", "figures_of", "respondents", "respondents_band",
            "covered_share", "computed_over",
        },
        "motive_mix": {"period", "unit_type", "unit_id", "scale", "mean_share", "centre_share", "relative_importance"},
        "orientations": {"period", "unit_type", "unit_id", "orientation", "count", "share", "share_low", "share_high"},
        "dominant_motives": {"period", "unit_type", "unit_id", "scale", "count", "share", "share_low", "share_high"},
        "profiles": {"period", "unit_type", "unit_id", "profile", "count", "share"},
        "diversity": {
            "motives_in_play", "entropy_total", "entropy_within", "entropy_between", "evenness_within", "between_share",
            "between_share_by_error", "balance", "balance_sd", "blau",
        },
        "changes": {
            "period", "unit_type", "unit_id", "scale", "compared_with", "mean_then", "difference", "ci_low", "ci_high",
            "p_adjusted", "is_change", "respondents_both",
        },
        "benchmarks": {
            "period", "collective_id", "measure", "compared_value", "peers", "p25", "median", "p75", "verdict",
        },
        "reliability": {
            "period", "scale", "coefficient", "alpha", "alpha_low", "alpha_high", "omega", "icc1", "icc2", "figures_of",
        },
        "source_versions": {"period", "file_name", "sha256", "source", "received_on", "accepted", "held", "refused"},
    }  # fmt: skip
    for table, columns in contract.items():
        found = programme.query(
            "select column_name from duckdb_columns() where schema_name = 'published' and table_name = ?", table
        )
        assert columns <= {column for (column,) in found}, table


def test_every_statistic_says_what_happens_at_its_edges():
    """With nobody, one or two respondents, without variance, with fewer members than answers."""
    steps_between = {"item_sums"}
    models = warehouse.read_models(["statistics"])
    silent = [table for table, model in models.items() if "Edges:" not in model.description]
    assert {table.partition(".")[2] for table in silent} == steps_between


def test_computing_once_more_adds_no_row(shared, tmp_path):
    from flows.steps.compute import compute
    from tests import programmes

    programme = programmes.copied(shared("computed", 30), tmp_path)

    def rows():
        with programme.connection() as connection:
            tables = connection.execute("select schema_name || '.' || table_name from duckdb_tables()").fetchall()
            return {table: warehouse.one(connection, f"select count(*) from {table}") for (table,) in tables}

    before = rows()
    compute(programme.settings.folder.warehouse, programme.settings.pseudonym_keys().disclosure_record)
    assert rows() == before
