"""What the audit reads of a handed-out database follows the thresholds that this database states."""

from flows import warehouse
from flows.steps.publish import audit
from tests import programmes

TOP = [6 - 5 if programmes.INSTRUMENT.items[item].reverse else 5 for item in programmes.ITEMS]
NEXT = [6 - 4 if programmes.INSTRUMENT.items[item].reverse else 4 for item in programmes.ITEMS]


def test_below_the_threshold_an_end_of_the_scale_stands_for_all_that_lies_beyond_it(tmp_path):
    """Twelve near the top, where a full report needs fifteen: the mean is published as the step before the end."""
    programme = programmes.make(tmp_path / "programme", "[disclosure]\nfull_from = 15\n")
    programmes.plain_source(programme, programmes.ITEMS)
    rows = [programmes.answers(n, values=TOP if n <= 10 else NEXT) for n in range(1, 13)]
    programme.export("answers.csv", rows)
    folder = programme.settings.folder
    made = programmes.release(programme)
    assert programme.query("select distinct mean from published.scale_levels where unit_type = 'collective'") == [(95,)]
    with warehouse.opened(None) as connection:
        audit._load(connection, folder, {f"{made.period} v1": made.folder / f"motiefmix_{made.period}.duckdb"})
        bounds = connection.execute(
            "select distinct low, high from released.bounds where figure = 'scale_levels' and unit_type = 'collective'"
        ).fetchall()
    assert bounds == [(12 * 92.5, 12 * 100)]
