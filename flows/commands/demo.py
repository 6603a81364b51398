"""`motiefmix demo`: a simulated programme, month by month from exports to reports."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from flows.commands.telling import say, table
from flows.foundation.exit_codes import ExitCode
from flows.foundation.messages import pluralise
from flows.programme import environment


def command(folder: Path = Path("demo-programme"), *, months: Annotated[int, Parameter(help="1 to 6.")] = 6) -> int:
    """Simulate a programme with the truth of the demo, and run it."""
    return simulate(folder, months, "truth")


def simulate(folder: Path, months: int, truth: str) -> int:
    """Simulate a programme with a named truth and run its months, unless it exists already; print the paths."""
    from flows import demo as demo_programme

    chosen = demo_programme.prepare(folder, months, truth)
    if not demo_programme.is_finished(chosen, months):
        environment.prepare(chosen.folder)
        from flows.commands.run import chosen_server, monthly_run

        say(f"Making the reports of {pluralise(months, 'month')}: about half a minute for each on two free processors.")
        with chosen_server(chosen.folder):
            for period, today in demo_programme.arrivals(chosen, months, truth):
                outcome = monthly_run(chosen, period, today=today)
                say(outcome.message)
                if outcome.exit_code:
                    return outcome.exit_code
    for line in table(demo_programme.where_things_are(chosen)):
        print(line)
    return ExitCode.OK
