"""Draws all that an organisation receives, as bytes: its report, workbook and table, and a leaflet for each collective.

Whatever is drawn follows from its material alone, without a file of the programme, so that any machine can draw it.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from flows.foundation.contracts import Attachment, MadeReport
from flows.steps.render.report_context import ReportContext
from flows.steps.render.report_inputs import fingerprint

if TYPE_CHECKING:
    from flows.steps.render.figures import OrganisationFigures


@dataclass(frozen=True)
class Material:
    """What a report is made from: an organisation's figures, and what else its documents say.

    `drawn_with` is the fingerprint of what draws.
    """

    figures: "OrganisationFigures"
    setting: ReportContext
    drawn_with: str

    @property
    def fingerprint(self) -> str:
        """A report with the same one is the same."""
        return fingerprint(self.figures, self.setting, self.drawn_with)


@dataclass(frozen=True)
class Drawn:
    """A report, and the content of its files by name."""

    report: MadeReport
    files: Mapping[str, bytes]


def draw(material: Material) -> Drawn:
    """Draw the documents of an organisation."""
    from flows.steps.render import figures_workbook
    from flows.steps.render.documents import write_pdf
    from flows.steps.render.report import fill, fill_leaflet, suggestions

    figures, inputs = material.figures, material.fingerprint
    name = figures.organisation_id
    setting = replace(material.setting, inputs_hash=inputs[:12])
    pdf, pages = write_pdf(*fill(figures, setting), setting.branding)
    beside: dict[str, tuple[Literal["workbook", "table", "leaflet"], bytes]] = {
        f"{name}.xlsx": ("workbook", figures_workbook.workbook(figures, setting)),
        f"{name}.csv": ("table", figures_workbook.table(figures)),
    }
    for unit in figures.collectives:
        leaflet, _ = write_pdf(*fill_leaflet(figures, unit, setting), setting.branding)
        # An id has no underscore, so this name cannot belong to another organisation.
        beside[f"{name}_leaflets/{unit.unit_id}.pdf"] = ("leaflet", leaflet)
    report = MadeReport(
        organisation_id=name,
        language=figures.language,
        file=f"{name}.pdf",
        sha256=_sha256(pdf),
        pages=pages,
        attachments=tuple(
            Attachment(kind=kind, file=file, sha256=_sha256(content)) for file, (kind, content) in beside.items()
        ),
        suggestions=tuple(given.rule.name for given in suggestions(figures, setting)),
        inputs=inputs,
    )
    return Drawn(report, {report.file: pdf, **{file: content for file, (_, content) in beside.items()}})


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
