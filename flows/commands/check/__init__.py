"""`motiefmix check`: reports what exports contain and how a run would treat them; changes nothing."""

from collections.abc import Sequence
from pathlib import Path

from flows.commands.check.checked import Checked
from flows.commands.check.checking import check_files
from flows.commands.check.telling import describe
from flows.commands.options import HERE, JsonOption, ProgrammeOption, SetOption
from flows.commands.telling import say, tell
from flows.foundation.errors import UserError
from flows.foundation.exit_codes import ExitCode
from flows.programme import environment, settings

__all__ = ["check_files", "command", "describe", "exit_code"]


def exit_code(checked: Sequence[Checked]) -> int:
    """The code of the most serious finding: a defect (1), a user error (2), something held (3), or none (0)."""
    codes = {ExitCode.STOPPED if entry.held else entry.exit_code for entry in checked}
    gravest_first = (ExitCode.UNEXPECTED, ExitCode.USAGE, ExitCode.STOPPED)
    return next((code for code in gravest_first if code in codes), ExitCode.OK)


def command(
    *files: Path,
    set: SetOption = None,  # noqa: A002
    programme: ProgrammeOption = HERE,
    json: JsonOption = False,
) -> int:
    """Check exports."""
    if not files:
        raise UserError("Name the exports to check: motiefmix check FILE…")
    chosen = settings.load(programme)
    environment.prepare(chosen.folder)
    checked = check_files(chosen, files, set or ())
    tell(checked, describe, json)
    for entry in checked:
        if entry.mistake:
            say(entry.mistake)
    return exit_code(checked)
