"""The levels of earlier months are those that readers were shown then."""

import pytest

from flows import warehouse
from flows.programme import manifest
from flows.steps.render.earlier_months import gather
from tests import programmes
from tests.steps.render.organisation import read_organisation


@pytest.fixture(scope="module")
def programme(tmp_path_factory):
    """Two months: ten answers, then ten more."""
    made = programmes.make(tmp_path_factory.mktemp("earlier") / "programme")
    made.register(collectives=[{**programmes.COLLECTIVES[0], "members": "60"}])
    programmes.plain_source(made, programmes.ITEMS)
    first = [programmes.answers(n, submitted="2026-08-05 12:00:00") for n in range(12)]
    made.export("first.csv", first)
    programmes.release(made, "2026-08", reports=(), is_public=False)
    made.export(
        "second.csv", [*first, *(programmes.answers(n, submitted="2026-10-05 12:00:00") for n in range(20, 32))]
    )
    made.compute("2026-10")
    return made


def _read(programme, target):
    folder = programme.settings.folder
    gather([entry.database_in(folder) for entry in manifest.newest_before(folder, "2026-10")], target)
    with warehouse.opened(folder.warehouse, read_only=True) as connection:
        return read_organisation(connection, "town", target)


def test_a_level_of_an_earlier_month_is_the_published_one(programme, tmp_path):
    (unit,) = _read(programme, tmp_path / "earlier.duckdb").collectives
    released = manifest.newest(programme.settings.folder, "2026-08").database_in(programme.settings.folder)
    with warehouse.opened(released, read_only=True) as connection:
        published = dict(
            connection.execute(
                "select scale, mean from scale_levels where unit_type = 'collective' and mean is not null"
            ).fetchall()
        )
    assert published
    assert {scale: [(level.period, level.mean) for level in levels] for scale, levels in unit.earlier.items()} == {
        scale: [("2026-08", mean)] for scale, mean in published.items()
    }


def test_the_months_begin_with_the_first_that_has_a_figure(programme, tmp_path):
    assert _read(programme, tmp_path / "earlier.duckdb").months == ("2026-08", "2026-09", "2026-10")


def test_the_next_organisation_is_read_over_the_connection_of_one_that_could_not_be_read(programme, tmp_path):
    for name in ("damaged", "whole"):
        (tmp_path / name).mkdir()
    expected = _read(programme, tmp_path / "whole" / "earlier.duckdb")
    with warehouse.opened(tmp_path / "damaged" / "earlier.duckdb"):
        pass
    with warehouse.opened(programme.settings.folder.warehouse, read_only=True) as connection:
        with pytest.raises(warehouse.Error):
            read_organisation(connection, "town", tmp_path / "damaged" / "earlier.duckdb")
        assert read_organisation(connection, "town", tmp_path / "whole" / "earlier.duckdb") == expected


def test_without_earlier_releases_there_are_no_charts_over_time(programme, tmp_path):
    gather([], tmp_path / "none.duckdb")
    with warehouse.opened(programme.settings.folder.warehouse, read_only=True) as connection:
        figures = read_organisation(connection, "town", tmp_path / "none.duckdb")
    assert figures.months == ()
    assert figures.collectives[0].earlier == {}


def test_a_month_more_than_a_year_ago_is_no_part_of_the_charts(programme, tmp_path):
    gather([manifest.newest(programme.settings.folder, "2026-08").database_in(programme.settings.folder)],
           tmp_path / "old.duckdb")  # fmt: skip
    with warehouse.opened(tmp_path / "old.duckdb") as connection:
        connection.execute("update levels set period = '2025-10'")
    with warehouse.opened(programme.settings.folder.warehouse, read_only=True) as connection:
        assert read_organisation(connection, "town", tmp_path / "old.duckdb").months == ()
