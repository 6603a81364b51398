"""Templates are compiled once for all processes of an environment, for each language and each state of what draws."""

import shutil
from dataclasses import replace

import pytest
from jinja2 import Environment

from flows import warehouse
from flows.steps.render import compiled_templates
from flows.steps.render.report import fill
from flows.steps.render.templates import environment
from tests.steps.render.organisation import read_organisation
from tests.steps.render.settings import SETTING


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An environment in which nothing was compiled yet."""
    made = tmp_path / "share" / "templates"
    monkeypatch.setattr(compiled_templates, "_FOLDER", made)
    monkeypatch.setattr(compiled_templates, "has_own_environment", lambda: True)
    environment.cache_clear()
    yield made
    environment.cache_clear()


@pytest.fixture
def compiled(monkeypatch):
    """The templates that Jinja compiles from now on."""
    names = []
    ordinary = Environment.compile
    monkeypatch.setattr(
        Environment, "compile", lambda self, *given, **named: names.append(given[1]) or ordinary(self, *given, **named)
    )
    return names


@pytest.fixture(scope="module")
def figures(shared):
    with warehouse.opened(shared("computed", 30).settings.folder.warehouse, read_only=True) as connection:
        return read_organisation(connection, "town")


def _filled_by_another_process(figures, language="nl"):
    environment.cache_clear()
    return fill(replace(figures, language=language), SETTING)


def test_the_next_process_compiles_nothing_and_fills_the_same_pages(figures, folder, compiled):
    filled = _filled_by_another_process(figures)
    assert "organisation_report.html" in compiled
    compiled.clear()
    assert _filled_by_another_process(figures) == filled
    assert compiled == []


def test_each_language_has_its_own(figures, folder, compiled):
    first = [_filled_by_another_process(figures, language) for language in ("nl", "en")]
    assert compiled.count("organisation_report.html") == 2
    assert [_filled_by_another_process(figures, language) for language in ("nl", "en")] == first


@pytest.mark.parametrize("changed", ["drawn_with", "version"])
def test_another_state_of_what_draws_compiles_anew_and_removes_the_former(folder, compiled, monkeypatch, changed):
    environment("nl").get_template("words.html")
    (former,) = folder.iterdir()
    monkeypatch.setattr(compiled_templates, changed, lambda *_: "another")
    environment.cache_clear()
    environment("nl").get_template("words.html")
    assert compiled == ["words.html", "words.html"]
    assert not former.exists()


def test_a_changed_template_is_compiled_anew(folder, compiled, monkeypatch):
    loader = environment("nl").loader
    ordinary = loader.get_source
    environment("nl").get_template("words.html")
    monkeypatch.setattr(loader, "get_source", lambda *given: (ordinary(*given)[0] + " ", *ordinary(*given)[1:]))
    environment("nl").cache.clear()
    environment("nl").get_template("words.html")
    assert compiled == ["words.html", "words.html"]


@pytest.mark.parametrize("trouble", ["no folder can be made", "the folder is gone", "what was kept is broken"])
def test_where_nothing_can_be_kept_each_process_compiles_for_itself(folder, compiled, trouble):
    if trouble == "no folder can be made":
        folder.parent.mkdir()
        folder.write_text("a file")
    environment("nl").get_template("words.html")
    if trouble == "the folder is gone":
        shutil.rmtree(folder)
    elif trouble == "what was kept is broken":
        for path in folder.rglob("*.cache"):
            path.write_bytes(b"broken")
    environment("nl").cache.clear()
    environment("nl").get_template("words.html")
    assert compiled == ["words.html", "words.html"]


def test_nothing_is_kept_in_a_python_that_others_use_too(folder, monkeypatch):
    monkeypatch.setattr(compiled_templates, "has_own_environment", lambda: False)
    environment("nl").get_template("words.html")
    assert not folder.exists()
