"""The manifest of a release: its identity, its inputs, and one entry per report."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from flows.foundation.atomic_files import replaced
from flows.foundation.contracts import Attachment, FailedReport, MadeReport, Report
from flows.foundation.errors import UserError
from flows.programme.folder import ProgrammeFolder
from flows.programme.period import Period

FILE_NAME = "manifest.json"


@dataclass(frozen=True)
class InputFile:
    """An export used for the figures."""

    file_name: str
    sha256: str
    source: str


@dataclass(frozen=True)
class ReleasedInput:
    """An export used for the figures of an earlier release."""

    period: str
    version: int
    sha256: str
    unfinished_on: str = ""
    is_withdrawn: bool = False

    @property
    def last_day(self) -> date:
        """The last day with all answers in the release: of the period, or the day before an unfinished release."""
        if self.unfinished_on:
            return date.fromisoformat(self.unfinished_on) - timedelta(days=1)
        return Period.parse(self.period).last_day


@dataclass(frozen=True)
class Manifest:
    """The description of a release; `made_at` is an ISO time with offset.

    `unfinished_on` is the day on which it was made, if its month had not ended. `withdrawn_on` is empty unless it was
    withdrawn, `withdrawn_because` is the reason.
    """

    period: str
    version: int
    software: str
    instrument: str
    instrument_version: str
    made_at: str
    inputs_hash: str
    programme: str
    levels_from: int
    full_from: int
    distributions_from: int
    window_months: int
    inputs: tuple[InputFile, ...]
    reports: tuple[Report, ...]
    unfinished_on: str = ""
    withdrawn_on: str = ""
    withdrawn_because: str = ""

    @property
    def name(self) -> str:
        """Period and version, as 2026-10 v1."""
        return f"{self.period} v{self.version}"

    @property
    def database_name(self) -> str:
        """The file name of the period's own database."""
        return f"motiefmix_{self.period}.duckdb"

    @property
    def last_day(self) -> date:
        """The last day whose answers can be in it: of the period, or the day of an unfinished release."""
        return date.fromisoformat(self.unfinished_on) if self.unfinished_on else Period.parse(self.period).last_day

    def made_reports(self, only: Sequence[str] = ()) -> tuple[MadeReport, ...]:
        """The reports that were made, or those of some organisations.

        Raises:
            UserError: an organisation has none.
        """
        made = {report.organisation_id: report for report in self.reports if isinstance(report, MadeReport)}
        if missing := [name for name in only if name not in made]:
            raise UserError(f"Release {self.name} has no report of {', '.join(missing)}.")
        return tuple(made[name] for name in (only or made))

    def folder_in(self, folder: ProgrammeFolder) -> Path:
        """The folder of the release."""
        return folder.releases / self.period / f"v{self.version}"

    def database_in(self, folder: ProgrammeFolder) -> Path:
        """The period's own database."""
        return self.folder_in(folder) / self.database_name


def write(path: Path, manifest: Manifest, figures: Sequence[Mapping[str, Any]] = ()) -> None:
    """Write a manifest with the status of each report and the reference of every printed figure."""
    document = asdict(manifest)
    document["reports"] = [report_entry(report) for report in manifest.reports]
    document["figures"] = list(figures)
    with replaced(path, mode=None) as file:
        file.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def rewrite(folder: ProgrammeFolder, manifest: Manifest) -> None:
    """Write the manifest of a release again, after something happened to its reports; printed figures stay."""
    path = manifest.folder_in(folder) / FILE_NAME
    write(path, manifest, json.loads(path.read_text(encoding="utf-8")).get("figures", ()))


def read(path: Path) -> Manifest:
    """Read a manifest that `write` wrote, also in an earlier or a later version: unknown fields are left out.

    Raises:
        UserError: the file is not what was written.
    """
    try:
        return _manifest(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError) as problem:
        raise UserError(
            f"{path} is damaged ({type(problem).__name__}): put it back from a backup, because it says what was"
            " released and delivered."
        ) from None


def _manifest(document: dict[str, Any]) -> Manifest:
    return Manifest(
        **{
            **{field.name: document[field.name] for field in fields(Manifest) if field.name in document},
            "inputs": tuple(InputFile(**entry) for entry in document["inputs"]),
            "reports": tuple(_report(entry) for entry in document["reports"]),
        }
    )


def report_entry(report: Report) -> dict[str, Any]:
    """A report as JSON: every entry has the same fields; those that do not apply are empty."""
    empty = {
        "language": "",
        "file": "",
        "sha256": "",
        "pages": 0,
        "failed_because": "",
        "attachments": (),
        "suggestions": (),
        "inputs": "",
        "channel": "",
        "delivered_on": "",
    }
    return {"organisation_id": report.organisation_id, **empty, **asdict(report)}


def _report(entry: Mapping[str, Any]) -> Report:
    if entry["status"] == "failed":
        return FailedReport(organisation_id=entry["organisation_id"], failed_because=entry["failed_because"])
    return MadeReport(
        organisation_id=entry["organisation_id"],
        language=entry["language"],
        file=entry["file"],
        sha256=entry["sha256"],
        pages=entry["pages"],
        attachments=tuple(Attachment(**attached) for attached in entry.get("attachments", ())),
        suggestions=tuple(entry.get("suggestions", ())),
        inputs=entry.get("inputs", ""),
        status=entry["status"],
        channel=entry.get("channel", ""),
        delivered_on=entry.get("delivered_on", ""),
    )


def versions(folder: ProgrammeFolder, period: str) -> list[Manifest]:
    """The manifests of all versions of a period, oldest first, withdrawn ones included."""
    return sorted(map(read, (folder.releases / period).glob("v*/manifest.json")), key=lambda entry: entry.version)


def newest(folder: ProgrammeFolder, period: str) -> Manifest | None:
    """The manifest of the newest version of a period that was not withdrawn, if there is one."""
    standing = [entry for entry in versions(folder, period) if not entry.withdrawn_on]
    return standing[-1] if standing else None


def next_version(folder: ProgrammeFolder, period: str) -> int:
    """The version that a new release of a period gets, from 1 on; the version of a withdrawn one is not used again."""
    return max((entry.version for entry in versions(folder, period)), default=0) + 1


def every(folder: ProgrammeFolder) -> list[Manifest]:
    """The manifests of all versions of all periods, withdrawn ones included."""
    return [read(path) for path in sorted(folder.releases.glob("*/v*/manifest.json"))]


def released_inputs(folder: ProgrammeFolder) -> tuple[ReleasedInput, ...]:
    """The exports used for each release, for all versions of all periods."""
    return tuple(
        ReleasedInput(entry.period, entry.version, export.sha256, entry.unfinished_on, bool(entry.withdrawn_on))
        for entry in every(folder)
        for export in entry.inputs
    )


def newest_before(folder: ProgrammeFolder, period: str) -> list[Manifest]:
    """The newest manifest of every earlier period, oldest first."""
    return [entry for entry in all_newest(folder) if entry.period < period]


def all_newest(folder: ProgrammeFolder) -> list[Manifest]:
    """The newest manifest of every period, oldest period first."""
    periods = sorted(path.name for path in folder.releases.glob("????-??")) if folder.releases.is_dir() else []
    return [found for period in periods if (found := newest(folder, period))]
