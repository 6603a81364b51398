"""`motiefmix preflight`: what the reports of the month under way would lack, while there is time to do something."""

from dataclasses import replace
from typing import Annotated

from cyclopts import Parameter

from flows.commands.options import HERE, JsonOption, ProgrammeOption
from flows.commands.preflight.found import Preflight
from flows.commands.preflight.telling import describe, in_full, mailed_in_words
from flows.commands.telling import progress_line, say, tell
from flows.foundation.atomic_files import replaced
from flows.foundation.contracts import exit_code_of
from flows.foundation.exit_codes import ExitCode
from flows.programme import environment, settings
from flows.programme.period import Period, month_to_run
from flows.programme.settings import Settings

__all__ = ["command", "describe", "preflight"]


def preflight(chosen: Settings, period: str | None = None, mail: bool = False) -> Preflight:
    """Look at a month in a private copy, write the reminder texts, and mail them if that is wanted and switched on.

    Nothing else changes.

    Raises:
        UserError: the month has not begun, an error in a file of the programme, or a run is in progress.
    """
    from flows.commands.preflight.looking import look
    from flows.privacy.rotation import changing
    from flows.releases import reminding

    today = chosen.now().date()
    month = month_to_run(period or str(Period.of(today)), today, also_unfinished=True)
    chosen.folder.make_private()
    with changing(chosen.folder), progress_line() as show:
        found, reminders = look(chosen, month, show)
        if not found.has_ended:
            reminding.write_texts(chosen.folder, month, found.texts)
            with replaced(chosen.folder.preflight / "summary.txt") as file:
                file.write(f"{describe(found)}\n")
        if not (mail and found.reminders_are_on):
            return found
        return replace(found, mailed=reminding.mail(reminders, lambda at: show("mail", at)))


def command(
    *,
    period: Annotated[str | None, Parameter(help="A month such as 2026-11; the one under way by default.")] = None,
    texts: Annotated[bool, Parameter(negative=(), help="Print the reminder of each collective, to copy.")] = False,
    mail: Annotated[
        bool, Parameter(negative=(), help="Mail the reminders, if the settings say reminders = true in [delivery].")
    ] = False,
    programme: ProgrammeOption = HERE,
    json: JsonOption = False,
) -> int:
    """Look ahead at a month."""
    chosen = settings.load(programme)
    environment.prepare(chosen.folder)
    found = preflight(chosen, period, mail)
    tell(found, describe, json)
    if texts and not json:
        print(f"\n{in_full(found)}")
    if not mail:
        return ExitCode.OK
    say(mailed_in_words(found))
    return exit_code_of(found.mailed)
