"""The command `motiefmix`. Heavy packages are imported inside the commands that need them."""

import atexit
import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import App, CycloptsError, Parameter

from flows import __version__, settings
from flows.steps.decisions import Kind, Verdict
from flows.steps.mistakes import Mistake, unexpected

app = App(
    name="motiefmix",
    help="Survey exports in, motivation reports and an analysts' database out.",
    version=__version__,
    version_flags=["--version"],
)

Programme = Annotated[Path, Parameter(name=["--programme", "-p"], help="The programme folder.")]
AsJson = Annotated[bool, Parameter(name="--json", negative=(), help="Print the outcome as JSON.")]
Set = Annotated[
    list[str] | None,
    Parameter(name="--set", negative=(), help="Answer a question about the source: collective.column=Group."),
]
HERE = Path()


def main() -> None:
    """Run the command line: every mistake ends in a sentence and its exit code, never in a traceback."""
    os.umask(0o077)
    # Registered first, so it runs last: DuckDB's binding lists what Prefect's threads still hold at exit.
    atexit.register(_close_stderr)
    try:
        outcome = app(exit_on_error=False, print_error=False, result_action="return_value")
    except Mistake as mistake:
        _say(str(mistake))
        sys.exit(mistake.exit_code)
    except CycloptsError as error:
        _say(f"{error}\nSee: motiefmix --help")
        sys.exit(2)
    except KeyboardInterrupt:
        _say("Stopped.")
        sys.exit(130)
    except Exception as error:
        _say(unexpected(error))
        if settings.wants_debugging():
            raise
        sys.exit(1)
    sys.exit(outcome if isinstance(outcome, int) else 0)


def _close_stderr() -> None:
    sys.stderr.flush()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def _say(text: str) -> None:
    print(text, file=sys.stderr)


def _print(document: Any) -> None:
    print(json.dumps(document, ensure_ascii=False, indent=2, default=str))


def _tell(found: Any, describe: Callable[[Any], str], json: bool) -> None:
    """What a command found: as JSON, or in words."""
    if not json:
        print(describe(found))
    else:
        _print([asdict(entry) for entry in found] if isinstance(found, tuple | list) else asdict(found))


@app.command
def demo(folder: Path = Path("demo-programme"), *, months: Annotated[int, Parameter(help="1 to 6.")] = 6) -> int:
    """Simulate a programme and run it from start to finish; when it is there already, say where things are."""
    return _simulate(folder, months, "truth")


@app.command
def gallery(folder: Path = Path("gallery")) -> int:
    """Make reports of every edge case, from exports to PDFs in one folder, to look at."""
    return _simulate(folder, 2, "gallery")


def _simulate(folder: Path, months: int, truth: str) -> int:
    from flows import demo as demo_programme

    chosen = demo_programme.prepare(folder, months, truth)
    if not demo_programme.is_finished(chosen, months):
        settings.prepare_environment(chosen.places)
        from flows.running import monthly_run

        for period, today in demo_programme.arrivals(chosen, months, truth):
            outcome = monthly_run(chosen.root, period, today=today)
            _say(outcome.message)
            if outcome.exit_code:
                return outcome.exit_code
    for line in demo_programme.where_things_are(chosen):
        print(line)
    return 0


@app.command
def init(folder: Path) -> None:
    """Make a new programme folder with commented settings and an example register, and in it an example to try."""
    from flows.new_programme import EXAMPLE, create

    for path in create(folder, date.today()):  # noqa: DTZ011 the steward's own calendar
        print(path)
    chosen = settings.load(folder)
    print(f"{chosen.key_file}  (the key behind the pseudonyms: keep it, and keep it apart)")
    _say(
        f"To see the way once, with made-up answers: motiefmix run -p {folder / EXAMPLE}\n"
        f"Then write your own organisations and collectives into {chosen.places.register}. You start with nothing:\n"
        f"motiefmix questionnaire -p {folder}; you have an export: motiefmix map FILE -p {folder}. Drop exports in\n"
        f"{chosen.places.inbox}, and run: motiefmix run -p {folder}"
    )


@app.command
def run(
    *,
    period: Annotated[str | None, Parameter(help="A month such as 2026-10; the one before today's by default.")] = None,
    only: Annotated[
        list[str] | None,
        Parameter(help="Only the reports of these organisations.", consume_multiple=True, negative=()),
    ] = None,
    dry_run: Annotated[bool, Parameter(negative=(), help="Try everything, publish nothing.")] = False,
    unfinished: Annotated[
        bool, Parameter(negative=(), help="Release a month that has not ended, with the answers so far.")
    ] = False,
    refit_profiles: Annotated[
        bool, Parameter(negative=(), help="Find the profiles anew instead of using the frozen ones.")
    ] = False,
    strict: Annotated[bool, Parameter(negative=(), help="Exit with 3 when files or answers are held.")] = False,
    programme: Programme = HERE,
    json: AsJson = False,
) -> int:
    """Make the reports of a month: ingest, validate, compute, render, publish."""
    chosen = settings.load(programme)
    settings.prepare_environment(chosen.places)
    from flows.running import monthly_run, notes, results

    asked = {"only": only, "dry_run": dry_run, "unfinished": unfinished, "refit_profiles": refit_profiles}
    outcome = monthly_run(chosen.root, period, **asked)
    held = outcome.validated.held_files or outcome.validated.held
    exit_code = 3 if strict and held and not outcome.exit_code else outcome.exit_code
    if json:
        _print({**asdict(outcome), "exit_code": exit_code})
        return exit_code
    for line in notes(outcome):
        _say(line)
    for line in results(outcome, chosen.places):
        print(line)
    return exit_code


@app.command
def check(*files: Path, set: Set = None, programme: Programme = HERE, json: AsJson = False) -> int:  # noqa: A002
    """Say what exports are, which columns map, and what would be refused; changes nothing.

    With --set as if that stood in the source: 'motiefmix map' writes it there.
    """
    if not files:
        raise Mistake("Name the exports to check: motiefmix check FILE…")
    chosen = settings.load(programme)
    settings.prepare_environment(chosen.places)
    from flows.checking import check_files, describe, exit_code

    checked = check_files(chosen, files, set or ())
    _tell(checked, describe, json)
    for entry in checked:
        if entry.mistake:
            _say(entry.mistake)
    return exit_code(checked)


@app.command(name="map")
def map_(
    file: Path,
    *,
    name: Annotated[str | None, Parameter(help="The name of the source; from the file's name by default.")] = None,
    set: Set = None,  # noqa: A002
    programme: Programme = HERE,
    json: AsJson = False,
) -> None:
    """Draft a source file for an export that no source describes, ask what is left, and take the answers."""
    chosen = settings.load(programme)
    from flows.mapping import describe, map_file

    mapped = map_file(chosen, file, name, set or ())
    _tell(mapped, describe, json)


@app.command
def questionnaire(
    *,
    tool: Annotated[Literal["limesurvey", "qualtrics", "xlsform", "text"], Parameter(help="What will import it.")],
    language: Literal["nl", "en"] | None = None,
    out: Annotated[
        Path | None, Parameter(help="Where to; the folder questionnaire of the programme by default.")
    ] = None,
    programme: Programme = HERE,
    json: AsJson = False,
) -> None:
    """Write the instrument as a survey that a tool can import, and the source that fits its exports."""
    chosen = settings.load(programme)
    from flows.programme import load_programme
    from flows.questionnaire import write_questionnaire

    folder = out or chosen.root / "questionnaire"
    loaded = load_programme(chosen)
    written = write_questionnaire(loaded, tool, language or chosen.language, chosen.places, folder)
    if json:
        _print({"files": [str(path) for path in written.paths], "changes": written.changes})
        return
    for path in written.paths:
        print(path)
    _say("Import the first in your survey tool; the exports of that form need no mapping.")
    if written.changes:
        _say("\n".join(("In a survey that runs already:", *(f"- {line}" for line in written.changes))))


@app.command
def accept(
    kind: Kind | None = None,
    source: str | None = None,
    *,
    month: Annotated[str | None, Parameter(help="Only answers given in this month, such as 2026-09.")] = None,
    response: Annotated[
        list[str] | None, Parameter(help="Only the answers with these ids.", consume_multiple=True, negative=())
    ] = None,
    refuse: Annotated[bool, Parameter(negative=(), help="Decide the other way round.")] = False,
    each: Annotated[bool, Parameter(name="--list", negative=(), help="List every such answer by its id.")] = False,
    programme: Programme = HERE,
    json: AsJson = False,
) -> None:
    """Decide on answers that wait: late, spam, vanished (accepted: withdrawn) or unknown (accepted: they do not count).

    Without a source: what waits.
    """
    chosen = settings.load(programme)
    from flows import deciding

    if kind and source:
        verdict: Verdict = "refuse" if refuse else "accept"
        decided = deciding.decide(chosen, kind, source, verdict, chosen.now().date(), month, response or ())
        if json:
            _print([asdict(entry) for entry in decided])
        else:
            print(deciding.describe_decision(kind, verdict, decided))
        return
    if month or response or refuse:
        raise Mistake("Say what to decide on: motiefmix accept KIND SOURCE. What waits: motiefmix accept")
    waiting = [entry for entry in deciding.waiting_answers(chosen) if kind in (None, entry.kind)]
    if json:
        _print([asdict(entry) for entry in (waiting if each else deciding.summary(waiting))])
    else:
        print(deciding.describe_each(waiting) if each and waiting else deciding.describe(waiting))


@app.command
def methods(
    *,
    period: Annotated[str, Parameter(help="A released month such as 2026-10.")],
    language: Literal["nl", "en"] | None = None,
    out: Annotated[Path | None, Parameter(help="Where to; the folder methods of the programme by default.")] = None,
    programme: Programme = HERE,
    json: AsJson = False,
) -> None:
    """Write the technical annex of a released month: reliability, fit, items, what was withheld, formulas."""
    chosen = settings.load(programme)
    from flows.methods import write_methods

    paths = write_methods(chosen, period, language or chosen.language, out or chosen.root / "methods")
    if json:
        _print([str(path) for path in paths])
    else:
        print("\n".join(map(str, paths)))


@app.command(name="explain")
def explain_(
    reference: str,
    *,
    sql: Annotated[bool, Parameter(negative=(), help="Also the queries that released and computed it.")] = False,
    programme: Programme = HERE,
    json: AsJson = False,
) -> None:
    """Say what a printed figure is and where it comes from, by its reference: in words, then rows and exports."""
    chosen = settings.load(programme)
    from flows.explaining import describe, explain

    found = explain(chosen, reference)
    _tell(found, lambda explained: describe(explained, sql), json)


@app.command
def erase(
    *,
    member: Annotated[str | None, Parameter(help="What the survey tool calls them.")] = None,
    ask: Annotated[bool, Parameter(negative=(), help="Ask for the member, so that no shell remembers.")] = False,
    source: Annotated[str | None, Parameter(help="With --response: the source of the export.")] = None,
    response: Annotated[str | None, Parameter(help="One response by its id in the survey tool.")] = None,
    in_advance: Annotated[
        bool, Parameter(negative=(), help="Also somebody of whom nothing is kept: keep them out from now on.")
    ] = False,
    programme: Programme = HERE,
    json: AsJson = False,
) -> None:
    """Take a member out of kept exports and answers for good, and keep them from coming back."""
    chosen = settings.load(programme)
    from flows.erasing import describe
    from flows.erasing import erase as forget

    erased = forget(chosen, _asked_member() if ask else member, source, response, in_advance)
    _tell(erased, describe, json)


def _asked_member() -> str:
    try:
        return input("Member: ")
    except EOFError:
        raise Mistake(
            "Nobody can be asked here, for there is no terminal. Say who: motiefmix erase --member ID, or"
            " motiefmix erase --source SOURCE --response ID"
        ) from None


@app.command(name="rotate-key")
def rotate_key(*, programme: Programme = HERE, json: AsJson = False) -> None:
    """Put all pseudonyms under a new key, as long as the kept exports last."""
    chosen = settings.load(programme)
    from flows.rotating import describe, rotate

    rotated = rotate(chosen)
    _tell(rotated, describe, json)


@app.command
def microdata(*, programme: Programme = HERE, json: AsJson = False) -> None:
    """Write a coarsened file of single respondents for researchers, if the settings allow it."""
    chosen = settings.load(programme)
    from flows.microdata import describe, write_microdata

    made = write_microdata(chosen)
    _tell(made, describe, json)


@app.command
def audit(*, programme: Programme = HERE, json: AsJson = False) -> int:
    """Attack every release together, as somebody would who knows who answered when; fails when few are pinned down."""
    chosen = settings.load(programme)
    from flows.auditing import audit as attack
    from flows.auditing import describe

    found = attack(chosen)
    _tell(found, describe, json)
    return 1 if found.findings else 0


@app.command
def status(
    *,
    check: Annotated[
        bool, Parameter(negative=(), help="Fail when the month that is due has no release, or public/ is in disorder.")
    ] = False,
    programme: Programme = HERE,
    json: AsJson = False,
) -> int:
    """Say how the last runs went, what is held, and when the next run is."""
    from flows.status import describe, read_status

    found = read_status(settings.load(programme))
    _tell(found, describe, json)
    return 1 if check and not found.is_in_order else 0


@app.command
def serve(*, port: int = 4200, programme: Programme = HERE) -> None:
    """Keep the monthly schedule: on the server of PREFECT_API_URL, else on a local one that lives as long as this."""
    chosen = settings.load(programme)
    settings.prepare_environment(chosen.places)
    from flows.deployments import local_server
    from flows.deployments import serve as serve_schedules

    following = chosen.schedule.next_run(chosen.now())
    if url := settings.prefect_api_url():
        _say(f"Schedule on {url}; next run {following:%Y-%m-%d %H:%M}.")
        serve_schedules(chosen)
        return
    _say("Starting a local Prefect server …")
    with local_server(chosen.places, settings.server_login(), port) as server:
        settings.use_prefect_server(server.url, server.login)
        _say(
            f"Schedule on {server.url.removesuffix('/api')}; next run {following:%Y-%m-%d %H:%M}. Stop with Ctrl-C.\n"
            "Its pages ask for the login in private/prefect/server.json."
        )
        serve_schedules(chosen)


@app.command
def doctor(*, programme: Programme = HERE, json: AsJson = False) -> int:
    """Look whether everything that a run needs is here: libraries, fonts, versions, folders, key, lock, clock."""
    from flows.doctor import examine

    findings = list(examine(programme))
    if json:
        _print([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            print(f"{'ok  ' if finding.ok else 'MEND'}  {finding.what}: {finding.found}")
            if not finding.ok:
                print("\n".join(f"      {line}" for line in finding.advice.splitlines()))
    return 0 if all(finding.ok for finding in findings) else 1


if __name__ == "__main__":
    main()
