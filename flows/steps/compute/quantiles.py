"""Quantiles of t, F and hypergeometric distributions, which SQL cannot compute, for all groups at once."""

import numpy as np
import numpy.typing as npt

from flows import warehouse

CONFIDENCE = 0.95
_TAIL = (1 - CONFIDENCE) / 2
Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


def fill_student_t(connection: warehouse.Connection) -> None:
    """Fill the .975 quantile of Student's t for each number of respondents that occurs (df = n - 1, from 1 on)."""
    from scipy import stats

    found = connection.execute(
        "select distinct respondents - 1 as df from (select respondents from scored.score_moments"
        " union all select respondents from released.levels union all select respondents from released.former_levels)"
        " where respondents > 1 order by df"
    ).fetchnumpy()["df"]
    quantiles = stats.t.ppf(1 - _TAIL, found)
    rows = ({"degrees_of_freedom": int(df), "quantile": float(q)} for df, q in zip(found, quantiles, strict=True))
    warehouse.append(connection, "statistics.student_t", rows)


def fill_feldt(connection: warehouse.Connection) -> None:
    """Fill Feldt's interval for each raw alpha (Feldt, Woodruff and Salih, 1987).

    1 - (1 - alpha) F with n - 1 and (n - 1)(k - 1) degrees of freedom; none below two respondents.
    """
    from scipy import stats

    scales = connection.execute(
        "select scale, alpha, respondents, items from measurement.reliabilities"
        " where alpha is not null and respondents > 1 order by scale"
    ).fetchall()
    if not scales:
        return
    alpha, respondents, items = (np.array(column, dtype=float) for column in list(zip(*scales, strict=True))[1:])
    between, within = respondents - 1, (respondents - 1) * (items - 1)
    low = 1 - (1 - alpha) * stats.f.ppf(1 - _TAIL, between, within)
    high = 1 - (1 - alpha) * stats.f.ppf(_TAIL, between, within)
    rows = (
        {"scale": row[0], "alpha_low": float(bottom), "alpha_high": float(top)}
        for row, bottom, top in zip(scales, low, high, strict=True)
    )
    warehouse.append(connection, "measurement.feldt", rows)


def fill_hypergeometric(connection: warehouse.Connection) -> None:
    """Fill exact intervals for every (members, respondents, count) of a class; binomial if members are unknown."""
    _fill_hypergeometric(
        connection,
        "statistics.hypergeometric",
        "select distinct units.members, counts.respondents, counts.count"
        " from statistics.class_counts as counts inner join counted.units as units"
        " on units.family = 'classes' and counts.unit_type = units.unit_type and counts.unit_id = units.unit_id"
        " order by all",
    )


def fill_coarsened_hypergeometric(connection: warehouse.Connection) -> None:
    """Fill the same for classes of coarsening levels, for numbers that no finest class has."""
    _fill_hypergeometric(
        connection,
        "disclosure.hypergeometric",
        "select members, respondents, count from disclosure.coarsened_counts"
        " except select population, respondents, successes from statistics.hypergeometric"
        " order by all",
    )


def _fill_hypergeometric(connection: warehouse.Connection, table: str, numbers: str) -> None:
    found = connection.execute(numbers).fetchall()
    finite = np.array([row for row in found if row[0] is not None], dtype=np.int64).reshape(-1, 3)
    unknown = np.array([row[1:] for row in found if row[0] is None], dtype=np.int64).reshape(-1, 2)
    warehouse.append(connection, table, _interval_rows(finite, *hypergeometric_interval(*finite.T)))
    without_size = [(None, int(n), int(x)) for n, x in unknown]
    warehouse.append(connection, table, _interval_rows(without_size, *binomial_interval(*unknown.T)))


def _interval_rows(groups, low: Floats, high: Floats):  # type: ignore[no-untyped-def]
    for (population, respondents, successes), bottom, top in zip(groups, low, high, strict=True):
        yield {
            "population": None if population is None else int(population),
            "respondents": int(respondents),
            "successes": int(successes),
            "share_low": float(bottom),
            "share_high": float(top),
        }


def hypergeometric_interval(population: Integers, drawn: Integers, successes: Integers) -> tuple[Floats, Floats]:
    """The exact 95 % interval for a share in finite populations, by inverting the test (Wright, 1991).

    Its ends are the smallest and largest M in 0..N for which at least (at most) this many successes have a probability
    of 2.5 % or more, divided by N. Found by bisection over M for all groups at once. At n = N it is the share itself.
    """
    from scipy import stats

    # A probability of exactly 2.5 % occurs (1 of 40); floating-point error must not decide on which side it falls.
    tail = _TAIL * (1 - 1e-9)
    least, most = successes, population - (drawn - successes)
    lower = _smallest(least, most, lambda m: stats.hypergeom.sf(successes - 1, population, m, drawn) >= tail)
    upper = -_smallest(-most, -least, lambda m: stats.hypergeom.cdf(successes, population, -m, drawn) >= tail)
    return lower / population, upper / population


def _smallest(low: Integers, high: Integers, holds) -> Integers:  # type: ignore[no-untyped-def]
    """For each group the smallest integer in low..high for which a monotone condition holds."""
    low, high = low.copy(), high.copy()
    while np.any(low < high):
        middle = (low + high) // 2
        found = holds(middle)
        high = np.where(found, middle, high)
        low = np.where(found, low, np.minimum(middle + 1, high))
    return low


def binomial_interval(drawn: Integers, successes: Integers) -> tuple[Floats, Floats]:
    """The exact 95 % interval for a share in a population of unknown size (Clopper and Pearson, 1934)."""
    from scipy import stats

    low = np.where(successes == 0, 0.0, stats.beta.ppf(_TAIL, successes, drawn - successes + 1))
    high = np.where(successes == drawn, 1.0, stats.beta.ppf(1 - _TAIL, successes + 1, drawn - successes))
    return low, high
