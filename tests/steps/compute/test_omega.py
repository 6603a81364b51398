"""One factor by maximum likelihood: known loadings come back, and a model without a proper solution gives no omega."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.steps.compute.omega import fit_one_factor, omega


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0.4, 1.5), st.floats(0.2, 1.5)), min_size=3, max_size=8))
def test_known_loadings_come_back(items):
    loadings, unique = (np.array(column) for column in zip(*items, strict=True))
    fitted = fit_one_factor(np.outer(loadings, loadings) + np.diag(unique))
    assert fitted[0] == pytest.approx(loadings, abs=1e-3)
    assert fitted[1] == pytest.approx(unique, abs=2e-3)
    common = loadings.sum() ** 2
    assert omega(*fitted) == pytest.approx(common / (common + unique.sum()), abs=1e-4)


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
