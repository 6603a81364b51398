"""Our exact figures are those that R computed on the same answers (packages named in tests/reference)."""

import csv
import json
from pathlib import Path

import pytest

from tests import programmes

REFERENCE = Path(__file__).parents[2] / "reference"
MOTIVES = {
    "benefit": "self",
    "learning": "self",
    "social": "none",
    "influence": "none",
    "community": "community",
    "ideals": "community",
}
CONDITIONS = ("salience", "added_value", "competence", "heard")
TOLERANCE = {"rel": 1e-6, "abs": 1e-9}


def _instrument() -> str:
    def scale(name: str, kind: str, orientation: str) -> str:
        items = ", ".join(f"{name}_{i}" for i in (1, 2, 3))
        return f"  {name}: {{kind: {kind}, orientation: {orientation}, label: {{en: {name}}}, items: [{items}]}}\n"

    def item(name: str, reverse: bool) -> str:
        return f"  {name}: {{text: {{en: {name}}}, response_scale: five, reverse: {str(reverse).lower()}}}\n"

    values = "".join(f'      {v}: {{en: ["{v}"]}}\n' for v in range(1, 6))
    scales = [scale(name, "motive", orientation) for name, orientation in MOTIVES.items()]
    scales += [scale(name, "condition", "none") for name in CONDITIONS]
    names = [*MOTIVES, *CONDITIONS]
    items = [item(f"{name}_{i}", name in CONDITIONS and i == 3) for name in names for i in (1, 2, 3)]
    return (
        'instrument: simulated\nversion: "1"\ntitle: {en: Simulated}\n'
        f"response_scales:\n  five:\n    values:\n{values}scales:\n{''.join(scales)}items:\n{''.join(items)}"
    )


@pytest.fixture(scope="module")
def computed(tmp_path_factory: pytest.TempPathFactory) -> programmes.TestProgramme:
    programme = programmes.make(tmp_path_factory.mktemp("reference") / "programme", instrument="simulated.yaml")
    (programme.root / "simulated.yaml").write_text(_instrument())
    with (REFERENCE / "synthetic_answers.csv").open() as file:
        answers = list(csv.DictReader(file))
    members = {row["collective"].lower(): row["members"] for row in answers}
    programme.register(
        collectives=[
            {"collective_id": name, "organisation_id": "town", "name": name, "type": "any", "members": size}
            for name, size in members.items()
        ]
    )
    programmes.plain_source(
        programme,
        [column for column in answers[0] if column not in ("respondent", "collective", "members")],
        response_id="respondent",
        respondent="respondent",
        date="{constant: 2026-10-15}",
        collective="collective: {from: column, column: collective, values: {"
        + ", ".join(f"{name.upper()}: {name}" for name in members)
        + "}}",
    )
    programme.export("answers.csv", answers)
    programme.compute()
    return programme


@pytest.fixture(scope="module")
def expected() -> dict[str, float]:
    return json.loads((REFERENCE / "synthetic_expected.json").read_text())


def _compare(found: dict[str, float | None], expected: dict[str, float], prefix: str, figures: int) -> None:
    relevant = {key: value for key, value in expected.items() if key in found}
    assert len(relevant) == figures, f"{prefix}: {len(relevant)} figures correspond"
    wrong = {
        key: (found[key], value) for key, value in relevant.items() if found[key] != pytest.approx(value, **TOLERANCE)
    }
    assert not wrong


def test_reliability_is_that_of_psych(computed, expected):
    rows = computed.query("select scale, respondents, alpha, alpha_low, alpha_high from statistics.reliability")
    found = {}
    for scale, *figures in rows:
        for name, figure in zip(("n_listwise", "alpha", "alpha_low", "alpha_high"), figures, strict=True):
            found[f"reliability.{scale}.{name}"] = figure
    _compare(found, expected, "reliability", 40)


def test_omega_is_that_of_lavaan(computed, expected):
    rows = computed.query("select scale, omega from statistics.reliability")
    found = {f"reliability.{scale}.omega": omega for scale, omega in rows}
    wrong = {key: value for key, value in found.items() if value != pytest.approx(expected[key], abs=1e-4)}
    assert (len(found), wrong) == (10, {})


def test_agreement_is_that_of_multilevel(computed, expected):
    rows = computed.query(
        "select upper(unit_id), scale, rwg_j from statistics.agreement where unit_type = 'collective'"
    )
    found = {f"rwgj.{collective}.{scale}": value for collective, scale, value in rows}
    _compare(found, expected, "agreement", 120)


def test_variance_between_collectives_is_that_of_multilevel(computed, expected):
    rows = computed.query(
        "select scale, icc1, icc2, mean_square_between, mean_square_within from measurement.between_collectives"
    )
    found = {}
    for scale, *figures in rows:
        for name, figure in zip(("icc1_mean_group_size", "icc2", "msb", "msw"), figures, strict=True):
            found[f"between.{scale}.{name}"] = figure
    _compare(found, expected, "between", 40)


def test_levels_and_intervals_are_those_of_r(computed, expected):
    rows = computed.query(
        "select upper(unit_id), scale, respondents, mean, sd, ci_low, ci_high from statistics.scale_levels"
        " where unit_type = 'collective'"
    )
    found = {}
    for collective, scale, *figures in rows:
        for name, figure in zip(("n", "mean", "sd", "ci_low", "ci_high"), figures, strict=True):
            found[f"level.{collective}.{scale}.{name}"] = figure
    _compare(found, expected, "level", 600)


def test_mixes_are_those_of_r(computed, expected):
    rows = computed.query(
        "select upper(unit_id), scale, mean_share from statistics.motive_mix where unit_type = 'collective'"
    )
    found = {f"mix.{collective}.{scale}": share for collective, scale, share in rows}
    _compare(found, expected, "mix", 72)


def test_the_diversity_partition_is_that_of_vegan(computed, expected):
    rows = computed.query(
        "select upper(unit_id), respondents, entropy_total, entropy_within, entropy_between, evenness_within,"
        " balance, balance_sd from statistics.diversity where unit_type = 'collective'"
    )
    found = {}
    names = ("n", "entropy_total", "entropy_within", "entropy_between", "evenness_within")
    for collective, *figures in rows:
        for name, figure in zip(names, figures[:5], strict=True):
            found[f"diversity.{collective}.{name}"] = figure
        found[f"balance.{collective}.mean"], found[f"balance.{collective}.sd"] = figures[5:]
    _compare(found, expected, "diversity", 84)
