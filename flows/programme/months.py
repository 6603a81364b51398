"""The last months of a programme, from manifests and run records: what was released, counted and delivered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flows.foundation.contracts import MadeReport
from flows.programme import manifest
from flows.programme.folder import ProgrammeFolder
from flows.programme.manifest import Manifest
from flows.programme.period import Period

SHOWN = 12


@dataclass(frozen=True, kw_only=True)
class Month:
    """One month. `version` is 0 without a release that stands; counts are None where no run recorded them."""

    period: str
    version: int
    reports: int
    delivered: int
    answers: int | None
    held: int | None
    refused: int | None
    is_unfinished: bool
    withdrawn: tuple[int, ...]


def last_months(folder: ProgrammeFolder, runs: Sequence[Mapping[str, Any]], due: str) -> tuple[Month, ...]:
    """The last twelve months up to the one that is due, newest first; months without a release are there too.

    `runs` are the run records, newest first.
    """
    released: dict[str, list[Manifest]] = {}
    for entry in manifest.every(folder):
        released.setdefault(entry.period, []).append(entry)
    if not released:
        return ()
    newest = max(due, *released)
    periods = [str(Period.parse(newest).plus(-back)) for back in range(SHOWN)]
    return tuple(_month(period, released.get(period, []), runs) for period in periods if period >= min(released))


def _month(period: str, versions: Sequence[Manifest], runs: Sequence[Mapping[str, Any]]) -> Month:
    standing = max(
        (entry for entry in versions if not entry.withdrawn_on), key=lambda entry: entry.version, default=None
    )
    made = [report for report in standing.reports if isinstance(report, MadeReport)] if standing else []
    counts: Mapping[str, int] = next(
        (run["counts"] for run in runs if run["period"] == period and run.get("counts")), {}
    )
    return Month(
        period=period,
        version=standing.version if standing else 0,
        reports=len(made),
        delivered=sum(report.status == "delivered" for report in made),
        answers=counts.get("accepted"),
        held=counts.get("held"),
        refused=counts.get("refused"),
        is_unfinished=bool(standing and standing.unfinished_on),
        withdrawn=tuple(sorted(entry.version for entry in versions if entry.withdrawn_on)),
    )
