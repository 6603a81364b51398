"""Profiles are found once in enough respondents, frozen, used again, and found anew only when asked for."""

import json
import re

import numpy as np
import pytest

from flows.foundation.contracts import Validated
from flows.steps.compute import compute, profiles
from flows.steps.render.quality_page import QualityPage, write_quality_page
from tests import programmes


def test_the_adjusted_rand_index_is_that_of_the_textbook():
    """The examples that scikit-learn documents for adjusted_rand_score."""
    index = profiles.adjusted_rand_index
    assert index(np.array([0, 0, 1, 1]), np.array([1, 1, 0, 0])) == 1
    assert index(np.array([0, 0, 1, 1]), np.array([0, 0, 1, 2])) == pytest.approx(0.5714285714)
    assert index(np.array([0, 0, 0, 0]), np.array([0, 1, 2, 3])) == 0
    assert index(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])) == pytest.approx(-0.5)


def _clusters(centres: list[list[float]], spread: float) -> np.ndarray:
    chance = np.random.default_rng(1)
    return np.vstack([chance.normal(centre, spread, size=(200, len(centre))) for centre in centres])


def test_planted_profiles_are_found_again_and_named_by_what_stands_out():
    found = profiles.fit(_clusters([[30, -15, -15], [-15, 30, -15], [-15, -15, 30]], 5), ["own", "ours", "fun"])
    assert set(found["names"]) == {"own", "ours", "fun"}
    assert found["stability"] > 0.99
    assert found["silhouette"] > 0.6


def test_where_there_are_no_types_stability_says_so():
    found = profiles.fit(_clusters([[0, 0, 0, 0, 0]], 10), ["a", "b", "c", "d", "e"])
    assert found["stability"] < 0.8


def test_a_profile_that_hardly_anyone_has_is_none():
    points = np.vstack([_clusters([[20, -20], [-20, 20]], 4), [[200, 200]] * 3])
    assert len(profiles.fit(points, ["a", "b"])["names"]) == 2


def test_motives_that_are_equally_important_to_everybody_give_no_profiles():
    assert profiles.fit(np.zeros((400, 3)), ["a", "b", "c"]) is None


def two_types(path, respondents: int):
    """Two types of members: every second one scores high on the first three motives, the others on the last three."""
    made = programmes.make(path)
    made.register(collectives=[{**programmes.COLLECTIVES[0], "members": 2 * respondents}])
    programmes.plain_source(made, programmes.ITEMS)
    chance = np.random.default_rng(0)
    rows = []
    for number in range(1, respondents + 1):
        high = [(item // 3 < 3) == (number % 2 == 0) for item in range(len(programmes.ITEMS))]
        person = int(chance.integers(0, 2))
        values = [int(np.clip((4 if top else 2) + person + chance.integers(-1, 2), 1, 5)) for top in high]
        rows.append(programmes.answers(number, values=values))
    made.export("answers.csv", rows)
    return made


@pytest.fixture(scope="module")
def fitted(tmp_path_factory):
    """A programme of 320 with its first profiles, and what came of computing it."""
    made = two_types(tmp_path_factory.mktemp("fitted") / "programme", 320)
    return made, made.compute()


@pytest.fixture
def made(fitted, tmp_path):
    return programmes.copied(fitted[0], tmp_path)


def _frozen(made) -> list[str]:
    return sorted(path.name for path in made.settings.folder.profiles.glob("*"))


def test_they_are_frozen_used_again_and_refitted_only_on_command(fitted, made):
    first = fitted[1].typology
    assert (first.version, first.respondents, first.in_use) == (1, 320, True)
    (path,) = made.settings.folder.profiles.glob("*")
    assert path.stat().st_mode & 0o777 == 0o600
    counts = made.query("select count, share from published.profiles where unit_type = 'programme'")
    assert sorted(count for count, _ in counts) == [160, 160]
    assert sum(share for _, share in counts) == pytest.approx(1)
    before = path.read_bytes()
    made.export("answers.csv", [programmes.answers(n, values=[4] * len(programmes.ITEMS)) for n in range(1, 5)])
    assert made.compute().typology.version == 1
    assert path.read_bytes() == before


@pytest.mark.slow
def test_refitting_makes_the_next_version_and_keeps_the_former(made):
    again = compute(
        made.settings.folder.warehouse, made.settings.pseudonym_keys().disclosure_record, refit_profiles=True
    ).typology
    assert again.version == 2
    assert _frozen(made) == ["v1.json", "v2.json"]
    first, second = (json.loads((made.settings.folder.profiles / name).read_text()) for name in _frozen(made))
    assert {**first, "version": 2} == second


def test_below_300_respondents_there_are_none(tmp_path):
    made = two_types(tmp_path / "programme", 299)
    assert made.compute().typology is None
    assert _frozen(made) == []
    assert made.query("select count(*) from published.profiles") == [(0,)]


def test_profiles_of_other_motives_are_not_used(made):
    (path,) = made.settings.folder.profiles.glob("*")
    document = json.loads(path.read_text())
    path.write_text(json.dumps({**document, "motives": document["motives"][::-1]}))
    typology = made.compute().typology
    assert not typology.in_use
    assert made.query("select count(*) from published.profiles") == [(0,)]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_quality_page_tells_how_stable_they_are(fitted, tmp_path, language):
    page = QualityPage("2026-10", "0", Validated(), fitted[1])
    text = write_quality_page(tmp_path / "index.html", page, language).read_text()
    (sentence,) = re.findall(r"<p>([^<]*320[^<]*)</p>", text)
    assert re.search(r"1[.,]?0* \(|1 \(", sentence)
    assert re.findall(r"[a-z)]\.[A-Z0-9]\w+", sentence) == []
