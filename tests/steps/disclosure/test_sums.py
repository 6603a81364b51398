"""Disclosure rule 10: no set of fewer than five people is pinned down by the means that are told together."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flows.steps.disclosure.sums import CountedIn, PublishedBounds, System, in_units

SET_FROM, HALF = 5, 0.5


def _system(*atoms: tuple[set[int], int], groups: int) -> System:
    return System.of({CountedIn(frozenset(cells)): people for cells, people in atoms}, range(1, groups + 1))


def _bounds(*means: tuple[float, int, float], steps: int | None = 12) -> PublishedBounds:
    """Means from 0 to 100 of so many people, rounded to a step."""
    low = [people * (mean - step / 2) for mean, people, step in means]
    high = [people * (mean + step / 2) for mean, people, step in means]
    return in_units(low, high, 100, steps)


def _pinned(system: System, published: PublishedBounds) -> list[int]:
    """How many people are in each set that is pinned down."""
    targets = system.small_sets(SET_FROM)
    return sorted(int(targets[place] @ system.sizes) for _, place in system.pinned([published], targets, HALF))


NEWCOMER = _system(({1, 2}, 12), ({2}, 1), groups=2)


def test_two_exact_means_pin_down_the_newcomer():
    assert _pinned(NEWCOMER, _bounds((50, 12, 0.01), (53.85, 13, 0.01))) == [1]


def test_two_rounded_means_leave_the_newcomer_open():
    assert _pinned(NEWCOMER, _bounds((50, 12, 5), (50, 13, 5))) == []


def test_two_rounded_means_tell_much_where_they_lie_far_apart():
    assert _pinned(NEWCOMER, _bounds((10, 12, 5), (20, 13, 5))) == [1]


def test_what_one_figure_tells_alone_is_no_leak():
    """The mean of five says much of any four of them; the threshold settles that, not the check."""
    assert _pinned(_system(({1, 2}, 4), ({1}, 1), ({2}, 6), groups=2), _bounds((30, 5, 10), (50, 10, 5))) == []


def test_sums_are_whole_steps_in_every_group():
    """Of the newcomers' mean 54 points of the scale are left open, but no more than 48 by sums of whole steps."""
    system = _system(({1, 2}, 6), ({2, 3}, 1), ({2}, 4), groups=3)
    means = ((50, 6, 10), (55, 11, 5), (50, 1, 100))
    assert _pinned(system, _bounds(*means)) == [4]
    assert _pinned(system, _bounds(*means, steps=None)) == []


def test_who_left_is_pinned_down_by_what_stays():
    assert _pinned(_system(({1}, 3), ({1, 2}, 40), groups=2), _bounds((53.49, 43, 0.01), (50, 40, 0.01))) == [3]


def test_who_gave_the_same_answers_anew_can_be_named():
    """Together with the newcomers, whom others cannot tell from them; and the newcomers by themselves."""
    anew = CountedIn(frozenset([1, 2]), frozenset([frozenset([1]), frozenset([2])]))
    system = System.of({CountedIn(frozenset([1, 2])): 8, anew: 1, CountedIn(frozenset([2])): 3}, [1, 2])
    named = {tuple(target.astype(int)) for target in system.small_sets(SET_FROM)}
    assert named == {(0, 1, 0), (0, 0, 1), (0, 1, 1)}


@pytest.mark.parametrize(("published", "people"), [((1, 2, 3, 4), [1, 2]), ((1, 2, 3), [1, 2, 3])])
def test_people_are_named_by_what_is_published_inside_a_group_and_by_all_that_is_inside(published, people):
    """Of a group of 21, ten and eight are in two others, and two in a fourth that may be withheld."""
    atoms = (({1, 2}, 10), ({1, 3}, 8), ({1, 4}, 2), ({1}, 1))
    counts = {CountedIn(frozenset(groups)): size for groups, size in atoms}
    system = System.of(counts, [1, 2, 3, 4], published)
    assert sorted(int(chosen @ system.sizes) for chosen in system.small_sets(SET_FROM)) == people


def test_figures_that_contradict_each_other_tell_nothing():
    system = _system(({1, 2}, 12), ({1, 2, 3}, 1), ({3}, 12), groups=3)
    assert _pinned(system, _bounds((10, 13, 0.5), (90, 13, 0.5), (50, 13, 5))) == []


@pytest.mark.parametrize("people", [5, 6])
def test_sets_of_five_people_are_no_concern_of_the_check(people):
    system = _system(({1, 2}, 12), ({2}, people), groups=2)
    assert _pinned(system, _bounds((50, 12, 0.01), (53.85, 12 + people, 0.01))) == []


@settings(deadline=None, max_examples=60)
@example(273)
@given(st.integers(0, 10_000))
def test_the_quick_proof_never_calls_open_what_the_solver_finds_narrow(seed):
    """Random people in random groups, with means of made-up answers: each verdict is that of the solver alone."""
    chance = np.random.default_rng(seed)
    groups = int(chance.integers(2, 5))
    counts: dict[CountedIn, int] = {}
    for _ in range(int(chance.integers(3, 8))):
        cells = frozenset(int(cell) for cell in range(1, groups + 1) if chance.random() < 0.6)
        if cells:
            counts[CountedIn(cells)] = int(chance.choice([1, 2, 3, 8, 12]))
    used = sorted({cell for atom in counts for cell in atom.groups})
    system = System.of(counts, used)
    values = np.array([chance.integers(0, 13, int(size)).sum() / 12 for size in system.sizes])
    totals, sizes = system.inside @ values, system.inside @ system.sizes
    step = float(chance.choice([0.01, 2.5, 5]))
    published = PublishedBounds(totals - sizes * step / 200, totals + sizes * step / 200, 12)
    targets = system.small_sets(SET_FROM)
    quick = {place for _, place in system.pinned([published], targets, HALF)}
    slow = {place for place, target in enumerate(targets) if system.is_pinned(published, target, HALF)}
    assert quick == slow


def test_many_figures_of_the_same_people_are_looked_at_together():
    wide, narrow = _bounds((50, 12, 5), (50, 13, 5)), _bounds((50, 12, 0.01), (53.85, 13, 0.01))
    targets = NEWCOMER.small_sets(SET_FROM)
    assert [number for number, _ in NEWCOMER.pinned([wide, narrow, wide], targets, HALF)] == [1]
