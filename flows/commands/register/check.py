"""`motiefmix register check`: says what the register holds and what it would change; changes nothing."""

from pathlib import Path

from flows.commands.options import HERE, JsonOption, ProgrammeOption
from flows.commands.register.checking import check
from flows.commands.register.chosen_files import read_register
from flows.commands.register.telling import describe
from flows.commands.telling import tell
from flows.foundation.exit_codes import ExitCode
from flows.programme import settings
from flows.programme.period import Period


def command(*files: Path, programme: ProgrammeOption = HERE, json: JsonOption = False) -> int:
    """Check the register, or files that are to become it."""
    chosen = settings.load(programme)
    period = Period.parse(settings.last_month(chosen.now().date()))
    checked = check(read_register(chosen.folder.register, files), period, chosen.folder)
    tell(checked, describe, json)
    return ExitCode.USAGE if checked.errors else ExitCode.OK
