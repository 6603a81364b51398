"""Disclosure rule 5: figures are carried forward while fewer than five people came, went or changed since any release.

Groups are known by the people and contents in them, never by the id, the source or the version of the questionnaire.
"""

import re

import pytest

from tests import programmes

COLLECTIVES = [
    {**programmes.COLLECTIVES[0], "collective_id": name, "name": name.title(), "members": "60"}
    for name in ("watch", "other", "third")
]


@pytest.fixture
def programme(tmp_path):
    return _made(tmp_path)


@pytest.fixture(scope="module")
def first_release(tmp_path_factory):
    """A programme in which twelve answered in one collective, released in September, and what was published."""
    made = _made(tmp_path_factory.mktemp("twelve"))
    return made, _released(made, "2026-09", _alone(), _answers("2026-09", range(1, 13)))


@pytest.fixture
def twelve(first_release, tmp_path):
    made, levels = first_release
    return programmes.copied(made, tmp_path), levels


def _made(folder):
    made = programmes.make(folder / "programme")
    made.register(collectives=COLLECTIVES)
    programmes.plain_source(made, programmes.ITEMS)
    return made


def _answers(month: str, numbers, group: str = "watch", **changes) -> list[dict[str, object]]:
    return [
        {**programmes.answers(n, group=group, submitted=f"{month}-05 12:00:00", **changes), "id": f"{month}-{n}"}
        for n in numbers
    ]


def _released(programme, period: str, *parts: list) -> dict[tuple, tuple]:
    """The published levels after a release of a month to which these answers were added."""
    if parts:
        programme.export(
            f"{period}-{len(list(programme.root.glob('inbox/*')))}.csv", [row for part in parts for row in part]
        )
    programme.pretend_release(period)
    rows = programme.query("select unit_id, scale, mean, respondents, figures_of from published.scale_levels")
    return {(unit, scale): rest for unit, scale, *rest in rows}


def _alone() -> dict[str, list[dict[str, object]]]:
    """Others who always stay the same, so that only one collective is looked at."""
    return [*_answers("2026-08", range(100, 120), "other"), *_answers("2026-08", range(200, 220), "third")]


def test_twelve_and_then_thirteen_answers_tell_nothing_of_the_thirteenth(twelve):
    programme, before = twelve
    after = _released(programme, "2026-10", _answers("2026-10", [13]))
    assert after["watch", "benefit"] == [*before["watch", "benefit"][:2], "2026-09"]
    assert after["town", "benefit"] == before["town", "benefit"]
    assert after["programme", "benefit"] == before["programme", "benefit"]
    assert after["other", "benefit"][2] is None


def test_five_new_answers_make_new_figures(twelve):
    programme, _ = twelve
    after = _released(programme, "2026-10", _answers("2026-10", range(13, 18)))
    assert after["watch", "benefit"][1:] == [17, None]


@pytest.mark.slow
def test_small_steps_are_counted_from_every_release_and_not_only_from_the_last(programme):
    """Three more, twice: six more than at first, so there are new figures; back by four: held back for good reason."""
    _released(programme, "2026-07", _answers("2026-07", range(100, 120), "other"), _answers("2026-07", range(1, 13)))
    held = _released(programme, "2026-08", _answers("2026-08", range(13, 16)))
    assert held["watch", "benefit"][1:] == [12, "2026-07"]
    fresh = _released(programme, "2026-09", _answers("2026-09", range(16, 19)))
    assert fresh["watch", "benefit"][1:] == [18, None]
    held = _released(programme, "2026-10", _answers("2026-10", range(19, 20)))
    assert held["watch", "benefit"][1:] == [18, "2026-09"]


@pytest.mark.slow
def test_a_changed_answer_counts_like_a_new_one(twelve):
    programme, before = twelve
    changed = _answers("2026-10", [3], values=[5] * len(programmes.ITEMS))
    after = _released(programme, "2026-10", changed)
    assert after["watch", "benefit"] == [*before["watch", "benefit"][:2], "2026-09"]
    assert after["town", "benefit"] == before["town", "benefit"]


@pytest.mark.slow
def test_of_a_group_of_which_nothing_was_told_new_figures_tell_nothing_by_difference(programme):
    """Four answered and nothing was told; a fifth gives the group its first figures."""
    before = _released(programme, "2026-09", _alone(), _answers("2026-09", range(1, 5)))
    after = _released(programme, "2026-10", _answers("2026-10", [5]))
    assert before["watch", "benefit"][0] is None
    assert after["watch", "benefit"][0] is not None
    assert after["watch", "benefit"][2] is None


@pytest.mark.slow
def test_a_new_version_of_a_month_obeys_as_well(programme):
    before = _released(programme, "2026-10", _alone(), _answers("2026-10", range(1, 13)))
    after = _released(programme, "2026-10", _answers("2026-10", [13]))
    assert after["watch", "benefit"][:2] == before["watch", "benefit"][:2]
    assert after["town", "benefit"] == before["town", "benefit"]


@pytest.mark.slow
def test_an_earlier_month_that_is_made_later_obeys_as_well(programme):
    """September holds two answers fewer than October, which was released before it."""
    later = _released(
        programme, "2026-10", _alone(), _answers("2026-09", range(1, 13)), _answers("2026-10", range(13, 15))
    )
    earlier = _released(programme, "2026-09")
    assert earlier["watch", "benefit"] == [*later["watch", "benefit"][:2], "2026-10"]
    assert earlier["town", "benefit"] == later["town", "benefit"]


@pytest.mark.slow
def test_who_answered_in_two_collectives_counts_in_each_of_them_also_in_the_total(twelve):
    programme, before = twelve
    moved = _answers("2026-10", [*range(1, 2), *range(300, 305)], "other")
    after = _released(programme, "2026-10", moved)
    assert after["watch", "benefit"][:2] == before["watch", "benefit"][:2]
    assert after["town", "benefit"][1] == before["town", "benefit"][1] + 6


def _renamed(programme, period: str, rows: list, collectives: list) -> dict[tuple, tuple]:
    """A release after the register and the survey tool were changed: everybody stands under the new codes."""
    programme.register(collectives=collectives)
    return _released(programme, period, rows)


@pytest.mark.slow
def test_a_collective_with_another_id_is_known_by_its_people(twelve):
    programme, before = twelve
    others = _alone()
    renamed = [{**COLLECTIVES[0], "collective_id": "guard", "name": "Guard"}, *COLLECTIVES[1:]]
    rows = [{**row, "group": "guard"} for row in _answers("2026-09", range(1, 13))]
    after = _renamed(programme, "2026-10", [*others, *rows, *_answers("2026-10", [13], "guard")], renamed)
    assert after["guard", "benefit"][:3] == [*before["watch", "benefit"][:2], "2026-09"]


@pytest.mark.slow
def test_a_collective_into_which_few_were_merged_is_known_by_its_people(programme):
    """Three of another collective, of whom nothing was told alone, join twelve: the difference would be theirs."""
    alone = _alone()
    before = _released(
        programme, "2026-09", alone, _answers("2026-09", range(1, 13)), _answers("2026-09", range(50, 53), "third")
    )
    merged = [*alone, *_answers("2026-09", [*range(1, 13), *range(50, 53)])]
    after = _released(programme, "2026-10", merged)
    assert after["watch", "benefit"] == [*before["watch", "benefit"][:2], "2026-09"]


@pytest.mark.slow
def test_the_same_answers_to_another_version_of_the_questionnaire_are_the_same_answers(twelve):
    programme, before = twelve
    from flows.foundation.resources import resource

    shipped = (resource("expectations") / "instruments" / "motives.yaml").read_text(encoding="utf-8")
    version = re.search(r"^version: .*$", shipped, re.MULTILINE)[0]
    (programme.root / "next.yaml").write_text(shipped.replace(version, 'version: "2027.1"'), encoding="utf-8")
    settings = programme.root / "motiefmix.toml"
    settings.write_text(settings.read_text().replace('instrument = "motives"', 'instrument = "next.yaml"'))
    after = _released(programme, "2026-10", _answers("2026-10", [13]))
    assert programme.query("select instrument_version from reference.run") == [("2027.1",)]
    assert after["watch", "benefit"] == [*before["watch", "benefit"][:2], "2026-09"]


@pytest.mark.slow
def test_another_source_does_not_make_other_people_of_those_who_are_known(twelve):
    """The form was made anew, under another source; the same members, and one more."""
    programme, before = twelve
    for path in (programme.root / "inbox").iterdir():
        path.unlink()
    for path in (programme.root / "sources").iterdir():
        path.unlink()
    programmes.plain_source(programme, programmes.ITEMS, name="form-made-anew")
    everybody = [*_alone(), *_answers("2026-09", range(1, 13)), *_answers("2026-10", [13])]
    after = _released(programme, "2026-10", everybody)
    assert after["watch", "benefit"] == [*before["watch", "benefit"][:2], "2026-09"]


@pytest.mark.slow
def test_a_changed_threshold_makes_no_new_figures_of_few_people(twelve):
    programme, before = twelve
    settings = programme.root / "motiefmix.toml"
    settings.write_text(settings.read_text() + "\n[disclosure]\nlevels_from = 7\n")
    after = _released(programme, "2026-10", _answers("2026-10", [13]))
    assert after["watch", "benefit"] == [*before["watch", "benefit"][:2], "2026-09"]


def test_what_is_about_the_whole_programme_stands_until_ten_people_came(twelve):
    programme, _ = twelve
    tables = {"reliability": "alpha", "item_statistics": "item_mean", "one_factor": "cfi", "agreement": "median"}

    def published() -> dict[str, list]:
        return {
            table: programme.query(f"select * exclude (period, figures_of) from published.{table} order by all")
            for table in tables
        }

    before = published()
    _released(programme, "2026-10", _answers("2026-10", range(13, 22)))
    assert published() == before
    for table in tables:
        assert programme.query(f"select distinct figures_of from published.{table}") == [("2026-09",)]
    _released(programme, "2026-11", _answers("2026-11", [30]))
    for table in tables:
        assert programme.query(f"select distinct figures_of from published.{table}") == [(None,)]


@pytest.mark.slow
def test_nothing_later_recomputes_a_level_of_the_past(programme):
    """What a level was before is what was published then, also where the figure was withheld."""
    _released(programme, "2025-09", _alone_in("2025-08"), _answers("2025-09", range(1, 13)))
    published = {
        key: mean
        for *key, mean in programme.query("select unit_id, scale, mean from published.scale_levels")
        for key in [tuple(key)]
    }
    _released(programme, "2026-09", _alone_in("2026-08"), _answers("2026-09", range(1, 25)))
    rows = programme.query("select unit_id, scale, mean_then from published.changes where mean_then is not null")
    assert rows
    assert all(then == published[unit, scale] for unit, scale, then in rows)


def _alone_in(month: str) -> list[dict[str, object]]:
    return [*_answers(month, range(100, 120), "other"), *_answers(month, range(200, 220), "third")]


@pytest.mark.slow
def test_figures_that_stood_for_longer_than_a_window_are_withheld(tmp_path):
    programme = programmes.make(tmp_path / "programme", toml="window_months = 2")
    programme.register(collectives=COLLECTIVES)
    programmes.plain_source(programme, programmes.ITEMS)
    people = {"watch": range(1, 13), "other": range(100, 120), "third": range(200, 220)}

    def month(name: str, changed: int) -> list:
        """Everybody answers again and the same; one who is new each time takes the place of another."""
        rows = [row for group, numbers in people.items() for row in _answers(name, numbers, group)]
        return [{**row, "member": f"new-{name}"} if row["id"] == f"{name}-{changed}" else row for row in rows]

    first = _released(programme, "2026-06", month("2026-06", 0))
    held = [_released(programme, f"2026-{n:02d}", month(f"2026-{n:02d}", 1)) for n in (7, 8, 9)]
    assert [levels["watch", "benefit"] for levels in held[:2]] == [[*first["watch", "benefit"][:2], "2026-06"]] * 2
    assert held[2]["watch", "benefit"][0] is None
    assert programme.query(
        "select withheld_because from published.scale_levels where unit_id = 'watch' and scale = 'benefit'"
    ) == [("protects_people",)]


def test_without_the_record_of_a_release_nothing_new_is_computed(twelve):
    from flows.foundation.errors import UserError

    programme, _ = twelve
    for path in programme.settings.folder.disclosure_record.iterdir():
        path.unlink()
    with pytest.raises(UserError, match=r"private/disclosure-record/2026-09-v1\.duckdb is missing"):
        programme.compute("2026-10")


def test_a_record_whose_columns_have_former_names_is_read(twelve):
    from flows import warehouse

    programme, _ = twelve
    (path,) = programme.settings.folder.disclosure_record.iterdir()
    with warehouse.opened(path) as connection:
        connection.execute("alter table classes rename column coarsening_level to rung")
        connection.execute("alter table groups rename column is_published to is_told")
    programme.compute("2026-10")
    assert programme.query("select count(*) > 0 from released.classes") == [(True,)]
    assert (True,) in programme.query("select distinct is_published from released.groups")


def test_a_record_of_an_older_version_is_refused_with_a_sentence(twelve):
    """Its totals were computed over answers: beside them the arithmetic of this version could give people away."""
    from flows import warehouse
    from flows.foundation.errors import UserError

    programme, _ = twelve
    (path,) = programme.settings.folder.disclosure_record.iterdir()
    with warehouse.opened(path) as connection:
        connection.execute("alter table about drop column format")
    with pytest.raises(UserError, match=r"made by a version of Motiefmix whose totals were computed over answers"):
        programme.compute("2026-10")


@pytest.mark.slow
def test_joining_another_collective_of_the_rest_group_is_one_change(programme):
    """Also when that collective comes first in the alphabet, and whatever the second answer is."""
    few = [*_answers("2026-09", range(1, 4)), *_answers("2026-09", range(4, 7), "other")]
    _released(programme, "2026-09", few, _answers("2026-09", range(200, 220), "third"))
    programme.export("joined.csv", _answers("2026-10", [1], "other", values=programmes.scattered(1)))
    programme.compute("2026-10")
    assert programme.query("""
        select distinct differing from disclosure.differences
        where family = 'levels' and unit_type = 'rest' and then_unit_type = 'rest'
    """) == [(1,)]
