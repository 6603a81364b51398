"""Tests which levels changed: t tests of all groups at once, with Holm's procedure over each report."""

import numpy as np
import numpy.typing as npt

from flows import warehouse
from flows.programme.policy import CHANGE_FROM

Floats = npt.NDArray[np.float64]
_ESTIMATES = """
    with collectives as (
        select collective_id as unit_id, organisation_id, count(*) over (partition by organisation_id) as beside
        from reference.collectives
    ),
    reports as (
        select 'collective' as unit_type, unit_id, organisation_id, false as is_single from collectives
        union all
        select distinct 'organisation', organisation_id, organisation_id, beside = 1 from collectives
        union all
        select 'programme', 'programme', null, false
    )
    select estimates.unit_type, estimates.unit_id, estimates.scale, estimates.estimate, estimates.standard_error,
        cast(estimates.degrees_of_freedom as double) as df,
        dense_rank() over (order by reports.organisation_id, reports.is_single) - 1 as report
    from disclosure.change_estimates as estimates inner join reports
        on estimates.unit_type = reports.unit_type and estimates.unit_id = reports.unit_id
    where estimates.is_shown and estimates.standard_error > 0 and estimates.degrees_of_freedom > 0
    order by estimates.unit_type, estimates.unit_id, estimates.scale
"""


def fill_change_tests(connection: warehouse.Connection) -> None:
    """Fill adjusted p-values and intervals for every change that is shown and has a standard error.

    A family is the changes in one report: of an organisation with its collectives, or of the only collective of an
    organisation; the programme is a separate family.
    """
    from scipy import stats

    found = connection.execute(_ESTIMATES).fetchnumpy()
    estimate, error, df = (np.asarray(found[name], dtype=float) for name in ("estimate", "standard_error", "df"))
    p_values = 2 * stats.t.sf(np.abs(estimate / error), df)
    adjusted, level = holm(p_values, np.asarray(found["report"], dtype=np.int64))
    half_width = stats.t.ppf(1 - level / 2, df) * error
    warehouse.append(
        connection,
        "disclosure.change_tests",
        (
            {
                "unit_type": unit_type,
                "unit_id": unit_id,
                "scale": scale,
                "p_adjusted": float(p),
                "ci_low": float(middle - half),
                "ci_high": float(middle + half),
            }
            for unit_type, unit_id, scale, p, middle, half in zip(
                found["unit_type"], found["unit_id"], found["scale"], adjusted, estimate, half_width, strict=True
            )
        ),
    )


def holm(p_values: Floats, family: npt.NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Adjusted p-values, and the level at which each interval is drawn, within each family (Holm, 1979).

    The k-th smallest of m p-values is held to .05 / (m - k + 1). Adjusted values never decrease as p rises.
    """
    order = np.lexsort((p_values, family))
    sorted_family = family[order]
    starts = np.flatnonzero(np.r_[True, sorted_family[1:] != sorted_family[:-1]]) if len(order) else order
    sizes = np.diff(np.r_[starts, len(order)])
    rank = np.arange(len(order)) - np.repeat(starts, sizes)
    remaining = np.repeat(sizes, sizes) - rank
    # One running maximum serves all families, because each family's values are offset above those before it.
    offset = 2.0 * np.repeat(np.arange(len(starts)), sizes)
    running = np.maximum.accumulate(np.minimum(remaining * p_values[order], 1) + offset) - offset
    adjusted, level = np.empty_like(p_values), np.empty_like(p_values)
    adjusted[order] = running
    level[order] = CHANGE_FROM / remaining
    return adjusted, level
