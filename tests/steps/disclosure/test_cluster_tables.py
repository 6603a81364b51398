"""Who is the same in every release: the people of the differencing check are known by their answers."""

import pytest

from flows.steps.disclosure.differencing import Check
from flows.steps.publish.audit import audit
from tests import programmes
from tests.selection import ordinarily

COLLECTIVES = [{**programmes.COLLECTIVES[0], "collective_id": name, "name": name.title()} for name in ("watch", "also")]
SHARED = """
    select sum(people) from disclosure.atoms
    where list_has_all(cells, (
        select list(distinct cell) from disclosure.cells where family = 'levels' and unit_id = 'watch'
    ))
"""
ANEW = "select people from disclosure.atoms where len(list_distinct(submissions)) = 2"


@pytest.fixture(scope="module")
def september(tmp_path_factory):
    made = programmes.make(tmp_path_factory.mktemp("six") / "programme")
    made.register(collectives=COLLECTIVES)
    programmes.plain_source(made, programmes.ITEMS)
    made.export("1.csv", [_row(number, "watch", "2026-09") for number in range(1, 7)])
    made.pretend_release("2026-09")
    return made


@pytest.fixture
def programme(september, tmp_path):
    """Six answered in the watch in September, which was released."""
    return programmes.copied(september, tmp_path)


def _row(number, group, month, **changes):
    given = {"group": group, "submitted": f"{month}-05 12:00:00", "member": f"m{number}", **changes}
    return {**programmes.answers(number, **given), "id": f"{month}-{group}-{number}"}


@pytest.mark.parametrize("values", ordinarily([[1] * len(programmes.ITEMS), None]))
def test_joining_another_collective_leaves_an_answer_the_same(programme, values):
    """In a collective that is earlier in the alphabet, with other answers or with the same ones."""
    programme.export("2.csv", [_row(6, "also", "2026-10", **({"values": values} if values else {}))])
    programme.compute("2026-10")
    assert programme.query(SHARED) == [(6,)]


def test_the_same_answers_given_anew_stay_the_same_but_are_told_apart(programme):
    programme.export("2.csv", [_row(6, "watch", "2026-10")])
    programme.compute("2026-10")
    assert programme.query(SHARED) == [(6,)]
    assert programme.query(ANEW) == [(1,)]


def test_the_audit_of_a_run_solves_nothing_that_the_check_has_solved(shared, tmp_path, monkeypatch):
    """What it reads in the finished databases is what the check has solved; `motiefmix audit` solves it again."""
    programme = programmes.copied(shared("released", 14), tmp_path)
    programme.export("2.csv", [_row(number, "watch", "2026-11") for number in range(15, 21)])
    programme.compute("2026-11")
    assert programme.query("select count(*) from disclosure.safe_clusters") != [(0,)]
    solved, suspects = [], Check._suspects
    monkeypatch.setattr(Check, "_suspects", lambda self, cluster: solved.append(cluster) or suspects(self, cluster))
    programmes.release(programme, "2026-11", is_computed=True, is_public=False)
    assert solved == []
    assert audit(programme.settings.folder).findings == ()
    assert solved
