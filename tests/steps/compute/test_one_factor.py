"""One factor by maximum likelihood: known loadings come back, and a model without a proper solution gives no omega."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flows.steps.compute.one_factor import _fitted_by_search, _fitted_exactly, fit_of, fit_one_factor, omega


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.floats(0.4, 1.5), st.floats(0.2, 1.5)), min_size=3, max_size=8))
def test_known_loadings_come_back(items):
    loadings, unique = (np.array(column) for column in zip(*items, strict=True))
    fitted = fit_one_factor(np.outer(loadings, loadings) + np.diag(unique))
    assert fitted[0] == pytest.approx(loadings, abs=1e-3)
    assert fitted[1] == pytest.approx(unique, abs=2e-3)
    common = loadings.sum() ** 2
    assert omega(*fitted) == pytest.approx(common / (common + unique.sum()), abs=1e-4)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000))
@example(3344)  # Heywood cases in which the search stops a little before the smallest unique variance
@example(4729)
def test_what_three_items_give_in_closed_form_is_what_the_search_finds(seed):
    """Random covariances: the same model, and none where the other finds none."""
    chance = np.random.default_rng(seed)
    common = chance.choice([-1, 1], 3) * chance.uniform(0.3, 1.5, 3)
    answers = np.outer(chance.normal(size=60), common) + chance.normal(0, chance.uniform(0.3, 1.5), (60, 3))
    covariances = np.cov(answers.T)
    exact, searched = _fitted_exactly(covariances), _fitted_by_search(covariances)
    if exact is None:
        # A root that is not real, or a Heywood case.
        assert covariances[0, 1] * covariances[1, 2] * covariances[2, 0] <= 0 or searched is None
    else:
        assert exact[0] == pytest.approx(searched[0], abs=1e-4)
        assert exact[1] == pytest.approx(searched[1], abs=1e-4)
        assert np.outer(exact[0], exact[0]) + np.diag(exact[1]) == pytest.approx(covariances, abs=1e-12)


@pytest.mark.parametrize(
    "covariances",
    [
        [[1, 0.8, 0.8], [0.8, 1, 0.55], [0.8, 0.55, 1]],
        [[1, 0.5, 0], [0.5, 1, 0], [0, 0, 0]],
        [[1, 1, 0.5], [1, 1, 0.5], [0.5, 0.5, 1]],
    ],
    ids=["a Heywood case", "an item that does not vary", "an item that repeats another"],
)
def test_no_proper_solution_is_no_omega(covariances):
    assert fit_one_factor(np.array(covariances, dtype=float)) is None


def test_covariances_that_the_model_made_fit_perfectly():
    loadings, unique = np.array([0.9, 0.8, 0.7, 0.6]), np.array([0.4, 0.5, 0.6, 0.7])
    made = np.outer(loadings, loadings) + np.diag(unique)
    found = fit_of(made, made, 200)
    assert (found.chi_square, found.degrees_of_freedom) == (pytest.approx(0, abs=1e-9), 2)
    assert (found.cfi, found.rmsea, found.srmr) == (1, 0, pytest.approx(0, abs=1e-12))


def test_two_factors_do_not_fit_one():
    pairs = np.array([[1, 0.7, 0.2, 0.2], [0.7, 1, 0.2, 0.2], [0.2, 0.2, 1, 0.7], [0.2, 0.2, 0.7, 1]])
    loadings, unique = fit_one_factor(pairs)
    found = fit_of(pairs, np.outer(loadings, loadings) + np.diag(unique), 300)
    assert found.chi_square > 100
    assert found.cfi < 0.8
    assert found.rmsea > 0.3
    # SRMR by hand: the residual correlations, the four of the diagonal being zero.
    residuals = [pairs[i][j] - loadings[i] * loadings[j] for i in range(4) for j in range(i)]
    assert found.srmr == pytest.approx(np.sqrt(sum(r**2 for r in residuals) / 10), abs=1e-6)


def test_three_items_leave_nothing_to_test():
    loadings = np.array([0.9, 0.8, 0.7])
    made = np.outer(loadings, loadings) + np.diag([0.3, 0.4, 0.5])
    found = fit_of(made, made, 100)
    assert (found.degrees_of_freedom, found.cfi, found.rmsea) == (0, None, None)
