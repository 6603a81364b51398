"""What somebody could find out from everything that was published, told for the owner of a programme."""

from collections.abc import Iterator

from flows.settings import Settings
from flows.steps import lock
from flows.steps.contracts import Audit
from flows.steps.plain_text import counted
from flows.steps.publish import audit as attack


def audit(chosen: Settings) -> Audit:
    """Attack all releases of a programme together.

    Raises:
        Mistake: what a release stood on is missing, or a run is busy.
    """
    chosen.places.make_private()
    with lock.held(chosen.places):
        return attack.audit(chosen.places)


def describe(found: Audit) -> str:
    """The outcome in lines."""
    return "\n".join(_lines(found))


def _lines(found: Audit) -> Iterator[str]:
    if not found.releases:
        yield "There is no release yet."
        return
    attacked = counted(found.figures, "figure")
    yield f"{counted(len(found.releases), 'release')} attacked, {attacked} of groups in which few can be named."
    if not found.findings:
        yield "Nothing follows for fewer than five members that a single figure does not tell."
    for finding in found.findings:
        few = f"{counted(finding.people, 'member')}, counted in {', '.join(finding.units) or 'earlier figures'}"
        yield f"{finding.figure} {finding.key}: since release {finding.release} too much follows for {few}"
