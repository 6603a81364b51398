"""A new language is a new catalogue: with one in which every text is marked, no text stands unmarked."""

import html
import io
import re
import shutil

import pytest
import python_calamine
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from flows import warehouse
from flows.foundation.errors import RegisterError
from flows.foundation.resources import resource
from flows.programme import languages, register
from flows.steps.render import figures_workbook, language, templates
from flows.steps.render.report import fill, fill_leaflet
from tests import programmes
from tests.report_templates.messages import extracted
from tests.steps.render.organisation import read_organisation
from tests.steps.render.settings import SETTING_WITH_RULES

# Esperanto: a language of people, so that numbers and months have a way of writing, and none of ours.
CODE = "eo"


def _marked(message: str) -> str:
    return f"«{message}»"


def _write_catalogue(folder):
    catalogue = Catalog(locale=CODE)
    for message in extracted():
        if isinstance(message, tuple):
            catalogue.add(message, tuple(map(_marked, message)))
        else:
            catalogue.add(message, _marked(message))
    folder.mkdir(parents=True)
    with (folder / "motiefmix.po").open("wb") as file:
        write_po(file, catalogue)


@pytest.fixture(scope="module")
def pseudo(tmp_path_factory):
    """The templates with one more catalogue, as if somebody had put it there."""
    folder = tmp_path_factory.mktemp("templates")
    copied = folder / "report_templates"
    shutil.copytree(resource("report_templates"), copied)
    _write_catalogue(copied / "locale" / CODE / "LC_MESSAGES")

    def found(*parts):
        return folder.joinpath(*parts) if parts[0] == "report_templates" else resource(*parts)

    caches = (languages.known, language.language, templates.environment)
    with pytest.MonkeyPatch.context() as patch:
        for module in (language, languages, templates):
            patch.setattr(module, "resource", found)
        for cached in caches:
            cached.cache_clear()
        yield
    for cached in caches:
        cached.cache_clear()


@pytest.fixture(scope="module")
def figures(pseudo, tmp_path_factory):
    programme = programmes.make(tmp_path_factory.mktemp("languages") / "programme")
    programme.register(
        organisations=[{"organisation_id": "town", "name": "1234", "language": CODE}],
        collectives=[
            {**programmes.COLLECTIVES[0], "name": "5678"},
            {**programmes.COLLECTIVES[0], "collective_id": "few", "name": "9012", "members": ""},
            {**programmes.COLLECTIVES[0], "collective_id": "small", "name": "3456"},
        ],
    )
    programmes.plain_source(programme, programmes.ITEMS)
    rows = [programmes.answers(n) for n in range(1, 41)]
    rows += [programmes.answers(n, group="few") for n in range(50, 62)]
    rows += [programmes.answers(n, group="small") for n in range(70, 77)]
    programme.export("answers.csv", rows)
    programme.compute()
    with warehouse.opened(programme.settings.folder.warehouse, read_only=True) as connection:
        return read_organisation(connection, "town")


def _unmarked(text: str, figures) -> set[str]:
    """The words that stand outside marks and come neither from the questionnaire nor from the programme's files."""
    text = " ".join(html.unescape(text).split())
    inner = re.compile(r"«[^«»]*»")
    while inner.search(text):
        text = inner.sub(" ", text)
    setting = SETTING_WITH_RULES
    given = [level.label for level in figures.whole.levels]
    given += [label[:1].lower() + label[1:] for label in given]
    for rule in setting.suggestions:
        given += [*rule.text.values(), *rule.source.values(), *rule.strength.values()]
    given += [text for texts in setting.meanings.values() for text in texts.values()]
    given += [*setting.notes.values(), setting.programme, setting.contact, setting.inputs_hash, "Motiefmix"]
    given += [figures.organisation_id, *(unit.unit_id for unit in figures.collectives)]
    for words in sorted(given, key=len, reverse=True):
        text = text.replace(words, " ")
    spoken = {"oktobro", "novembro", "kaj"}
    return {word for word in re.findall(r"[^\W\d_]{2,}", text) if word.lower() not in spoken and not word.isupper()}


def _texts(filled) -> str:
    page, charts = filled
    everything = [page.split("</head>")[1], *charts.values(), *re.findall("<title>([^<]*)", page)]
    alternatives = re.findall(r'alt="([^"]*)"', page)
    return " ".join([*(re.sub(r"<[^>]*>", " ", text) for text in everything), *alternatives])


def test_no_text_of_a_report_is_hard_coded(figures):
    text = _texts(fill(figures, SETTING_WITH_RULES))
    assert text.count("«") > 100
    assert _unmarked(text, figures) == set()


def test_no_text_of_a_leaflet_is_hard_coded(figures):
    for unit in figures.collectives:
        assert _unmarked(_texts(fill_leaflet(figures, unit, SETTING_WITH_RULES)), figures) == set()


def test_no_text_of_a_workbook_is_hard_coded(figures):
    book = python_calamine.CalamineWorkbook.from_filelike(
        io.BytesIO(figures_workbook.workbook(figures, SETTING_WITH_RULES))
    )
    cells = [
        cell
        for name in book.sheet_names
        for row in book.get_sheet_by_name(name).to_python()
        for cell in row
        if isinstance(cell, str)
    ]
    assert _unmarked(" ".join([*book.sheet_names, *cells]), figures) == set()


def test_a_text_that_is_hard_coded_would_be_noticed(figures):
    assert _unmarked("«All members» answered", figures) == {"answered"}


def test_the_register_takes_a_language_that_has_a_catalogue_and_no_other(programme, pseudo):
    programme.register(organisations=[{**programmes.ORGANISATIONS[0], "language": CODE}])
    assert register.load(programme.settings.folder.register).organisations[0].language == CODE
    programme.register(organisations=[{**programmes.ORGANISATIONS[0], "language": "fy"}])
    with pytest.raises(RegisterError, match="must be 'eo' or 'nl' or 'en'"):
        register.load(programme.settings.folder.register)
