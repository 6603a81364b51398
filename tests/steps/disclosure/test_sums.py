"""Disclosure rule 10: no set of fewer than five people is pinned down by the means that are told together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flows.steps.disclosure.nameable import CountedIn, small_sets
from flows.steps.disclosure.sums import PublishedBounds, System, in_units

SET_FROM, HALF = 5, 0.5


@dataclass(frozen=True)
class Published:
    """People in groups of which a figure is published."""

    counts: dict[CountedIn, int]
    groups: Sequence[int]

    @property
    def system(self) -> System:
        return System.of(self.counts, self.groups)

    @property
    def small_sets(self):
        return small_sets(self.counts, self.groups, self.groups, SET_FROM)


def _published(*atoms: tuple[set[int], int], groups: int) -> Published:
    return Published({CountedIn(frozenset(cells)): people for cells, people in atoms}, range(1, groups + 1))


def _bounds(*means: tuple[float, int, float], steps: int | None = 12) -> PublishedBounds:
    """Means from 0 to 100 of so many people, rounded to a step."""
    low = [people * (mean - step / 2) for mean, people, step in means]
    high = [people * (mean + step / 2) for mean, people, step in means]
    return in_units(low, high, 100, steps)


def _pinned(people: Published, published: PublishedBounds) -> list[int]:
    """How many people are in each set that is pinned down."""
    system, targets = people.system, people.small_sets
    return sorted(int(targets[place] @ system.sizes) for _, place in system.pinned([published], targets, HALF))


NEWCOMER = _published(({1, 2}, 12), ({2}, 1), groups=2)


def test_two_exact_means_pin_down_the_newcomer():
    assert _pinned(NEWCOMER, _bounds((50, 12, 0.01), (53.85, 13, 0.01))) == [1]


def test_two_rounded_means_leave_the_newcomer_open():
    assert _pinned(NEWCOMER, _bounds((50, 12, 5), (50, 13, 5))) == []


def test_two_rounded_means_tell_much_where_they_lie_far_apart():
    assert _pinned(NEWCOMER, _bounds((10, 12, 5), (20, 13, 5))) == [1]


def test_what_one_figure_tells_alone_is_no_leak():
    """The mean of five says much of any four of them; the threshold settles that, not the check."""
    assert _pinned(_published(({1, 2}, 4), ({1}, 1), ({2}, 6), groups=2), _bounds((30, 5, 10), (50, 10, 5))) == []


def test_sums_are_whole_steps_in_every_group():
    """Of the newcomers' mean 54 points of the scale are left open, but no more than 48 by sums of whole steps."""
    people = _published(({1, 2}, 6), ({2, 3}, 1), ({2}, 4), groups=3)
    means = ((50, 6, 10), (55, 11, 5), (50, 1, 100))
    assert _pinned(people, _bounds(*means)) == [4]
    assert _pinned(people, _bounds(*means, steps=None)) == []


def test_who_left_is_pinned_down_by_what_stays():
    assert _pinned(_published(({1}, 3), ({1, 2}, 40), groups=2), _bounds((53.49, 43, 0.01), (50, 40, 0.01))) == [3]


def test_figures_that_contradict_each_other_tell_nothing():
    people = _published(({1, 2}, 12), ({1, 2, 3}, 1), ({3}, 12), groups=3)
    assert _pinned(people, _bounds((10, 13, 0.5), (90, 13, 0.5), (50, 13, 5))) == []


@pytest.mark.parametrize("newcomers", [5, 6])
def test_sets_of_five_people_are_no_concern_of_the_check(newcomers):
    people = _published(({1, 2}, 12), ({2}, newcomers), groups=2)
    assert _pinned(people, _bounds((50, 12, 0.01), (53.85, 12 + newcomers, 0.01))) == []


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
    targets = small_sets(counts, used, used, SET_FROM)
    quick = {place for _, place in system.pinned([published], targets, HALF)}
    slow = {place for place, target in enumerate(targets) if system.is_pinned(published, target, HALF)}
    assert quick == slow


def test_many_figures_of_the_same_people_are_looked_at_together():
    wide, narrow = _bounds((50, 12, 5), (50, 13, 5)), _bounds((50, 12, 0.01), (53.85, 13, 0.01))
    assert [number for number, _ in NEWCOMER.system.pinned([wide, narrow, wide], NEWCOMER.small_sets, HALF)] == [1]
