"""`motiefmix doctor`: checks that everything a run needs is present, and says how to fix what is not."""

import ctypes.util
import importlib.metadata
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from flows.commands.options import HERE, JsonOption, ProgrammeOption
from flows.commands.telling import table, tell
from flows.foundation.errors import Locked, UserError
from flows.foundation.exit_codes import ExitCode
from flows.foundation.resources import resource
from flows.programme import environment, public_folder, settings
from flows.programme.settings import Settings, last_month

PACKAGES = ("prefect", "fastapi", "duckdb", "great-expectations", "weasyprint", "jinja2")
_LIBRARIES = {
    "pango-1.0": "apt-get install libpangoft2-1.0-0 (macOS: brew install pango)",
    "harfbuzz-subset": "apt-get install libharfbuzz-subset0 (macOS: brew install harfbuzz)",
}


@dataclass(frozen=True)
class Examined:
    """One thing that was examined."""

    what: str
    found: str
    ok: bool = True
    advice: str = ""


def examine(root: Path) -> Iterator[Examined]:
    """Examine the machine, then the programme in a folder."""
    yield Examined("Python", sys.version.split()[0], sys.version_info >= (3, 11), "Use Python 3.11 or later.")
    for package in PACKAGES:
        yield Examined(package, importlib.metadata.version(package))
    for library, advice in _LIBRARIES.items():
        path = ctypes.util.find_library(library)
        yield Examined(f"library {library}", path or "missing", bool(path), advice)
    yield from _look_at_drawing()
    fonts = sorted(path.name for path in resource("report_templates", "fonts").glob("*.ttf"))
    yield Examined("fonts", ", ".join(fonts) or "missing", bool(fonts), "Install Motiefmix again.")
    try:
        chosen = settings.load(root)
    except UserError as mistake:
        yield Examined("programme", "not read", False, str(mistake))
        return
    yield from _examine_programme(chosen)


def _examine_programme(chosen: Settings) -> Iterator[Examined]:
    yield _tried("settings", lambda: f"{chosen.name}, {chosen.timezone}")
    folder = chosen.folder
    for path in (folder.register, folder.sources, folder.inbox):
        yield Examined(f"folder {path.name}", _state(path), path.is_dir(), f"Make the folder {path}.")
    releases = folder.releases
    usable = not releases.exists() or (releases.is_dir() and os.access(releases, os.W_OK))
    yield Examined(f"folder {releases.name}", _state(releases), usable, f"A run must be able to write in {releases}.")
    found = public_folder.troubles(folder, last_month(chosen.now().date()))
    state = _state(folder.public) if not found else "not as a run left it"
    yield Examined("folder public", state, not found, "\n".join(found))
    yield _tried("register, instrument and sources", lambda: _count_files(chosen))
    yield from _look_at_names(chosen)
    yield _tried("pseudonym key", lambda: f"{len(chosen.pseudonym_keys().current)} characters")
    private = folder.private
    mode = private.stat().st_mode & 0o777 if private.exists() else 0o700
    usable = mode == 0o700 and (private.is_dir() or not private.exists())
    yield Examined("private folder", oct(mode)[2:], usable, f"It must be a folder of your own: chmod 700 {private}")
    is_open = bool(chosen.root.stat().st_mode & 0o001)
    advice = f"They must be able to pass through the programme folder: chmod o+x {chosen.root}"
    yield Examined("way to public for analysts", "open" if is_open else "closed", is_open, advice)
    if chosen.cluster:
        yield _tried("cluster", lambda: _count_workers(chosen.cluster))
    yield _lock(chosen)
    if chosen.folder.has_unfinished_rotation:
        advice = "The next run finishes it."
        yield Examined("change of the pseudonym key", "interrupted", False, advice)
    now = chosen.now()
    yield Examined("clock", f"{now:%Y-%m-%d %H:%M %Z}", now.year >= 2025, "Set the clock of this machine.")
    free = os.statvfs(chosen.root).f_bavail * os.statvfs(chosen.root).f_frsize // 1024**2
    yield Examined("free space", f"{free} MB", free > 1024, "Make room: a run needs about 1 GB.")


def _count_files(chosen: Settings) -> str:
    from flows.programme.loading import load_programme

    loaded = load_programme(chosen)
    return (
        f"{len(loaded.register.organisations)} organisations, {len(loaded.sources)} sources,"
        f" {len(loaded.instrument.model.items)} items"
    )


def _count_workers(scheduler: str) -> str:
    from flows.steps.render import dask_cluster

    found = dask_cluster.workers(scheduler)
    return f"{found} worker{'s' if found > 1 else ''} at {scheduler}"


def _look_at_names(chosen: Settings) -> Iterator[Examined]:
    """Names that reports cannot show in full; this is not a failure, because reports are made regardless."""
    from flows.programme.loading import load_programme
    from flows.steps.render.undrawn_names import undrawn_names

    try:
        loaded = load_programme(chosen)
    except UserError:
        return  # reported with the register, the instrument and the sources
    for name in undrawn_names(loaded, chosen.now().date()):
        yield Examined("names in reports", name.sentence)


def _look_at_drawing() -> Iterator[Examined]:
    """Whether WeasyPrint draws reports with our patches; without them it is only slower."""
    try:
        from flows.steps.render import fast_weasyprint
    except OSError:
        return  # a library is missing, which another finding reports
    if environment.wants_plain_weasyprint():
        reason = "MOTIEFMIX_PLAIN_WEASYPRINT asks for it"
    else:
        reason = fast_weasyprint.why_plain()
    plain = f"Plain WeasyPrint draws the same reports in about three times the time: {reason}."
    yield Examined("drawing of reports", plain if reason else "fast")


def _state(folder: Path) -> str:
    if not folder.exists():
        return "not there"
    return "there" if folder.is_dir() else "a file, not a folder"


def _tried(what: str, look: Callable[[], str]) -> Examined:
    try:
        return Examined(what, look())
    except UserError as mistake:
        return Examined(what, "wrong", False, str(mistake))


def _lock(chosen: Settings) -> Examined:
    if not chosen.folder.private.is_dir():
        return Examined("lock", "free")
    try:
        with chosen.folder.locked():
            return Examined("lock", "free")
    except Locked:
        return Examined("lock", "held by a run in progress")


def describe(findings: Sequence[Examined]) -> str:
    """A line per finding, followed by what to do about it."""
    rows = []
    for finding in findings:
        rows.append(("ok" if finding.ok else "FIX", f"{finding.what}: {finding.found}"))
        if not finding.ok:
            rows.append(("", finding.advice))
    return "\n".join(table(rows, first=len("FIX ")))


def command(*, programme: ProgrammeOption = HERE, json: JsonOption = False) -> int:
    """Examine the machine and the programme."""
    findings = list(examine(programme))
    tell(findings, describe, json)
    return ExitCode.OK if all(finding.ok for finding in findings) else ExitCode.UNEXPECTED
