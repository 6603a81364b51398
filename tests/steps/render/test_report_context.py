"""What a report knows besides its figures: what the programme, its register and its earlier releases say."""

from datetime import date

import pytest

from flows.foundation.contracts import FailedReport, MadeReport
from flows.foundation.errors import UserError
from flows.programme import manifest
from flows.programme.loading import load_programme
from flows.programme.period import Period
from flows.steps.render.figures import Diversity, OrganisationFigures, Unit
from flows.steps.render.report import fill_leaflet
from flows.steps.render.report_context import ReportContext
from tests import programmes

NOTHING = Diversity(None, None, None, None, None, "too_few")


@pytest.fixture
def programme(tmp_path):
    made = programmes.make(tmp_path / "programme")
    collective = {**programmes.COLLECTIVES[0], "valid_from": "", "valid_until": "", "take_part": ""}
    made.register(
        collectives=[
            {**collective, "valid_until": "2026-09-30", "take_part": "https://example.org/old"},
            {**collective, "valid_from": "2026-10-01", "take_part": "https://example.org/new"},
            {**collective, "collective_id": "silent", "name": "Silent"},
        ]
    )
    programmes.plain_source(made, programmes.ITEMS)
    return made


def _context(programme, before=()):
    loaded = load_programme(programme.settings)
    return ReportContext.of_run(loaded, Period.parse("2026-10"), date(2026, 10, 31), "0", before)


def _released(programme, period, *reports):
    programme.write_manifest(period, reports=reports)
    return manifest.newest(programme.settings.folder, period)


def _report(*suggestions):
    return MadeReport(organisation_id="town", language="nl", file="t.pdf", sha256="x", pages=1, suggestions=suggestions)


def test_suggestions_of_the_two_months_before_are_recent_and_older_ones_are_not(programme):
    before = [
        _released(programme, "2026-07", _report("old")),
        _released(programme, "2026-08", _report("listen")),
        _released(programme, "2026-09", _report("teach"), FailedReport(organisation_id="city", failed_because="x")),
    ]
    assert _context(programme, before).recent_suggestions == {"town": {"listen", "teach"}}


def test_the_first_page_has_the_scales_that_the_questionnaire_chose(programme):
    assert _context(programme).first_page == ("heard", "continue")


def test_names_have_the_language_that_the_register_gives(programme):
    assert _context(programme).names_languages == {}
    programme.register(organisations=[{**programmes.ORGANISATIONS[0], "names_language": "fy"}])
    assert _context(programme).names_languages == {"town": "fy"}
    programme.register(organisations=[{**programmes.ORGANISATIONS[0], "names_language": "Dutch"}])
    with pytest.raises(UserError, match=r"organisations\.csv, line 2.*the code of a language, such as en or pt-BR"):
        _context(programme)


def test_how_to_take_part_is_what_the_register_says_at_the_end_of_the_month(programme):
    assert _context(programme).take_part == {"watch": "https://example.org/new"}


@pytest.mark.parametrize(("collective", "sentence"), [
    ("watch", "De vragenlijst invullen: https://example.org/new"),
    ("silent", "Wilt u ook meedoen? Vraag in uw collectief naar de vragenlijst."),
])  # fmt: skip
def test_the_leaflet_says_how_to_take_part(programme, collective, sentence):
    unit = Unit("collective", collective, "A", None, None, None, None, None, (), (), (), (), NOTHING)
    figures = OrganisationFigures("town", "Town", "nl", "2026-10", 6, unit, (unit,))
    assert sentence in fill_leaflet(figures, unit, _context(programme))[0]
