"""Disclosure rule 5: figures stand while fewer than five people came, went or changed, in whatever release before."""

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


def test_small_steps_are_counted_from_every_release_and_not_only_from_the_last(programme):
    """Three more, twice: six more than at first, so there are new figures; back by four: held back for good reason."""
    _released(programme, "2026-07", _answers("2026-07", range(100, 120), "other"), _answers("2026-07", range(1, 13)))
    held = _released(programme, "2026-08", _answers("2026-08", range(13, 16)))
    assert held["watch", "benefit"][1:] == [12, "2026-07"]
    fresh = _released(programme, "2026-09", _answers("2026-09", range(16, 19)))
    assert fresh["watch", "benefit"][1:] == [18, None]
    held = _released(programme, "2026-10", _answers("2026-10", range(19, 20)))
    assert held["watch", "benefit"][1:] == [18, "2026-09"]


def test_a_changed_answer_counts_like_a_new_one(twelve):
    programme, before = twelve
    changed = _answers("2026-10", [3], values=[5] * len(programmes.ITEMS))
    after = _released(programme, "2026-10", changed)
    assert after["watch", "benefit"] == [*before["watch", "benefit"][:2], "2026-09"]
    assert after["town", "benefit"] == before["town", "benefit"]


def test_a_withheld_collective_stands_still_too_or_the_total_would_tell(programme):
    before = _released(programme, "2026-09", _alone(), _answers("2026-09", range(1, 4)))
    after = _released(programme, "2026-10", _answers("2026-10", [4]))
    assert before["watch", "benefit"][0] is None
    assert after["town", "benefit"] == before["town", "benefit"]


def test_a_collective_that_no_release_knew_counts_there_as_empty(programme):
    before = _released(programme, "2026-09", _alone())
    after = _released(programme, "2026-10", _answers("2026-10", range(1, 5)))
    assert after["town", "benefit"] == before["town", "benefit"]
    fresh = _released(programme, "2026-11", _answers("2026-11", range(5, 8)))
    assert fresh["town", "benefit"][1] == before["town", "benefit"][1] + 7


def test_a_new_version_of_a_month_obeys_as_well(programme):
    before = _released(programme, "2026-10", _alone(), _answers("2026-10", range(1, 13)))
    after = _released(programme, "2026-10", _answers("2026-10", [13]))
    assert after["watch", "benefit"][:2] == before["watch", "benefit"][:2]
    assert after["town", "benefit"] == before["town", "benefit"]


def test_an_earlier_month_that_is_made_later_obeys_as_well(programme):
    """September holds two answers fewer than October, which was released before it."""
    later = _released(
        programme, "2026-10", _alone(), _answers("2026-09", range(1, 13)), _answers("2026-10", range(13, 15))
    )
    earlier = _released(programme, "2026-09")
    assert earlier["watch", "benefit"] == [*later["watch", "benefit"][:2], "2026-10"]
    assert earlier["town", "benefit"] == later["town", "benefit"]


def test_who_answered_in_two_collectives_moves_no_total_by_one_person(twelve):
    """Their answer in the first collective stays there, but would leave the totals for the newer one."""
    programme, before = twelve
    moved = _answers("2026-10", [*range(1, 2), *range(300, 305)], "other")
    after = _released(programme, "2026-10", moved)
    assert after["watch", "benefit"] == [*before["watch", "benefit"][:2], "2026-09"]
    assert after["town", "benefit"][1] == before["town", "benefit"][1] + 6


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
    from flows.steps.mistakes import Mistake

    programme, _ = twelve
    for path in programme.settings.places.ledger.iterdir():
        path.unlink()
    with pytest.raises(Mistake, match=r"private/ledger/2026-09-v1\.duckdb is missing"):
        programme.compute("2026-10")


def test_changes_are_told_only_between_figures_that_follow_from_their_answers(programme):
    _released(programme, "2025-09", _answers("2025-09", range(1, 31)), _answers("2025-09", range(100, 120), "other"))
    _released(programme, "2026-09", _answers("2026-09", range(1, 31)), _answers("2026-09", range(100, 120), "other"))
    told = "select unit_id, bool_and(difference is not null) from published.changes where scale = 'benefit' group by 1"
    assert ("watch", True) in programme.query(told)
    _released(programme, "2026-10", _answers("2026-10", [31]))
    assert ("watch", True) not in programme.query(told)
