"""Runs the checks of `expectations/suites/`; the only module that uses Great Expectations.

A suite sees aggregates and flags computed by DuckDB, never answers; only the outcome per check and export is kept.
"""

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from flows import warehouse
from flows.foundation.resources import resource

Severity = Literal["critical", "warning", "info"]


@dataclass(frozen=True)
class Check:
    """One expectation of a suite: its name, severity, and owner, who can fix a failure."""

    name: str
    severity: Severity
    owner: str
    column: str


@dataclass(frozen=True)
class Outcome:
    """Whether a check passed for one export, or for all accepted responses together (`sha256` is None)."""

    check: Check
    passed: bool
    sha256: str | None = None


@dataclass(frozen=True)
class Suite:
    """A suite file: the expectations for Great Expectations, and the metadata of each check."""

    name: str
    expectations: tuple[dict[str, Any], ...]
    checks: tuple[Check, ...]


@cache
def read_suite(name: str) -> Suite:
    """Read one of our suites; each expectation has `meta` with check and owner, and a severity."""
    document = json.loads(resource("expectations", "suites", f"{name}.json").read_text(encoding="utf-8"))
    expectations = tuple(document["expectations"])
    checks = tuple(
        Check(
            entry["meta"]["check"],
            entry["severity"],
            entry["meta"]["owner"],
            entry["kwargs"].get("column", ""),
        )
        for entry in expectations
    )
    return Suite(document["name"], expectations, checks)


class Checker:
    """Great Expectations in memory, without files, progress bars or analytics."""

    def __init__(self) -> None:
        import great_expectations as gx

        logging.getLogger("great_expectations.data_context.types.base").setLevel(logging.WARNING)
        self._gx = gx
        self._context = gx.get_context(mode="ephemeral")
        self._context.variables.progress_bars = {"globally": False}
        source = self._context.data_sources.add_pandas("aggregates")
        self._batch = source.add_dataframe_asset("rows").add_batch_definition_whole_dataframe("whole")

    def run(self, suite: Suite, rows: Any) -> Iterator[Outcome]:
        """Validate a data frame of flags, one row per export or one for the whole; yield an outcome per row and check.

        Validating all exports together takes no longer than validating one.

        Raises:
            RuntimeError: an expectation could not be evaluated; this is a defect, not a failed check.
        """
        wanted = [(check.name, _of_gx(entry)) for check, entry in zip(suite.checks, suite.expectations, strict=True)]
        # Most checks pass everywhere. Finding failed rows doubles the cost, so only failed checks are run again for it.
        first = self._results(suite.name, wanted, rows, "BOOLEAN_ONLY")
        failed = {name for name, result in first if not result.success}
        failing: dict[str, set[int]] = {name: set() for name, _ in wanted}
        if len(rows) == 1:
            failing |= {name: {0} for name in failed}
        else:
            again = [(name, expectation) for name, expectation in wanted if name in failed]
            for name, result in self._results(suite.name, again, rows, "COMPLETE"):
                failing[name] = set(result.result["unexpected_index_list"] or ())
        exports = list(rows["sha256"]) if "sha256" in rows else [None]
        for place, sha256 in enumerate(exports):
            for check in suite.checks:
                yield Outcome(check, place not in failing[check.name], sha256)

    def _results(
        self, suite: str, wanted: Sequence[tuple[str, dict[str, Any]]], rows: Any, result_format: str
    ) -> Iterator[tuple[str, Any]]:
        """The results of Great Expectations for some checks, at a result format."""
        if not wanted:
            return
        batch = self._batch.get_batch(batch_parameters={"dataframe": rows})
        asked = self._gx.ExpectationSuite(name=suite, expectations=[expectation for _, expectation in wanted])
        for result in batch.validate(asked, result_format=result_format).results:
            _raise_if_errored(suite, result)
            yield result.expectation_config.meta["check"], result


def _of_gx(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: entry[key] for key in ("type", "kwargs", "meta", "severity")}


@cache
def checker() -> Checker:
    """The shared checker of this process: setting one up costs as much as many checks."""
    return Checker()


def _raise_if_errored(suite: str, result: Any) -> None:
    info = result.exception_info or {}
    entries: Sequence[Any] = [info] if "raised_exception" in info else list(info.values())
    if any(entry.get("raised_exception") for entry in entries):
        name = result.expectation_config.meta["check"]
        raise RuntimeError(f"The check '{name}' of suite '{suite}' could not be evaluated.")


def record(connection: warehouse.Connection, outcomes: Sequence[Outcome]) -> None:
    """Store outcomes in `validated.check_results`."""
    warehouse.append(
        connection,
        "validated.check_results",
        (
            {
                "sha256": outcome.sha256,
                "check": outcome.check.name,
                "severity": outcome.check.severity,
                "passed": outcome.passed,
                "owner": outcome.check.owner,
            }
            for outcome in outcomes
        ),
    )
