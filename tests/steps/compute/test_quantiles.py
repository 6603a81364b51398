"""Exact intervals for shares hold what they promise, whatever the group."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import stats

from flows.steps.compute.quantiles import binomial_interval, hypergeometric_interval

TAIL = Fraction(25, 1000)


def _by_trying_every_number(population: int, drawn: int, successes: int) -> tuple[float, float]:
    def chance(m: int, counts: range) -> Fraction:
        ways = sum(comb(m, x) * comb(population - m, drawn - x) for x in counts)
        return Fraction(ways, comb(population, drawn))

    possible = [
        m
        for m in range(successes, population - (drawn - successes) + 1)
        if chance(m, range(successes, drawn + 1)) >= TAIL and chance(m, range(successes + 1)) >= TAIL
    ]
    return min(possible) / population, max(possible) / population


@st.composite
def groups(draw: st.DrawFn) -> tuple[int, int, int]:
    population = draw(st.integers(1, 60))
    drawn = draw(st.integers(1, population))
    return population, drawn, draw(st.integers(0, drawn))


@settings(deadline=None, max_examples=60)
@given(groups())
@example((40, 1, 0))
def test_bisection_finds_what_trying_every_number_finds(group):
    low, high = hypergeometric_interval(*(np.array([value]) for value in group))
    assert (low[0], high[0]) == _by_trying_every_number(*group)


@pytest.mark.parametrize(("population", "drawn"), [(8, 5), (20, 12), (60, 25), (200, 80)])
def test_hypergeometric_intervals_cover_at_least_95_percent(population, drawn):
    x = np.arange(drawn + 1)
    low, high = hypergeometric_interval(np.full_like(x, population), np.full_like(x, drawn), x)
    for true in range(population + 1):
        probabilities = stats.hypergeom.pmf(x, population, true, drawn)
        held = (low <= true / population + 1e-12) & (true / population <= high + 1e-12)
        assert probabilities[held].sum() >= 0.95 - 1e-9


def test_with_everybody_asked_the_share_is_known():
    low, high = hypergeometric_interval(np.array([30]), np.array([30]), np.array([12]))
    assert low[0] == high[0] == pytest.approx(0.4)


def test_without_a_known_size_the_interval_is_that_of_clopper_and_pearson():
    low, high = binomial_interval(np.array([20, 20, 20]), np.array([0, 8, 20]))
    expected = [stats.binomtest(x, 20).proportion_ci(method="exact") for x in (0, 8, 20)]
    assert low == pytest.approx([interval.low for interval in expected])
    assert high == pytest.approx([interval.high for interval in expected])
