"""`motiefmix audit`: reports what an attacker could derive from all releases of a programme."""

from collections.abc import Iterator

from flows.commands.options import HERE, JsonOption, ProgrammeOption
from flows.commands.telling import tell
from flows.foundation.contracts import Audit
from flows.foundation.exit_codes import ExitCode
from flows.foundation.messages import pluralise
from flows.privacy.rotation import changing
from flows.programme import settings
from flows.programme.settings import Settings
from flows.steps.publish import audit as attack


def audit(chosen: Settings) -> Audit:
    """Attack all releases of a programme together.

    Raises:
        UserError: the disclosure record of a release is missing, or a run is in progress.
    """
    chosen.folder.make_private()
    with changing(chosen.folder):
        return attack.audit(chosen.folder)


def describe(found: Audit) -> str:
    """Describe the outcome of an audit."""
    return "\n".join(_lines(found))


def _lines(found: Audit) -> Iterator[str]:
    if not found.releases:
        yield "There is no release yet."
        return
    attacked = pluralise(found.figures, "figure")
    yield f"{pluralise(len(found.releases), 'release')} attacked, {attacked} of groups with sets of few members."
    if not found.findings:
        yield "No combination of releases reveals more about fewer than five members than a single figure does."
    for finding in found.findings:
        few = f"{pluralise(finding.people, 'member')}, counted in {', '.join(finding.units) or 'earlier figures'}"
        yield f"{finding.figure} {finding.key}: release {finding.release} narrows the answers of {few} too far"


def command(*, programme: ProgrammeOption = HERE, json: JsonOption = False) -> int:
    """Attack the releases of a programme."""
    found = audit(settings.load(programme))
    tell(found, describe, json)
    return ExitCode.UNEXPECTED if found.findings else ExitCode.OK
