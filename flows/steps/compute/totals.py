"""Quantiles for intervals of totals: Student's t, and Korn and Graubard's interval for a share."""

import numpy as np
import numpy.typing as npt

from flows import warehouse

_TAIL = 0.025
_FREEDOM = """
    select unit_type, unit_id, scale, degrees_of_freedom from disclosure.level_sums
    where degrees_of_freedom > 0 order by unit_type, unit_id, scale
"""
_SHARES = """
    select unit_type, unit_id, distribution, class, cast(respondents as double) as n, share, variance,
        cast(degrees_of_freedom as double) as df
    from disclosure.class_sums where parts > 1 order by all
"""
Floats = npt.NDArray[np.float64]


def fill_total_quantiles(connection: warehouse.Connection) -> None:
    """Fill the .975 quantile of Student's t for the degrees of freedom of each total."""
    from scipy import stats

    rows = connection.execute(_FREEDOM).fetchall()
    quantiles = stats.t.ppf(1 - _TAIL, [float(row[3]) for row in rows])
    warehouse.append(
        connection,
        "disclosure.total_quantiles",
        (
            {"unit_type": unit_type, "unit_id": unit_id, "scale": scale, "quantile": float(quantile)}
            for (unit_type, unit_id, scale, _), quantile in zip(rows, quantiles, strict=True)
        ),
    )


def fill_total_shares(connection: warehouse.Connection) -> None:
    """Fill the interval of the share of each class in a total of several groups."""
    found = connection.execute(_SHARES).fetchnumpy()
    low, high = korn_graubard(*(np.asarray(found[name], dtype=float) for name in ("share", "variance", "n", "df")))
    warehouse.append(
        connection,
        "disclosure.total_shares",
        (
            {
                "unit_type": unit_type,
                "unit_id": unit_id,
                "distribution": distribution,
                "class": name,
                "share_low": float(bottom),
                "share_high": float(top),
            }
            for unit_type, unit_id, distribution, name, bottom, top in zip(
                *(found[name] for name in ("unit_type", "unit_id", "distribution", "class")), low, high, strict=True
            )
        ),
    )


def korn_graubard(share: Floats, variance: Floats, respondents: Floats, df: Floats) -> tuple[Floats, Floats]:
    """The 95 % interval of a share p in a design with variance v (Korn and Graubard, 1998).

    Clopper and Pearson's interval, with n replaced by the effective sample size p (1 - p) / v times
    (t(n - 1) / t(df))^2. If nobody or everybody is in the class, the effective size is n; if the variance is zero
    otherwise (all answered), the interval is the share itself.
    """
    from scipy import stats

    spread = share * (1 - share)
    effective = np.divide(spread, variance, out=respondents.astype(float).copy(), where=variance > 0)
    n = effective * (stats.t.ppf(1 - _TAIL, respondents - 1) / stats.t.ppf(1 - _TAIL, df)) ** 2
    hits = share * n
    with np.errstate(invalid="ignore"):
        low = np.where(share <= 0, 0.0, stats.beta.ppf(_TAIL, hits, n - hits + 1))
        high = np.where(share >= 1, 1.0, stats.beta.ppf(1 - _TAIL, hits + 1, n - hits))
    known = (variance <= 0) & (spread > 0)
    return np.where(known, share, low), np.where(known, share, high)
