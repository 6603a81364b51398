"""The rules of the design that a reader can rely on because nothing may break them."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows import warehouse
from flows.foundation.resources import resource
from flows.programme import instrument
from flows.programme.policy import Policy
from flows.steps import compute, validate

ROOT = Path(__file__).parent.parent
LOCK_FILES = ("requirements.lock", "requirements-cluster.lock", "requirements-dev.lock")
FLOWS = sorted((ROOT / "flows").rglob("*.py"))
# Where a heavy or dangerous package may be imported, as a path prefix inside flows/.
HOMES = {
    "prefect": (
        "monthly_reports.py",
        "deployed_run.py",
        "deployments.py",
        "artifacts.py",
        "embedded_server.py",
        "prefect_runs.py",
    ),
    "great_expectations": ("steps/validate/",),
    "jinja2": ("steps/render/",),
    "weasyprint": ("steps/render/",),
    "tomllib": ("programme/settings.py",),
    "duckdb": ("warehouse/",),
}


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _inside(path: Path) -> str:
    return path.relative_to(ROOT / "flows").as_posix()


@pytest.mark.parametrize("package", HOMES)
def test_a_heavy_package_is_imported_in_its_home_only(package):
    strangers = [
        _inside(path)
        for path in FLOWS
        if any(name.split(".")[0] == package for name in _imports(path))
        and not _inside(path).startswith(HOMES[package])
    ]
    assert strangers == []


def test_no_file_is_longer_than_one_thought():
    lengths = {_inside(path): len(path.read_text().splitlines()) for path in FLOWS}
    assert {name: length for name, length in lengths.items() if length > 300} == {}


def test_the_environment_is_read_and_set_in_one_file_only():
    found = [_inside(path) for path in FLOWS if re.search(r"os\.(environ|getenv)", path.read_text())]
    assert found == ["programme/environment.py"]


def test_sql_is_never_an_f_string():
    def is_sql(node: ast.JoinedStr) -> bool:
        text = "".join(part.value for part in node.values if isinstance(part, ast.Constant))
        return bool(re.match(r"\s*(select|insert|create|delete|update|attach|copy|comment)\b", text, re.IGNORECASE))

    found = [
        f"{_inside(path)}:{node.lineno}"
        for path in FLOWS
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.JoinedStr) and is_sql(node)
    ]
    assert found == []


def test_schemas_form_a_line():
    """A model, in SQL or Python, reads from its own schema and from those before it."""
    place = {schema: number for number, schema in enumerate(warehouse.SCHEMAS)}
    models = [*warehouse.read_models(warehouse.SCHEMAS).values(), *compute.python_models(Path())]
    backward = [
        (model.table, read)
        for model in models
        for read in model.reads
        if place[read.partition(".")[0]] > place[model.table.partition(".")[0]]
    ]
    assert backward == []


def test_the_schemas_of_a_stage_are_in_that_line():
    line = [schema for schema in warehouse.SCHEMAS if schema not in ("raw", "released")]
    assert [*validate.SCHEMAS, *compute.SCHEMAS] == line
    folders = {path.name for path in resource("sql").iterdir() if path.is_dir()}
    assert folders == {*line, "handed_out", "macros", "tables"}


def test_python_fills_tables_of_the_schema_that_their_file_is_named_for():
    found = [
        (path.name, schema)
        for path in resource("sql", "tables").glob("*.sql")
        for schema in re.findall(r"^create .*table (?:if not exists )?(\w+)\.", path.read_text(), re.MULTILINE)
        if schema != path.stem
    ]
    assert found == []


def test_answers_are_read_by_base_cells_alone():
    """Totals, changes, comparisons and what is published are arithmetic on `disclosure`, not on exact statistics."""
    exact = ("counted.", "scored.", "mixes.")
    of_groups = ("counted.units", "statistics.response_rates", "statistics.student_t", "mixes.profile_centroids")
    # Numbers of people, which motives are in the mix, and how sure a difference of two published levels is.
    of_people = {"disclosure.change_estimates": {"statistics.pairs"}}
    models = warehouse.read_models(["disclosure", "published"])
    totals = [
        name
        for name in models
        if name.startswith("published.")
        or name.endswith(("_totals", "_sums", "_strata", "spreads", "change_estimates", "between_collectives"))
    ]
    of_programme = {"published.agreement", "published.item_statistics", "published.one_factor", "published.reliability"}
    found = [
        (name, read)
        for name in totals
        if name not in of_programme
        for read in models[name].reads - of_people.get(name, set())
        if read.startswith((*exact, "statistics.")) and read not in of_groups
    ]
    assert found == []


def test_sql_compares_people_with_no_threshold_of_its_own():
    """Values of the policy come from `reference.policy`; 2 and 3 are what a formula needs."""
    values = "|".join(sorted({re.escape(f"{value:g}") for value in vars(Policy()).values() if value not in (2, 3)}))
    literal = re.compile(rf"(?:[<>]=?|\bbetween|coalesce\(\w+,)\s*(?:{values})(?![\d.])|[^\d]1\.96")
    found = [
        (table, literal.findall(sql))
        for table, model in warehouse.read_models([*compute.SCHEMAS, "handed_out"]).items()
        if literal.search(sql := re.sub(r"--[^\n]*", "", model.sql))
    ]
    assert found == []


def test_sql_never_asks_what_time_it_is():
    found = [
        path.name
        for path in resource("sql").rglob("*.sql")
        if re.search(r"\b(now\s*\(|current_date|current_timestamp|today\s*\()", path.read_text(), re.IGNORECASE)
    ]
    assert found == []


def test_sql_has_no_window_with_a_filter():
    """Over a whole partition such a window takes a time that grows with the square of its rows; a group does not."""
    found = [
        path.name
        for path in resource("sql").rglob("*.sql")
        if re.search(r"filter\s*\([^()]*(?:\([^()]*\)[^()]*)*\)\s*over\b", path.read_text(), re.IGNORECASE)
    ]
    assert found == []


def test_sql_never_uses_functions_that_skip_null():
    found = [
        path.name
        for path in resource("sql").rglob("*.sql")
        if re.search(r"^[^-\n]*\b(greatest|least)\s*\(", path.read_text(), re.IGNORECASE | re.MULTILINE)
    ]
    assert found == []


def test_nothing_in_code_sql_or_templates_knows_a_scale_by_name():
    shipped = instrument.load("motives", Path()).model
    # Ordinary words that are also the name of an orientation, or of something else in these files.
    ordinary = {"community", "social", "continue", "learning", "heard", "influence", "benefit", "ideals"}
    names = (set(shipped.scales) - ordinary) | set(shipped.items)
    files = [*FLOWS, *resource("sql").rglob("*.sql"), *resource("report_templates").rglob("*.html")]
    found = [
        (path.name, name)
        for path in files
        for name in names
        if re.search(rf"\b{name}\b", path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_no_file_names_a_package_registry():
    address = re.compile(r"https?://\S*(pypi|pythonhosted|npmjs)", re.IGNORECASE)
    texts = [*(ROOT / name for name in LOCK_FILES), ROOT / "pyproject.toml", ROOT / "Makefile"]
    assert [path.name for path in texts if address.search(path.read_text())] == []


def test_the_lock_pins_everything_with_hashes():
    for name in LOCK_FILES:
        requirements = re.split(r"\n(?=\S)", (ROOT / name).read_text().strip())
        assert all("==" in entry and "--hash=sha256:" in entry for entry in requirements)


def test_the_version_is_one():
    from flows import __version__

    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == __version__
