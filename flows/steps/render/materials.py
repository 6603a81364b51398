"""What reports are made from, read for many organisations at once and handed out one by one."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from flows import warehouse
from flows.programme.former_reports import FormerReport
from flows.steps.render.drawing import Material
from flows.steps.render.report_context import ReportContext
from flows.steps.render.report_inputs import drawn_with
from flows.steps.render.workers import Failure, undrawn

# Organisations that are read at once. Their figures take ten megabytes, and more with earlier months.
_AT_ONCE = 100


class Materials:
    """The materials of the reports of a month.

    `earlier` is the file of `earlier_months`; without it reports have no charts over time.
    """

    def __init__(self, connection: warehouse.Connection, earlier: Path | None, setting: ReportContext) -> None:
        self._connection, self._earlier, self._setting = connection, earlier, setting
        self._drawn_with = drawn_with()

    def of(self, organisations: Sequence[str]) -> Iterator[Material | Failure]:
        """The material of each report, in order, read when it is asked for."""
        for start in range(0, len(organisations), _AT_ONCE):
            yield from self._of_some(organisations[start : start + _AT_ONCE])

    def _of_some(self, organisations: Sequence[str]) -> Iterator[Material | Failure]:
        from flows.steps.render.published import PublishedFigures

        try:
            published = PublishedFigures(self._connection, organisations, self._earlier)
        except Exception as error:  # noqa: BLE001 the reports that were made so far stay
            yield from [undrawn(error)] * len(organisations)
            return
        for organisation in organisations:
            try:
                figures = published.of(organisation)
                yield Material(figures, self._setting.of_organisation(figures), self._drawn_with)
            except Exception as error:  # noqa: BLE001 whatever is wrong with one report stays with that report
                yield undrawn(error)

    def unchanged(self, former: Sequence[FormerReport]) -> Iterator[FormerReport]:
        """Those reports that would be the same today, with all their files as they were."""
        for entry, material in zip(former, self.of([entry.report.organisation_id for entry in former]), strict=True):
            is_same = isinstance(material, Material) and material.fingerprint == entry.report.inputs
            if is_same and entry.is_intact:
                yield entry
