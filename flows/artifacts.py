"""Writes what Prefect's pages show of a run: counts and file names, never an answer."""

from prefect.artifacts import create_markdown_artifact, create_table_artifact

from flows.foundation.contracts import RunOutcome
from flows.programme.manifest import report_entry


def leave_artifacts(outcome: RunOutcome) -> None:
    """Create a summary, a table of files and a table of reports."""
    validated = outcome.validated
    create_markdown_artifact(
        key="summary",
        markdown=f"# {outcome.period}\n\n{outcome.message}\n\n{validated.accepted} answers count,"
        f" {validated.held} do not count yet, {validated.refused} do not count.",
    )
    files = [
        {"file": file.file_name, "verdict": file.verdict, "accepted": file.accepted, "refused": file.refused}
        for file in validated.files
        if not file.is_superseded
    ]
    held = [{"file": file.file_name, "verdict": "held", "accepted": 0, "refused": 0} for file in validated.unread]
    create_table_artifact(key="quality", table=files + held)
    reports = map(report_entry, outcome.release.reports if outcome.release else ())
    create_table_artifact(
        key="reports",
        table=[
            {"organisation": entry["organisation_id"], "status": entry["status"], "pages": entry["pages"]}
            for entry in reports
        ],
    )
