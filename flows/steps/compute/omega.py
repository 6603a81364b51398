"""McDonald's omega of each scale: one common factor, fitted by maximum likelihood to the covariances of its items."""

import numpy as np
import numpy.typing as npt

from flows.steps import warehouse

Floats = npt.NDArray[np.float64]
_COVARIANCES = """
    select scale, max(item_a), list(covariance order by item_a, item_b)
    from statistics.item_covariances group by scale having count(covariance) = count(*) order by scale
"""
# A unique variance this small, relative to the item's own, is none: the fit has left the space of proper solutions.
_LEAST_UNIQUE = 1e-6


def fill_omega(connection: warehouse.Connection) -> None:
    """Omega for every scale of three items or more whose one-factor model has a proper solution."""
    rows = []
    for scale, items, covariances in connection.execute(_COVARIANCES).fetchall():
        if items >= 3 and (fitted := fit_one_factor(np.array(covariances).reshape(items, items))):
            loadings, unique = fitted
            rows.append({"scale": scale, "omega": omega(loadings, unique)})
    warehouse.append(connection, "statistics.omega", rows)


def omega(loadings: Floats, unique: Floats) -> float:
    """(sum of loadings)^2 / ((sum of loadings)^2 + sum of unique variances), from 0 to 1 (McDonald, 1999)."""
    common = float(loadings.sum() ** 2)
    return common / (common + float(unique.sum()))


def fit_one_factor(covariances: Floats) -> tuple[Floats, Floats] | None:
    """Loadings and unique variances of a one-factor model by maximum likelihood (Joreskog, 1967), in answer points.

    The likelihood is maximised over the unique variances alone, since the best loadings follow from them: the first
    eigenvector of the covariances that these rescale. None when an item does not vary, when the covariances are
    singular, or when a unique variance goes to zero (a Heywood case).
    """
    from scipy import optimize

    variances = np.diag(covariances)
    if np.any(variances <= 0) or np.linalg.eigvalsh(covariances)[0] <= variances.max() * _LEAST_UNIQUE:
        return None

    def misfit(logs: Floats) -> tuple[float, Floats]:
        scale = np.exp(-logs / 2)
        values, vectors = np.linalg.eigh(covariances * np.outer(scale, scale))
        rest, directions = values[:-1], vectors[:, :-1]
        slope = (directions**2 * (1 - rest)).sum(axis=1)
        return float((rest - np.log(rest) - 1).sum()), slope

    # What the other items leave unexplained of each, the usual start.
    start = np.log(1 / np.diag(np.linalg.inv(covariances)))
    bounds = [(np.log(v * _LEAST_UNIQUE), np.log(v)) for v in variances]
    exact = {"ftol": 1e-15, "gtol": 1e-10, "maxiter": 1000}
    found = optimize.minimize(misfit, start, jac=True, bounds=bounds, method="L-BFGS-B", options=exact)
    unique = np.exp(found.x)
    if np.any(unique <= variances * _LEAST_UNIQUE * 1.01):
        return None
    scale = 1 / np.sqrt(unique)
    values, vectors = np.linalg.eigh(covariances * np.outer(scale, scale))
    loadings = np.sqrt(unique) * vectors[:, -1] * np.sqrt(max(values[-1] - 1, 0))
    return (loadings if loadings.sum() >= 0 else -loadings), unique
