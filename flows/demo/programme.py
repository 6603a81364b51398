"""Writes the simulated programme as a folder: settings, register, sources, and each month's exports in the inbox."""

import csv
import os
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path

from flows.demo.exports import TOOLS, Form
from flows.demo.simulation import Simulation, Submission
from flows.demo.truth import CollectiveTruth, OrganisationTruth, Truth
from flows.foundation.errors import UserError
from flows.foundation.yaml_edit import written
from flows.programme import settings
from flows.programme.folder import ProgrammeFolder
from flows.programme.period import Period

_SETTINGS = """\
# A simulated programme. See flows/demo for what is true in it.
name = "{name}"
language = "nl"
timezone = "Europe/Amsterdam"
instrument = "motives"
window_months = {window_months}
contact = "{contact}"
"""
_BROKEN = 'ResponseId,Status\n"R_1,IP Address\n'


def write(root: Path, simulation: Simulation) -> None:
    """Write the programme folder, with an empty inbox.

    Raises:
        UserError: the folder holds something else.
    """
    if root.exists() and any(root.iterdir()):
        raise UserError(f"{root} is not empty. Choose a new folder: motiefmix demo DIR")
    folder = ProgrammeFolder(root.resolve())
    for path in (folder.register, folder.sources, folder.inbox):
        path.mkdir(parents=True, exist_ok=True)
    folder.make_private()
    folder.let_analysts_through()
    (folder.root / settings.SETTINGS_FILE).write_text(
        _SETTINGS.format(**simulation.truth.programme.model_dump()), encoding="utf-8"
    )
    settings.create_key(settings.load(folder.root).key_file)
    _write_register(folder, simulation.truth)
    for tool, form in _forms(simulation).items():
        (folder.sources / f"{tool}.yaml").write_text(_source(tool, form), encoding="utf-8")


def drop_exports(folder: ProgrammeFolder, simulation: Simulation, period: Period) -> date:
    """Put the cumulative exports, made on the first day after a period, into the inbox; return that day.

    In the fourth month a truncated export is added.
    """
    exported_on = period.plus(1).first_day
    exported_at = datetime.combine(exported_on, time(9), UTC).timestamp()
    for tool, form in _forms(simulation).items():
        entries = [
            entry
            for entry in simulation.responses
            if entry.exported_from <= period and entry.collective in form.collectives
        ]
        path = folder.inbox / f"{tool}_{period}.{TOOLS[tool].ending}"
        TOOLS[tool].write(path, form, _as_stored(tool, entries))
        # Dated as in the simulation: ingest waits for a file that was just written, as it might still be growing.
        os.utime(path, (exported_at, exported_at))
    if simulation.truth.months > 3 and period == simulation.truth.periods()[3]:
        (folder.inbox / "qualtrics_afgebroken.csv").write_text(_BROKEN, encoding="utf-8")
    return exported_on


def _as_stored(tool: str, entries: Sequence[Submission]) -> Sequence[Submission]:
    """The submissions in the order of the export: by time; in a Google sheet by member, as people sort sheets."""
    return sorted(entries, key=lambda entry: entry.member) if tool == "google_forms" else entries


def _forms(simulation: Simulation) -> dict[str, Form]:
    forms: dict[str, Form] = {}
    for kind, truth in simulation.truth.types.items():
        form = forms.setdefault(truth.tool, Form(simulation.instrument, {}))
        for number, collective in enumerate(_collectives_of(simulation.truth, kind), start=len(form.collectives) + 1):
            form.collectives[collective.id] = _name_in_tool(truth.tool, collective, number)
    return forms


def _collectives_of(truth: Truth, kind: str) -> Iterator[CollectiveTruth]:
    for organisation in truth.organisations:
        if organisation.type == kind:
            yield from organisation.collectives


def _name_in_tool(tool: str, collective: CollectiveTruth, number: int) -> str:
    return f"SC{number:02d}" if tool == "limesurvey" else collective.name


def _source(tool: str, form: Form) -> str:
    document = {"source": tool.replace("_", "-"), "tool": tool, **TOOLS[tool].source}
    rule = {**TOOLS[tool].collective, "values": {text: collective for collective, text in form.collectives.items()}}
    return written({**document, "collective": rule, "columns": TOOLS[tool].columns(form)})


def _write_register(folder: ProgrammeFolder, truth: Truth) -> None:
    with (folder.register / "organisations.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["organisation_id", "name", "language", "channel", "recipients"])
        writer.writerows([entry.id, entry.name, entry.language, "folder", ""] for entry in truth.organisations)
    with (folder.register / "collectives.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["collective_id", "organisation_id", "name", "type", "members", "valid_from", "valid_until"])
        for organisation in truth.organisations:
            for collective in organisation.collectives:
                writer.writerows(_states(organisation, collective, truth))


def _states(organisation: OrganisationTruth, collective: CollectiveTruth, truth: Truth) -> Iterator[list[object]]:
    """Register rows of a collective, one per state: a changed roster or a move to another organisation starts one."""
    changes: dict[Period, tuple[str, int]] = {
        Period.parse(month): (organisation.id, members) for month, members in collective.members_from.items()
    }
    if collective.moves_to:
        changes[truth.periods()[truth.months // 2]] = (collective.moves_to, collective.members)
    starts = [None, *sorted(changes)]
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        owner, members = (organisation.id, collective.members) if start is None else changes[start]
        yield [
            collective.id,
            owner,
            collective.name,
            organisation.type,
            "" if collective.unknown_members else members,
            start.first_day if start else "",
            following.plus(-1).last_day if following else "",
        ]
