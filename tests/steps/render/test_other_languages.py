"""A screen reader speaks a name and a title in their own language, also where the page around them is in another."""

import io
import re
from dataclasses import replace

import pikepdf
import pytest
from markupsafe import escape

from flows import warehouse
from flows.programme.suggestions import Condition, Rule
from flows.steps.render.advice import Advice
from flows.steps.render.documents import write_pdf
from flows.steps.render.other_languages import marked, phrases
from flows.steps.render.report import fill, fill_leaflet
from tests import programmes
from tests.steps.render.organisation import read_organisation
from tests.steps.render.reading import structure
from tests.steps.render.settings import SETTING_WITH_RULES

SETTING = replace(SETTING_WITH_RULES, names_languages={"town": "nl"})
RULE = Rule(
    name="ask",
    when=(Condition(members_differ=True),),
    text={"en": "Ask them."},
    source={"nl": "Mol (2020), Public Management Review", "en": "Mol (2020), Public Management Review"},
    strength={"nl": "geen", "en": "none"},
    titles={"en": ["Public Management Review"]},
)
NAME = "Wijkraad 't Veld & Co"


@pytest.fixture(scope="module")
def figures(tmp_path_factory):
    """A Dutch organisation whose report is in English."""
    made = programmes.make(tmp_path_factory.mktemp("languages") / "programme")
    made.register(
        organisations=[{**programmes.ORGANISATIONS[0], "language": "en"}],
        collectives=[
            {**programmes.COLLECTIVES[0], "name": NAME},
            {**programmes.COLLECTIVES[0], "collective_id": "park"},
        ],
    )
    programmes.plain_source(made, programmes.ITEMS)
    rows = [programmes.answers(n) for n in range(1, 25)]
    made.export("answers.csv", rows + [programmes.answers(n, group="park") for n in range(31, 55)])
    made.compute()
    with warehouse.opened(made.settings.folder.warehouse, read_only=True) as connection:
        return read_organisation(connection, "town")


def _spoken(filled) -> set[tuple[str, str]]:
    """The kinds of elements in the structure of the PDF that have a language of their own, each with the language."""
    pdf, _ = write_pdf(*filled)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return {(str(element.S), str(element.Lang)) for element in structure(document) if "/Lang" in element}


def test_names_are_marked_with_the_language_that_the_register_gives(figures):
    page, _ = fill(figures, SETTING)
    head, _, said = page.partition("</head>")
    name = str(escape(NAME))
    assert said.count(f' lang="nl">{name}</') == re.sub("<[^>]*>", "", said).count(name) > 3
    assert "<span" not in head


def test_the_structure_of_the_pdf_has_the_languages(figures):
    assert _spoken(fill(figures, SETTING)) == {("/Span", "nl"), ("/Link", "nl")}
    assert _spoken(fill_leaflet(figures, figures.collectives[0], SETTING)) == {("/Span", "nl")}


@pytest.mark.parametrize("languages", [{}, {"town": "en"}, {"other": "nl"}])
def test_names_in_the_language_of_the_report_are_not_marked(figures, languages):
    assert phrases(figures, replace(SETTING, names_languages=languages)) == {}


def test_the_programme_is_named_in_its_own_language(figures):
    assert phrases(figures, replace(SETTING_WITH_RULES, programme_language="nl")) == {"Programma": "nl"}


def test_titles_and_texts_that_exist_in_another_language_only_are_marked(figures):
    given = [Advice(RULE, RULE.when[0], (figures.whole,))]
    dutch = replace(figures, language="nl")
    assert phrases(dutch, SETTING) == {}
    assert phrases(dutch, SETTING, given) == {"Ask them.": "en", "Public Management Review": "en"}
    assert phrases(dutch, replace(SETTING, notes={"en": "A note."})) == {"A note.": "en"}


@pytest.mark.parametrize(
    ("page", "spoken"),
    [
        ("<p>De Es is near.</p>", '<p><span lang="nl">De Es</span> is near.</p>'),
        ("<p>De Esch and De Es Zuid.</p>", '<p>De Esch and <span lang="nl">De Es Zuid</span>.</p>'),
        ('<p title="De Es">x</p>', '<p title="De Es">x</p>'),
        ('<a href="#es">De Es</a>', '<a href="#es" lang="nl">De Es</a>'),
        ('<a href="#n">De Es Noord</a>, De Es', '<a href="#n">De Es Noord</a>, <span lang="nl">De Es</span>'),
        ("<html><head>\n<title>De Es</title>\n</head>De Es", None),
    ],
)
def test_only_whole_words_between_tags_are_marked_and_the_longest_name_first(page, spoken):
    languages = {"De Es": "nl", "De Es Zuid": "nl"}
    expected = spoken or '<html><head>\n<title>De Es</title>\n</head><span lang="nl">De Es</span>'
    assert marked(page, languages) == expected


def test_a_page_without_phrases_stays_as_it_is():
    assert marked("<p>De Es</p>", {}) == "<p>De Es</p>"
