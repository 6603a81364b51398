"""A second row of headings in a table of no known tool is seen where it leaves no doubt, and no response is lost."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import programmes
from tests.steps.ingest.exports import as_csv, as_workbook, see, table

CODES = table("""
nr | datum             | groep               | v1                       | v2
Nr | Datum van invullen| In welke groep?     | Ik leer er nieuwe dingen.| Het is er gezellig.
1  | 2026-10-05        | watch               | 4                        | 5
2  | 2026-10-06        | watch               | 3                        | 5
""")
GROUPS = table("""
Over u |            | Leren                    |                           | Contact
Groep  | Ingevuld   | Ik leer er nieuwe dingen.| Ik word beter in wat ik kan.| Het is er gezellig.
watch  | 2026-10-05 | 4                        | 3                         | 5
watch  | 2026-10-06 | 3                        | 3                         | 4
""")
MERGED = table("""
Nr | Ingevuld   | Leren                    |                             | Contact             |
   |            | Ik leer er nieuwe dingen.| Ik word beter in wat ik kan.| Het is er gezellig. | Ik voel mij deel.
1  | 2026-10-05 | 4                        | 3                           | 5                   | 2
""")
REPEATED = [["Over u", "Over u", "Leren", "Leren", "Contact"], *GROUPS[1:]]


@pytest.mark.parametrize("write", [as_csv, as_workbook])
def test_codes_above_texts_are_both_names(tmp_path, write):
    seen = see(tmp_path, write(CODES))
    assert (seen.tool, seen.layout.heading_rows, len(seen.responses)) == ("plain", 2, 2)
    assert seen.column("v1") == seen.column("Ik leer er nieuwe dingen.") == ["4", "3"]
    assert seen.layout.questions[4] == "Het is er gezellig."


@pytest.mark.parametrize("write", [as_csv, as_workbook])
@pytest.mark.parametrize("rows", [GROUPS, REPEATED])
def test_groups_above_items_leave_the_items_their_names(tmp_path, write, rows):
    seen = see(tmp_path, write(rows))
    assert (seen.layout.heading_rows, len(seen.responses)) == (2, 2)
    assert seen.column("Ik word beter in wat ik kan.") == ["3", "3"]
    assert seen.column("Leren [Ik word beter in wat ik kan.]") == ["3", "3"]
    assert seen.column("Ingevuld") == ["2026-10-05", "2026-10-06"]


def test_headings_that_span_both_rows_stand_on_the_first(tmp_path):
    seen = see(tmp_path, as_csv(MERGED))
    assert (seen.layout.heading_rows, seen.column("Nr"), seen.column("Het is er gezellig.")) == (2, ["1"], ["5"])


def test_answers_in_words_prove_it_with_a_date_and_by_repeating_themselves(tmp_path):
    items = [about.text["nl"] for about in programmes.INSTRUMENT.items.values()]
    rows = [["datum", *programmes.ITEMS], ["Datum van invullen", *items]]
    rows += [[f"2026-10-0{day}", *["Belangrijk"] * len(items)] for day in range(1, 4)]
    seen = see(tmp_path, as_csv(rows))
    assert (seen.layout.heading_rows, len(seen.responses)) == (2, 3)


ONE_HEADING = {
    "first answers that are open": """
        q1 | q2 | q3
        Ik vind het leuk | Omdat het moet van thuis | Geen idee eigenlijk
        Voor de buurt | Ik weet niet | Om te leren
        """,
    "a first answer that is no number": """
        leeftijd | waarom | wie
        zeg ik niet | om te leren | mijn buurman Jan
        34 | voor de buurt | mijn zus
        """,
    "two first answers that are no numbers": """
        v1 | v2 | v3
        weet ik niet | sinds kort lid | om te leren
        34 | 5 | voor de buurt
        """,
    "first answers that are no numbers and the same": """
        leeftijd | jaren lid | waarom
        n.v.t. hier | n.v.t. hier | om te leren van anderen
        34 | 5 | voor de buurt
        """,
    "a date on the second row": """
        datum | waarom | wie
        2026-10-05 | om te leren van anderen | mijn buurman Jan
        2026-10-06 | voor de buurt | mijn zus
        """,
    "an empty first response": """
        nr | datum | waarom
        |  | om te leren
        2 | 2026-10-06 | voor de buurt
        """,
    "one response alone": """
        nr | waarom
        een van ons | om te leren
        """,
    "texts as headings": """
        Hoe oud bent u? | Hoe lang bent u lid? | Waarom doet u mee?
        weet ik niet | sinds kort lid | om te leren
        34 | 5 | voor de buurt
        """,
}


@pytest.mark.parametrize("case", ONE_HEADING)
def test_in_doubt_a_row_is_a_response(tmp_path, case):
    rows = table("\n".join(line.strip() for line in ONE_HEADING[case].strip().splitlines()))
    seen = see(tmp_path, as_csv(rows))
    assert (seen.layout.heading_rows, len(seen.responses)) == (1, len(rows) - 1)


_CELL = st.sampled_from(["4", "5", "2026-10-05", "", "Belangrijk", "Heel belangrijk", "om te leren", "34"])


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(2, 6).flatmap(lambda width: st.lists(st.tuples(*[_CELL] * width), min_size=2, max_size=6)))
def test_no_response_with_a_number_or_a_date_is_ever_taken_for_a_heading(tmp_path, rows):
    first = ("2026-10-05", *rows[0][1:])
    headings = [f"vraag_{place}" for place in range(len(first))]
    seen = see(tmp_path, as_csv([headings, first, *rows[1:]]))
    assert seen.layout.heading_rows == 1


def test_the_second_row_is_found_by_map_and_told(programme, capsys):
    from flows.cli import app

    items = programmes.INSTRUMENT.items
    rows = [
        ["nr", "datum", "groep", *(f"v{n}" for n in range(len(items)))],
        ["Volgnummer", "Datum van invullen", "Welke groep?", *(about.text["nl"] for about in items.values())],
        *([n, f"2026-10-0{n}", "watch", *programmes.coherent(n)] for n in range(1, 8)),
    ]
    path = programme.root / "ours.csv"
    path.write_bytes(as_csv([list(map(str, row)) for row in rows]))
    words = ["map", str(path), "-p", str(programme.root), "--set", "date.column=datum"]
    app(words, result_action="return_value")
    said = capsys.readouterr().out
    assert "ours.csv: plain, 7 responses below 2 rows of headings" in said
    assert f"{len(items)} items found" in said
    programme.export("ours.csv", [{"x": 1}]).write_bytes(path.read_bytes())
    assert [export.rows for export in programme.ingest().exports] == [7]
