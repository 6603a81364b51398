"""The one-factor model of each scale, fitted by maximum likelihood to the covariances of its items: omega and fit."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from flows import warehouse

Floats = npt.NDArray[np.float64]
_COVARIANCES = """
    select scale, max(item_a), any_value(respondents), list(covariance order by item_a, item_b)
    from measurement.item_covariances group by scale having count(covariance) = count(*) order by scale
"""
# The smallest unique variance that is tried, relative to the item's variance. Up to ten times as much counts as zero
# (the solution is improper), since the search may stop a little before it.
_LEAST_UNIQUE = 1e-6
_IMPROPER = 10 * _LEAST_UNIQUE


def fill_one_factor(connection: warehouse.Connection) -> None:
    """Fill the model of every scale with three or more items that has a proper solution."""
    rows = []
    for scale, items, respondents, covariances in connection.execute(_COVARIANCES).fetchall():
        observed = np.array(covariances).reshape(items, items)
        if items >= 3 and (fitted := fit_one_factor(observed)):
            rows.append({"scale": scale, **_row(observed, *fitted, respondents)})
    warehouse.append(connection, "measurement.one_factor", rows)


def _row(observed: Floats, loadings: Floats, unique: Floats, respondents: int) -> dict[str, Any]:
    found = fit_of(observed, np.outer(loadings, loadings) + np.diag(unique), respondents)
    return {
        "omega": omega(loadings, unique),
        "loadings": list(map(float, loadings / np.sqrt(np.diag(observed)))),
        "chi_square": found.chi_square,
        "degrees_of_freedom": found.degrees_of_freedom,
        "cfi": found.cfi,
        "rmsea": found.rmsea,
        "srmr": found.srmr,
    }


@dataclass(frozen=True)
class Fit:
    """How well a model reproduces covariances: `cfi` from 0 (worst) to 1, `rmsea` and `srmr` from 0 (best)."""

    chi_square: float
    degrees_of_freedom: int
    cfi: float | None
    rmsea: float | None
    srmr: float


def fit_of(observed: Floats, implied: Floats, respondents: int) -> Fit:
    """Fit of a one-factor model with free loadings and unique variances; covariances with n - 1.

    chi-square = (n - 1) (ln|S| - ln|O| + tr(O S^-1) - p), O observed and S implied, p (p - 3) / 2 degrees of freedom;
    CFI against independent items (Bentler, 1990), RMSEA (Steiger, 1990), SRMR over correlations (Hu and Bentler, 1999).
    CFI and RMSEA are None without degrees of freedom: three items fit any one-factor model.
    """
    items = len(observed)
    weight, df, independent_df = respondents - 1, items * (items - 3) // 2, items * (items - 1) // 2
    chi_square = max(0.0, weight * _discrepancy(observed, implied))
    beyond = max(0.0, chi_square - df)
    independent = max(weight * _discrepancy(observed, np.diag(np.diag(observed))) - independent_df, beyond)
    scale = 1 / np.sqrt(np.diag(observed))
    residuals = ((observed - implied) * np.outer(scale, scale))[np.tril_indices(items)]
    return Fit(
        chi_square,
        df,
        (1 - beyond / independent if independent > 0 else 1.0) if df else None,
        float(np.sqrt(beyond / (df * weight))) if df else None,
        float(np.sqrt(np.mean(residuals**2))),
    )


def _discrepancy(observed: Floats, implied: Floats) -> float:
    ratio = observed @ np.linalg.inv(implied)
    return float(np.trace(ratio) - np.linalg.slogdet(ratio)[1] - len(observed))


def omega(loadings: Floats, unique: Floats) -> float:
    """(sum of loadings)^2 / ((sum of loadings)^2 + sum of unique variances), from 0 to 1 (McDonald, 1999)."""
    common = float(loadings.sum() ** 2)
    return common / (common + float(unique.sum()))


def fit_one_factor(covariances: Floats) -> tuple[Floats, Floats] | None:
    """Loadings and unique variances of a one-factor model by maximum likelihood (Joreskog, 1967), in answer points.

    None when an item does not vary, when the covariances are singular, or when a unique variance goes to zero (a
    Heywood case).
    """
    variances = np.diag(covariances)
    if np.any(variances <= 0) or np.linalg.eigvalsh(covariances)[0] <= variances.max() * _LEAST_UNIQUE:
        return None
    return _fitted_exactly(covariances) or _fitted_by_search(covariances)


def _fitted_exactly(covariances: Floats) -> tuple[Floats, Floats] | None:
    """The model that reproduces the covariances of three items exactly, if there is one.

    It has the maximum likelihood: loading_1^2 = c_12 c_13 / c_23, and so on. None for other numbers of items, or when
    a squared loading is not between zero and its item's variance.
    """
    variances = np.diag(covariances)
    with_next = np.array([covariances[0, 1], covariances[1, 2], covariances[2, 0]]) if len(variances) == 3 else None
    if with_next is None or with_next.prod() <= 0:
        return None
    # For each item: the product of its covariances with the other two items, divided by the covariance of those two.
    before, opposite = np.roll(with_next, 1), np.roll(with_next, -1)
    squared = with_next * before / opposite
    unique = variances - squared
    if np.any(unique <= variances * _IMPROPER):
        return None
    signs = np.array([1.0, np.sign(with_next[0]), np.sign(with_next[2])])
    loadings = signs * np.sqrt(squared)
    return (loadings if loadings.sum() >= 0 else -loadings), unique


def _fitted_by_search(covariances: Floats) -> tuple[Floats, Floats] | None:
    """The maximum-likelihood model, searched over the unique variances only, which determine the best loadings.

    The loadings come from the first eigenvector of the covariances rescaled by the unique variances.
    """
    from scipy import optimize

    variances = np.diag(covariances)

    def misfit(logs: Floats) -> tuple[float, Floats]:
        scale = np.exp(-logs / 2)
        values, vectors = np.linalg.eigh(covariances * np.outer(scale, scale))
        rest, directions = values[:-1], vectors[:, :-1]
        slope = (directions**2 * (1 - rest)).sum(axis=1)
        return float((rest - np.log(rest) - 1).sum()), slope

    # The usual start: the variance of each item that the other items do not explain.
    start = np.log(1 / np.diag(np.linalg.inv(covariances)))
    bounds = [(np.log(v * _LEAST_UNIQUE), np.log(v)) for v in variances]
    exact = {"ftol": 1e-15, "gtol": 1e-10, "maxiter": 1000}
    found = optimize.minimize(misfit, start, jac=True, bounds=bounds, method="L-BFGS-B", options=exact)
    unique = np.exp(found.x)
    if np.any(unique <= variances * _IMPROPER):
        return None
    scale = 1 / np.sqrt(unique)
    values, vectors = np.linalg.eigh(covariances * np.outer(scale, scale))
    loadings = np.sqrt(unique) * vectors[:, -1] * np.sqrt(max(values[-1] - 1, 0))
    return (loadings if loadings.sum() >= 0 else -loadings), unique
