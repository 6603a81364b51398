"""The outcome of render: a report per organisation, made or failed."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file beside a report: its figures as a workbook or table, or the leaflet of a collective."""

    kind: Literal["workbook", "table", "leaflet"]
    file: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class MadeReport:
    """One organisation's report, with the files beside it; `file` is named relative to the folder of the reports."""

    organisation_id: str
    language: str
    file: str
    sha256: str
    pages: int
    attachments: tuple[Attachment, ...] = ()
    status: Literal["ready"] = "ready"


@dataclass(frozen=True, kw_only=True)
class FailedReport:
    """A report that could not be made, and why; the others are not affected."""

    organisation_id: str
    failed_because: str
    status: Literal["failed"] = "failed"


Report = MadeReport | FailedReport
