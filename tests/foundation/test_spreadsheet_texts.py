"""No text of ours starts a formula, whether Python or DuckDB writes the file."""

import csv

from hypothesis import example, given
from hypothesis import strategies as st

from flows import warehouse
from flows.foundation.spreadsheet_texts import as_cell

BEGINNINGS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def test_a_text_that_would_start_a_formula_gets_an_apostrophe():
    assert [as_cell(f"{sign}1+1") for sign in BEGINNINGS] == [f"'{sign}1+1" for sign in BEGINNINGS]


def test_every_other_text_stays_as_it_is():
    assert [as_cell(text) for text in ("", "Wijk 3-a", "1=1", " =1")] == ["", "Wijk 3-a", "1=1", " =1"]


@given(st.lists(st.text(alphabet=st.sampled_from([*BEGINNINGS, "a", "1", "'", '"', ",", " "]), max_size=4), min_size=1))
@example(["=a\n=b", '"=1"'])
def test_duckdb_writes_texts_as_python_does(tmp_path_factory, texts):
    target = tmp_path_factory.mktemp("csv") / "texts.csv"
    with warehouse.opened(None) as connection:
        connection.execute("create table texts as select unnest(?) as text", [texts])
        warehouse.write_csv(connection, "select text, 1 as number from texts", target)
    with target.open(encoding="utf-8", newline="") as file:
        assert [row["text"] for row in csv.DictReader(file)] == [as_cell(text) for text in texts]
