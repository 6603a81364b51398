"""Disclosure rule 10 in one cluster: who can be named, and which figure is withheld for it."""

import pytest

from flows.steps.disclosure.clusters import THIS_RELEASE, Atom, Bound, Cell, Cluster, Figure
from flows.steps.disclosure.differencing import Check, leaks_of

STEPS = {"heard": 12}
JUNE, JULY, AUGUST = (
    Cell(1, "levels", "collective", "watch"),
    Cell(2, "levels", "collective", "watch"),
    Cell(THIS_RELEASE, "levels", "collective", "watch"),
)
CELLS = {1: JUNE, 2: JULY, 3: AUGUST}
SCALES = {1: ("heard",), 2: ("heard",), THIS_RELEASE: ("heard",)}


def _atom(*cells: int, people: int, submissions: tuple[int, ...] = ()) -> Atom:
    return Atom(cells, ("11",) * len(cells), submissions or (1,) * len(cells), people)


def _bound(cell: int, people: int, mean: float, step: float) -> Bound:
    return Bound(cell, "scale_levels", "heard", (), people * (mean - step / 2), people * (mean + step / 2))


def _cluster(*bounds: Bound) -> Cluster:
    """Six answered in June, a seventh in July, whose figures were withheld, and four more in August."""
    atoms = (_atom(1, 2, 3, people=6), _atom(2, 3, people=1), _atom(3, people=4))
    return Cluster(CELLS, atoms, bounds, SCALES)


def test_people_are_named_by_a_group_whose_figures_were_withheld():
    """The five newcomers of August are too many to matter, but who came in July is known to be one of them."""
    of_june, of_august = _bound(1, 6, 50, 10), _bound(3, 11, 55, 5)
    assert Check(STEPS).withheld(_cluster(of_june, of_august)) == [(AUGUST, Figure("scale_levels", "heard"))]
    july_unknown = Cluster(
        {1: JUNE, 3: AUGUST}, (_atom(1, 3, people=6), _atom(3, people=5)), (of_june, of_august), SCALES
    )
    assert Check(STEPS).withheld(july_unknown) == []


@pytest.mark.parametrize(("submissions", "withheld"), [((1, 1), 0), ((1, 3), 1)])
def test_people_are_named_by_answering_anew_even_with_the_same_answers(submissions, withheld):
    """Two newcomers tell too little of themselves, but too much of three with a member who answered again."""
    atoms = (_atom(1, 3, people=4), _atom(1, 3, people=1, submissions=submissions), _atom(3, people=2))
    bounds = (_bound(1, 5, 10, 10), _bound(3, 7, 20, 10))
    found = Check(STEPS).withheld(Cluster({1: JUNE, 3: AUGUST}, atoms, bounds, SCALES))
    assert len(found) == withheld


def test_a_group_that_only_names_people_bounds_nothing():
    assert Check(STEPS).withheld(_cluster(_bound(3, 11, 55, 5))) == []


def test_what_is_withheld_is_no_leak():
    of_june = _bound(1, 6, 50, 10)
    assert Check(STEPS).leaks(_cluster(of_june)) == []
    (leak,) = Check(STEPS).leaks(_cluster(of_june, _bound(3, 11, 55, 5)))
    assert (leak.people, leak.cells) == (4, (AUGUST,))


def test_what_the_check_has_solved_is_known_again_under_other_numbers(monkeypatch):
    """In the audit a release that is being made is the last, not number 0."""
    [verdict] = Check(STEPS).verdicts(_cluster(_bound(1, 6, 50, 10), _bound(3, 11, 55, 5)))
    assert verdict.withheld == ((AUGUST, Figure("scale_levels", "heard")),)

    cells = {11: JUNE, 12: JULY, 13: AUGUST._replace(release=3)}
    atoms = (_atom(11, 12, 13, people=6), _atom(12, 13, people=1), _atom(13, people=4))
    scales = dict.fromkeys((1, 2, 3), ("heard",))
    published = Cluster(cells, atoms, (_bound(11, 6, 50, 10),), scales)
    leaking = Cluster(cells, atoms, (_bound(11, 6, 50, 10), _bound(13, 11, 55, 5)), scales)
    audit = Check(STEPS, newest=3, safe=frozenset([verdict.safe]))
    assert audit.fingerprint(published) == verdict.safe
    assert audit.fingerprint(leaking) != verdict.safe
    assert audit.is_known_safe(published)
    assert not audit.is_known_safe(leaking)
    assert leaks_of([published, leaking], audit) == audit.leaks(leaking)
    assert len(audit.leaks(leaking)) == 1
    monkeypatch.setattr(Check, "leaks", lambda check, cluster: [cluster])
    assert leaks_of([published, leaking], audit) == [leaking]
