"""`motiefmix methods`: the annex of a released period says how well it was measured, from published figures alone."""

import csv
import re

import duckdb
import numpy as np
import pikepdf
import pytest

from flows.commands.methods import write_methods
from flows.foundation.errors import UserError
from flows.steps.render.methods import read_annex
from tests import programmes
from tests.selection import ordinarily
from tests.steps.render.reading import pages


def _released(path, respondents: int):
    made = programmes.make(path)
    programmes.plain_source(made, programmes.ITEMS)
    chance = np.random.default_rng(3)
    rows = []
    for number in range(1, respondents + 1):
        person = chance.normal(3.2, 0.7, size=11)
        values = [
            int(np.clip(round(person[i // 3] + chance.normal(0, 0.5)), 1, 5)) for i in range(len(programmes.ITEMS))
        ]
        rows.append(programmes.answers(number, values=values))
    made.export("answers.csv", rows)
    programmes.release(made)
    return made, rows


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    return _released(tmp_path_factory.mktemp("methods") / "programme", 36)


@pytest.mark.parametrize(("language", "heading"), ordinarily([("nl", "Methodebijlage"), ("en", "Methods annex")]))
def test_it_is_an_accessible_pdf_in_the_language_asked_for(released, tmp_path, language, heading):
    pdf, *_ = write_methods(released[0].settings, "2026-10", language, tmp_path)
    with pikepdf.open(pdf) as document:
        assert "/StructTreeRoot" in document.Root
        assert str(document.Root.Lang) == language
        assert heading in str(document.docinfo["/Title"])


def test_every_page_says_what_it_is_part_of(released, tmp_path):
    pdf, *_ = write_methods(released[0].settings, "2026-10", "en", tmp_path)
    found = pages(pdf.read_bytes())
    assert [text.count("· Methods annex · October 2026 ·") for text in found] == [1] * len(found)


def test_its_tables_are_the_published_ones(released, tmp_path):
    _, scales, items = write_methods(released[0].settings, "2026-10", "en", tmp_path)
    with scales.open(newline="") as file:
        found = {row["scale"]: row for row in csv.DictReader(file)}
    database = released[0].settings.folder.public / "motiefmix_2026-10.duckdb"
    with duckdb.connect(str(database), read_only=True) as connection:
        alphas = dict(connection.execute("select scale, alpha from reliability").fetchall())
    assert {scale: float(row["alpha"]) for scale, row in found.items()} == pytest.approx(alphas)
    with items.open(newline="") as file:
        assert len(list(csv.DictReader(file))) == len(programmes.ITEMS)


def test_item_statistics_are_those_of_numpy(released):
    made, rows = released
    found = made.query(
        "select scale, list(item order by position), list(mean order by position), list(sd order by position),"
        " list(item_rest_correlation order by position) from statistics.item_statistics group by scale"
    )
    turned = {name for (name,) in made.query("select item from reference.items where reverse")}
    for _, items, means, sds, correlations in found:
        values = np.array(
            [[6 - row[item] if item in turned else row[item] for item in items] for row in rows], dtype=float
        )
        assert means == pytest.approx(values.mean(axis=0))
        assert sds == pytest.approx(values.std(axis=0, ddof=1))
        rest = values.sum(axis=1, keepdims=True) - values
        expected = [np.corrcoef(values[:, i], rest[:, i])[0, 1] for i in range(len(items))]
        assert correlations == pytest.approx(expected)


@pytest.mark.slow
def test_below_thirty_answers_no_item_is_told(tmp_path):
    made, _ = _released(tmp_path / "programme", 29)
    annex = read_annex(made.settings.folder.public / "motiefmix_2026-10.duckdb", "2026-10")
    assert {item["item_mean"] for item in annex.items} == {None}
    assert {item["withheld_because"] for item in annex.items} == {"too_few"}


def test_a_month_without_a_release_has_no_annex(released, tmp_path):
    with pytest.raises(UserError, match="2026-09 has no release.*Released: 2026-10"):
        write_methods(released[0].settings, "2026-09", "nl", tmp_path)


def test_its_sentences_stand_apart(released):
    from flows.steps.render.templates import environment
    from tests.steps.render.settings import SETTING

    annex = read_annex(released[0].settings.folder.public / "motiefmix_2026-10.duckdb", "2026-10")
    text = environment("en").get_template("methods.html").render(annex=annex, setting=SETTING, questions={})
    paragraphs = re.findall(r"<p>(.*?)</p>", text, re.DOTALL)
    assert [found for paragraph in paragraphs for found in re.findall(r"[a-z)]\.[A-Z0-9]\w+", paragraph)] == []


@pytest.mark.parametrize("apart", ordinarily([1, 0]))
def test_an_item_that_all_or_all_but_one_answered_alike_is_not_told(tmp_path, apart):
    made = programmes.make(tmp_path / "programme")
    programmes.plain_source(made, programmes.ITEMS)
    rows = [
        programmes.answers(number, values=[1 if number <= apart else 5, *programmes.coherent(number)[1:]])
        for number in range(1, 37)
    ]
    made.export("answers.csv", rows)
    made.compute()
    reasons = dict(made.query("select item, withheld_because from published.item_statistics"))
    assert reasons.pop(programmes.ITEMS[0]) == "protects_people"
    assert None in reasons.values()


@pytest.mark.slow
def test_an_annex_in_each_language_fits_in_one_folder(released, tmp_path):
    for language in ("nl", "en"):
        write_methods(released[0].settings, "2026-10", language, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "methods_2026-10_en.pdf",
        "methods_2026-10_items.csv",
        "methods_2026-10_nl.pdf",
        "methods_2026-10_scales.csv",
    ]
