"""A report that would be the same as in the release before is taken over; whatever it is made from makes it anew."""

import errno
import re
import shutil
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path

import pytest

from flows import warehouse
from flows.foundation.resources import resource
from flows.programme.former_reports import FormerReport
from flows.steps.render import render, report_inputs, workers
from flows.steps.render.figures import Diversity, MixPart, OrganisationFigures, PeopleCount, Unit, VarietyBand
from flows.steps.render.levels import Change, EarlierLevel, Level
from flows.steps.render.report_inputs import drawn_with, fingerprint
from tests import programmes
from tests.selection import ordinarily
from tests.steps.render.organisation import read_organisation
from tests.steps.render.settings import SETTING_WITH_RULES as SETTING

CHARTS = resource("report_templates", "charts")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    programme = programmes.make(tmp_path_factory.mktemp("inputs") / "programme")
    programmes.with_answers(programme, 12).compute()
    return programme.settings.folder.warehouse


@pytest.fixture(scope="module")
def figures(made):
    with warehouse.opened(made, read_only=True) as connection:
        return read_organisation(connection, "town")


@pytest.fixture(scope="module")
def v1(made, tmp_path_factory):
    folder = tmp_path_factory.mktemp("v1") / "reports"
    return FormerReport(_rendered(made, folder), folder)


@pytest.fixture
def former(v1, tmp_path):
    """A report of the first version, whose files a test may change."""
    shutil.copytree(v1.folder, tmp_path / "v1")
    return replace(v1, folder=tmp_path / "v1")


def _rendered(made, folder, former=()):
    (report,) = render(made, ["town"], SETTING, folder, processes=1, former=former)
    return report


def _files(folder, report):
    return {(folder / name).stat().st_ino for name, _ in report.files}


def test_a_report_with_the_same_inputs_is_taken_over_with_all_its_files(made, former, tmp_path):
    approved = replace(former.report, status="delivered", channel="folder", delivered_on="2026-11-03")
    again = _rendered(made, tmp_path / "v2", [replace(former, report=approved)])
    assert again == former.report
    assert _files(tmp_path / "v2", again) == _files(former.folder, again)


def test_what_cannot_be_taken_over_fails_and_stops_nothing(made, former, tmp_path, monkeypatch):
    def full(*paths):
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr("os.link", full)
    monkeypatch.setattr("shutil.copyfile", full)
    failed = _rendered(made, tmp_path / "v2", [former])
    assert (failed.status, failed.failed_because) == ("failed", "it could not be drawn (OSError)")


def test_where_every_report_is_taken_over_no_process_is_started(made, former, tmp_path, monkeypatch):
    monkeypatch.setattr(workers, "each", None)
    assert _rendered(made, tmp_path / "v2", [former]) == former.report


@pytest.mark.parametrize("trouble", ordinarily(["changed", "other inputs"]))
def test_it_is_made_again_where_its_files_or_its_inputs_are_not_the_same(made, former, tmp_path, trouble):
    before = former
    if trouble == "changed":
        (former.folder / "town.csv").write_text("changed")
    else:
        before = replace(former, report=replace(former.report, inputs="0" * 64))
    again = _rendered(made, tmp_path / "v2", [before])
    assert again == former.report
    assert not _files(tmp_path / "v2", again) & _files(former.folder, again)


def test_a_report_without_one_of_its_files_is_not_intact(former):
    assert former.is_intact
    (former.folder / "town.xlsx").unlink()
    assert not former.is_intact


@pytest.mark.parametrize(
    "changed",
    [
        {"software": "0.2.0"},
        {"contact": "somebody@example.org"},
        {"window_end": "2026-10-30"},
        {"take_part": {"watch": "Bel ons."}},
        {"recent_suggestions": {"town": {"different_tasks"}}},
        {"names_languages": {"town": "fy"}},
    ],
)
def test_what_else_a_report_says_is_one_of_its_inputs(figures, changed):
    assert fingerprint(figures, replace(SETTING, **changed), "") != fingerprint(figures, SETTING, "")


@pytest.mark.parametrize(
    "changed",
    [
        {"take_part": {"elsewhere": "Bel ons."}},
        {"recent_suggestions": {"city": {"different_tasks"}}},
        {"names_languages": {"city": "fy"}},
    ],
)
def test_what_is_about_others_is_none(figures, changed):
    assert fingerprint(figures, replace(SETTING, **changed), "") == fingerprint(figures, SETTING, "")


def test_a_figure_is_one_and_so_is_whatever_draws_it(figures):
    first, *others = figures.whole.levels
    other = replace(figures, whole=replace(figures.whole, levels=(replace(first, mean=1.0), *others)))
    assert fingerprint(other, SETTING, "") != fingerprint(figures, SETTING, "")
    assert fingerprint(figures, SETTING, "other") != fingerprint(figures, SETTING, "")


@pytest.mark.parametrize(
    "kind", [Change, Diversity, EarlierLevel, Level, MixPart, OrganisationFigures, PeopleCount, Unit, VarietyBand]
)
def test_every_figure_that_is_read_is_said_somewhere(kind):
    """Any other would make reports anew in which nothing has changed. One of several with a name is not found."""
    render_code = Path(report_inputs.__file__).parent
    files = [*render_code.glob("*.py"), *resource("report_templates").rglob("*.html"), *CHARTS.glob("*.svg")]
    text = "\n".join(path.read_text() for path in files if path.name != "published.py")
    unsaid = [field.name for field in fields(kind) if not re.search(rf"[.\"]{field.name}\b", text)]
    assert unsaid == []


def test_a_template_or_the_version_of_a_library_is_drawn_with(tmp_path, monkeypatch):
    before = drawn_with()
    monkeypatch.setattr(report_inputs, "version", lambda name: "0")
    other_library = drawn_with()
    monkeypatch.undo()
    (tmp_path / "page.css").write_text("p { color: red }")
    monkeypatch.setattr(report_inputs, "resource", lambda *parts: tmp_path)
    assert len({before, other_library, drawn_with()}) == 3


def test_it_is_the_same_in_every_process(made, figures):
    """Python orders sets in another way each time it starts."""
    code = (
        "import sys\nfrom pathlib import Path\nfrom flows import warehouse\n"
        "from tests.steps.render.organisation import read_organisation\n"
        "from flows.steps.render.report_inputs import drawn_with, fingerprint\n"
        "from tests.steps.render.settings import SETTING_WITH_RULES\n"
        "with warehouse.opened(Path(sys.argv[1]), read_only=True) as connection:\n"
        "    print(fingerprint(read_organisation(connection, 'town'), SETTING_WITH_RULES, drawn_with()))\n"
    )
    there = subprocess.run([sys.executable, "-c", code, str(made)], capture_output=True, text=True, check=True)
    assert there.stdout.strip() == fingerprint(figures, SETTING, drawn_with())
