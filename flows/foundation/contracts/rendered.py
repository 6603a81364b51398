"""The outcome of render: a report per organisation, made or failed."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file beside a report: its figures as a workbook or table, or the leaflet of a collective."""

    kind: Literal["workbook", "table", "leaflet"]
    file: str
    sha256: str


# ready: made, not approved. unknown: whether it was delivered cannot be known. undelivered: refused by the receiver.
ReportStatus = Literal["ready", "approved", "delivered", "undelivered", "unknown", "withdrawn"]


@dataclass(frozen=True, kw_only=True)
class MadeReport:
    """One organisation's report, with the files beside it; `file` is named relative to the folder of the reports.

    `suggestions` are the names of those in the report, `inputs` is the fingerprint of what it was made from; `channel`
    and `delivered_on`, an ISO day, are empty until it is delivered.
    """

    organisation_id: str
    language: str
    file: str
    sha256: str
    pages: int
    attachments: tuple[Attachment, ...] = ()
    suggestions: tuple[str, ...] = ()
    inputs: str = ""
    status: ReportStatus = "ready"
    channel: str = ""
    delivered_on: str = ""

    @property
    def files(self) -> tuple[tuple[str, str], ...]:
        """The name and SHA-256 of the report and of every file beside it."""
        return (self.file, self.sha256), *((entry.file, entry.sha256) for entry in self.attachments)


@dataclass(frozen=True, kw_only=True)
class FailedReport:
    """A report that could not be made, and why; the others are not affected."""

    organisation_id: str
    failed_because: str
    status: Literal["failed"] = "failed"


Report = MadeReport | FailedReport
