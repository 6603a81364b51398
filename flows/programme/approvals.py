"""Approvals: which organisation's files of which release may be delivered, in `private/approvals.csv`.

An approval has one hash over the names and SHA-256 of all files of the organisation, so it does not hold for files that
were changed afterwards.
"""

import csv
import hashlib
from collections.abc import Container, Iterable, Mapping
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Literal, NamedTuple

from flows.foundation.atomic_files import replaced
from flows.foundation.contracts import MadeReport
from flows.foundation.errors import UserError

By = Literal["steward", "automatic"]


@dataclass(frozen=True, kw_only=True)
class Approval:
    """The approval of one organisation's files in one release; `approved_on` is an ISO day."""

    period: str
    version: int
    organisation_id: str
    files_hash: str
    approved_on: str
    by: By


class ApprovedFiles(NamedTuple):
    """What an approval holds for."""

    period: str
    version: int
    organisation_id: str
    files_hash: str


def files_hash(report: MadeReport) -> str:
    """One hash over the names and SHA-256 of a report and of its attachments."""
    lines = "\n".join(f"{sha256}  {name}" for name, sha256 in sorted(report.files))
    return hashlib.sha256(lines.encode()).hexdigest()


def load(path: Path) -> tuple[Approval, ...]:
    """Every approval, oldest first; none before the first.

    Raises:
        UserError: the file was changed by hand and cannot be read.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return tuple(_approval(row) for row in csv.DictReader(file))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, TypeError, KeyError, csv.Error):
        raise UserError(f"{path} cannot be read as a list of approvals: restore it from a backup.") from None


def _approval(row: Mapping[str, str]) -> Approval:
    return Approval(
        period=row["period"],
        version=int(row["version"]),
        organisation_id=row["organisation_id"],
        files_hash=row["files_hash"],
        approved_on=row["approved_on"],
        by="automatic" if row["by"] == "automatic" else "steward",
    )


def add(path: Path, approvals: Iterable[Approval]) -> None:
    """Append approvals; the whole file is replaced atomically and readable by its owner only."""
    every = (*load(path), *approvals)
    with replaced(path, newline="") as file:
        writer = csv.writer(file)
        writer.writerow([field.name for field in fields(Approval)])
        writer.writerows(astuple(approval) for approval in every)


def approved_files(path: Path) -> frozenset[ApprovedFiles]:
    """What is approved so far.

    Raises:
        UserError: as `load`.
    """
    return frozenset(
        ApprovedFiles(entry.period, entry.version, entry.organisation_id, entry.files_hash) for entry in load(path)
    )


def is_approved(approved: Container[ApprovedFiles], period: str, version: int, report: MadeReport) -> bool:
    """Whether exactly these files of a release are approved."""
    return ApprovedFiles(period, version, report.organisation_id, files_hash(report)) in approved


def are_unchanged(reports: Path, report: MadeReport) -> bool:
    """Whether every file of a report still is what the manifest says."""
    try:
        return all(hashlib.sha256((reports / name).read_bytes()).hexdigest() == sha256 for name, sha256 in report.files)
    except OSError:
        return False
