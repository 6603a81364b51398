"""A file of single respondents: off unless asked for, coarse, of large groups only, and without a way back."""

import duckdb
import pytest

from flows.commands import erase, microdata
from flows.foundation.errors import UserError
from tests import programmes

COLLECTIVES = [
    {**programmes.COLLECTIVES[0], "collective_id": "watch"},
    {**programmes.COLLECTIVES[0], "collective_id": "small", "name": "Klein"},
    {**programmes.COLLECTIVES[0], "collective_id": "same", "name": "Eensgezind"},
    {
        **programmes.COLLECTIVES[0],
        "organisation_id": "school",
        "collective_id": "alone",
        "name": "Raad",
        "type": "school council",
    },
]


@pytest.fixture(scope="module")
def computed(tmp_path_factory):
    made = programmes.make(tmp_path_factory.mktemp("microdata") / "programme", toml="microdata = true")
    school = {"organisation_id": "school", "name": "School", "language": "nl"}
    made.register(organisations=[*programmes.ORGANISATIONS, school], collectives=COLLECTIVES)
    programmes.plain_source(made, programmes.ITEMS)
    made.export(
        "answers.csv",
        [
            *(programmes.answers(n, group="watch") for n in range(1, 31)),
            *(programmes.answers(n, group="same", values=programmes.coherent(3)) for n in range(50, 62)),
            *(programmes.answers(n, group="small") for n in range(100, 109)),
            *(programmes.answers(n, group="alone") for n in range(200, 212)),
        ],
    )
    made.compute()
    return made


@pytest.fixture
def programme(computed, tmp_path):
    return programmes.copied(computed, tmp_path)


def _rows(made: microdata.Microdata) -> list[tuple]:
    with duckdb.connect() as connection:
        return connection.execute("select * from read_parquet(?)", [made.path]).fetchall()


def test_it_is_written_only_where_the_settings_say_so(shared, tmp_path):
    made = programmes.copied(shared("computed", 30), tmp_path)
    with pytest.raises(UserError, match="hands out no answers of single members"):
        microdata.write_microdata(made.settings)


def test_only_groups_that_are_published_in_full_are_in_it(programme):
    made = microdata.write_microdata(programme.settings)
    rows = _rows(made)
    assert {row[1:3] for row in rows} == {("neighbourhood watch", "20–49"), ("school council", "10–19")}
    assert (made.respondents, made.left_out) == (42, 21)
    assert len(rows) == 42 * len(programmes.INSTRUMENT.scales)


def test_scores_are_told_by_the_middle_of_bands_of_twenty_points(programme):
    scores = {row[4] for row in _rows(microdata.write_microdata(programme.settings)) if row[4] is not None}
    assert scores <= {10, 30, 50, 70, 90}


def test_every_combination_of_type_and_size_has_ten_people(programme):
    people: dict[tuple, set] = {}
    for member, *group, _, _ in _rows(microdata.write_microdata(programme.settings)):
        people.setdefault(tuple(group), set()).add(member)
    assert min(map(len, people.values())) >= 10


def test_rows_have_no_name_that_stands_anywhere_else_not_even_in_another_such_file(programme):
    first = {row[0] for row in _rows(microdata.write_microdata(programme.settings))}
    second = {row[0] for row in _rows(microdata.write_microdata(programme.settings))}
    pseudonyms = {row[0] for row in programme.query("select respondent from raw.responses")}
    assert not first & second
    assert not first & pseudonyms


def test_it_lies_in_private_and_goes_when_a_member_is_erased(programme):
    made = microdata.write_microdata(programme.settings)
    path = programme.settings.folder.private / "microdata" / "microdata-2026-10.parquet"
    assert made.path == str(path)
    assert path.stat().st_mode & 0o777 == 0o600
    erased = erase.erase(programme.settings, "m1", None, None)
    assert erased.microdata_files == 1
    assert not path.exists()
    assert "Ask for the copies that you handed out" in erase.describe(erased)


def test_after_an_erasure_the_next_run_comes_first(programme):
    erase.erase(programme.settings, "m1", None, None)
    with pytest.raises(UserError, match="Run first"):
        microdata.write_microdata(programme.settings)
