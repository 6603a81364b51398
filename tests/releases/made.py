"""A release whose files are small but real: what a report is made of is tested elsewhere."""

import hashlib
from functools import cache
from pathlib import Path

from flows.foundation.contracts import Attachment, MadeReport
from flows.programme import manifest
from flows.steps import publish
from tests import programmes

PERIOD = "2026-10"
NAMES = {"report": "town.pdf", "workbook": "town.xlsx", "table": "town.csv", "leaflet": "town_leaflets/watch.pdf"}


@cache
def _pdf(text: str) -> bytes:
    from flows.steps.render.documents import write_pdf

    head, body = f"<head><title>{text}</title></head>", f"<body><h1>{text}</h1></body>"
    return write_pdf(f'<html xmlns="http://www.w3.org/1999/xhtml" lang="nl">{head}{body}</html>', {})[0]


def staged_reports(staged: Path, version: int) -> list[MadeReport]:
    """Write the files of one organisation into a staged release; they name their version."""
    contents = {
        name: _pdf(f"version {version}") if name.endswith(".pdf") else f"version {version}".encode()
        for name in NAMES.values()
    }
    for name, content in contents.items():
        path = staged / "reports" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    attachments = tuple(
        Attachment(kind=kind, file=name, sha256=hashes[name]) for kind, name in NAMES.items() if kind != "report"
    )
    return [
        MadeReport(
            organisation_id="town", language="nl", file="town.pdf", sha256=hashes["town.pdf"], pages=1,
            attachments=attachments,
        )
    ]  # fmt: skip


def released(programme: programmes.TestProgramme) -> programmes.TestProgramme:
    """Release October anew, from the warehouse as it is, which is computed first where there is none."""
    folder = programme.settings.folder
    if not folder.warehouse.exists():
        programme.compute(PERIOD)
    staged = publish.staging(folder, PERIOD, "run")
    version = manifest.next_version(folder, PERIOD)
    programmes.publish_staged(programme, PERIOD, staged, staged_reports(staged, version), f"h{version}")
    return programme
