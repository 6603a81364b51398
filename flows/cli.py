"""The command `motiefmix`: arguments in, words out. Commands are imported when called, since some are slow."""

import os
import sys

from cyclopts import App, CycloptsError

from flows import __version__
from flows.commands.telling import say
from flows.foundation.errors import UserError
from flows.foundation.exit_codes import ExitCode
from flows.foundation.garbage import look_rarely
from flows.foundation.messages import unexpected
from flows.foundation.signals import is_interruption
from flows.foundation.standard_error import close_at_exit

# Groups of commands, each a package in flows/commands/ with a module per command.
GROUPS = {"register": "Commands about the register: who takes part."}
# Each is the function `command` in the module of the same name in flows/commands/; `register check` is register/check.
COMMANDS = {
    "accept": """Decide on answers that wait: late, spam, vanished or unknown. Without a source: list what waits.

    Accepted late answers and accepted spam count; accepted vanished answers are withdrawn; accepted unknown answers
    do not count, so that the rest of their file does.
    """,
    "approve": "Let the reports of a release be delivered, for exactly the files that it holds.",
    "audit": "Try to derive answers of few people from all releases together; fails when that succeeds.",
    "check": """Say what exports are, which columns map, and what would be refused; changes nothing.

    --set tries a value without saving it; `motiefmix map --set` saves it.
    """,
    "deliver": """Send approved reports to their organisations, each at most once.

    --dry-run writes the mails as files; --arrived settles a delivery whose outcome is unknown.
    """,
    "demo": "Simulate a programme and run it from start to finish; if it exists already, print the paths.",
    "doctor": "Check that everything a run needs is present: libraries, fonts, versions, folders, key, lock, clock.",
    "erase": "Remove a member from kept exports and answers for good, and from exports still to come.",
    "explain": "Say what a printed figure is and where it comes from, by its reference, in words and rows.",
    "gallery": "Make reports of every edge case for inspection, from exports to PDFs in one folder.",
    "init": "Make a new programme folder with commented settings and an example register, and in it an example to try.",
    "map": "Draft a source file for an export that no source describes, list the open questions, and take the answers.",
    "methods": "Write the technical annex of a released month: reliability, fit, items, what was withheld, formulas.",
    "microdata": "Write a coarsened file of individual respondents for researchers, if the settings allow it.",
    "preflight": """Say what the reports of the month under way would lack, while there is time; changes nothing.

    Which collectives are short of answers, what is held, which sources are silent, which register rows end. --texts
    prints a reminder per collective; --mail sends them, if the settings allow it.
    """,
    "questionnaire": "Write the instrument as a survey that a tool can import, and the source that fits its exports.",
    "register check": """Say what is doubtful or wrong in the register and what it would change; changes nothing.

    With files or folders: check these, as if they were put in place of the register's own.
    """,
    "resend": "Send the report of one organisation again, with the reason.",
    "review": "Show a release before approval: its reports, what changed, what is withheld, and the audit.",
    "rotate-key": "Recompute all pseudonyms under a new key, from the kept exports.",
    "run": "Make the reports of a month: ingest, validate, compute, render, publish, deliver.",
    "serve": "Keep the monthly schedule, on the server of PREFECT_API_URL or on a local one.",
    "status": "Say how the last runs went, what is held, and when the next run is.",
    "withdraw": "Take a release back: it leaves public/, the one before stands again, and recipients are told.",
}

app = App(
    name="motiefmix",
    help="Survey exports in, motivation reports and an analysts' database out.",
    version=__version__,
    version_flags=["--version"],
    help_format="plaintext",
    suppress_keyboard_interrupt=False,
)
groups = {name: App(name=name, help=text, suppress_keyboard_interrupt=False) for name, text in GROUPS.items()}
for group in groups.values():
    app.command(group)
for words, text in COMMANDS.items():
    *within, name = words.split()
    module = ".".join([*within, name]).replace("-", "_")
    (groups[within[0]] if within else app).command(f"flows.commands.{module}:command", name=name, help=text)


def main() -> None:
    """Run the command line: every user error ends in a sentence and its exit code, never in a traceback."""
    os.umask(0o077)
    look_rarely()
    close_at_exit()  # registered first, so it happens last
    try:
        outcome = app(exit_on_error=False, print_error=False, result_action="return_value")
        sys.stdout.flush()
    except UserError as problem:
        say(str(problem))
        sys.exit(problem.exit_code)
    except CycloptsError as error:
        say(f"{error}\nSee: motiefmix --help")
        sys.exit(ExitCode.USAGE)
    except BrokenPipeError:
        # Whatever is still to be written would fail again when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(ExitCode.READER_GONE)
    except (KeyboardInterrupt, Exception) as error:
        if is_interruption(error):
            say("Stopped.")
            sys.exit(ExitCode.INTERRUPTED)
        say(unexpected(error))
        from flows.programme import environment

        if environment.wants_debugging():
            raise
        sys.exit(ExitCode.UNEXPECTED)
    sys.exit(outcome if isinstance(outcome, int) else ExitCode.OK)


if __name__ == "__main__":
    main()
