"""Whoever keeps a name is told which of its characters reports cannot show: whose name, which ones, in which file."""

from datetime import date

import pytest

from flows.foundation.contracts import Validated
from flows.programme.loading import load_programme
from flows.steps.render.quality_page import QualityPage, write_quality_page
from flows.steps.render.undrawn_names import UndrawnName, undrawn_names
from tests import programmes

COLLECTIVE = programmes.COLLECTIVES[0]
TEA_HOUSE = UndrawnName("collective", "tea", "register/collectives.csv", ("茶", "👨‍👩‍👧"))


def _found(programme, day=date(2026, 10, 31)):
    return undrawn_names(load_programme(programme.settings), day)


def test_names_that_our_fonts_have_are_not_told(programme):
    programme.register(organisations=[{"organisation_id": "town", "name": "Łódź بلدية Işık", "language": "nl"}])
    assert _found(programme) == ()


def test_every_name_of_a_report_is_looked_at(programme):
    programme.register(
        organisations=[{"organisation_id": "town", "name": "Ｔｏｗｎ", "language": "nl"}],
        collectives=[COLLECTIVE, {**COLLECTIVE, "collective_id": "tea", "name": "茶 thee 茶 👨‍👩‍👧"}],
    )
    settings = programme.root / "motiefmix.toml"
    written = settings.read_text(encoding="utf-8").splitlines()
    kept = [line for line in written if not line.startswith(("name =", "contact ="))]
    settings.write_text("\n".join(['name = "茶"', 'contact = "☎️ 茶"', *kept]), encoding="utf-8")
    assert _found(programme) == (
        UndrawnName("programme", "", "motiefmix.toml", ("茶",)),
        UndrawnName("contact", "", "motiefmix.toml", ("☎️", "茶")),
        UndrawnName("organisation", "town", "register/organisations.csv", ("Ｔ", "ｏ", "ｗ", "ｎ")),
        TEA_HOUSE,
    )


def test_a_name_of_another_time_is_not_told(programme):
    programme.register(
        collectives=[
            {**COLLECTIVE, "name": "茶", "valid_from": "", "valid_until": "2026-08-31"},
            {**COLLECTIVE, "name": "Thee", "valid_from": "2026-09-01", "valid_until": ""},
        ]
    )
    assert _found(programme) == ()
    assert [name.id for name in _found(programme, date(2026, 8, 31))] == ["watch"]


def test_it_is_told_in_a_sentence_that_is_not_too_long_and_prints():
    name = UndrawnName("collective", "x", "register/collectives.csv", ("茶",))
    assert name.sentence == "The name of collective 'x' holds '茶', which our fonts lack; reports show □ instead."
    assert UndrawnName("contact", "", "motiefmix.toml", tuple("一二三四五六七八九十百")).quoted.endswith("'十', …")
    assert UndrawnName("contact", "", "motiefmix.toml", ("\u202e茶",)).quoted == r"'\u202e茶'"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nl", ("Collectief tea", "In de naam staat '茶'", "tonen in plaats daarvan □", "register/collectives.csv")),
        ("en", ("Collective tea", "The name holds '茶'", "reports show □ instead", "register/collectives.csv")),
    ],
)
def test_the_quality_page_tells_it_to_the_keeper_of_the_register(tmp_path, language, words):
    page = QualityPage("2026-10", "0", Validated(), undrawn_names=(TEA_HOUSE,))
    assert page.verdict == "attention"
    text = write_quality_page(tmp_path / "index.html", page, language).read_text(encoding="utf-8").replace("&#39;", "'")
    assert [word for word in words if word not in text] == []
