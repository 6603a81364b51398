"""Reads each export into a temporary warehouse and reports what a run would do with it."""

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from flows import warehouse
from flows.commands.check.checked import Checked, Draft, Reason
from flows.foundation.contracts import FileQuality, Ingested
from flows.foundation.errors import Locked, UserError
from flows.foundation.exit_codes import ExitCode
from flows.foundation.messages import printable, unexpected
from flows.programme.environment import wants_debugging
from flows.programme.loading import Programme, load_programme
from flows.programme.period import Period
from flows.programme.settings import Settings, last_month
from flows.steps.ingest import ingest
from flows.steps.ingest.dialects import FILE_FACTS, recognise
from flows.steps.ingest.landing import inbox
from flows.steps.ingest.readers.grid import open_grids
from flows.steps.ingest.readers.unreadable import Unreadable
from flows.steps.ingest.recognised_export import declared_encodings
from flows.steps.ingest.sheets import likeliest
from flows.steps.render.undrawn_names import undrawn_names
from flows.steps.validate import validate

_UNKNOWN_TEXTS = """
    select case kind when 'consent' then 'consent' else field end as field, list_slice(list(text order by text), 1, 5)
    from validated.readings
    where kind in ('answer', 'consent') and word = 'unknown' group by all order by field
"""
_UNKNOWN_COLLECTIVES = """
    select distinct text from validated.readings as readings
    left join reference.collective_states as states on readings.word = states.collective_id
    where readings.kind = 'collective' and states.collective_id is null order by text limit 10
"""
# The texts of an item in the newest export of a source that an earlier run read.
_FORMER_TEXTS = """
    select distinct responses.answers[$item]
    from raw.responses as responses
    where responses.sha256 = (
        select exports.sha256 from raw.exports as exports inner join raw.responses as inside
            on exports.sha256 = inside.sha256
        where exports.source = $source
        order by exports.received_on desc, inside.submitted desc, exports.sha256 limit 1
    ) order by all
"""
_NEWEST = """
    select max(submitted_on) from validated.submissions where submitted_on between date '1900-01-01' and ?
"""


_PASSED_OVER = (
    "A run passes over a file of this name: it is hidden, a marker, or incomplete. If it is an export, rename it."
)


_DRAFT_LINE = (
    "Its line 'draft: yes' keeps it from being used; 'motiefmix map' removes that when nothing is left to decide."
)


def check_files(settings: Settings, files: Sequence[Path], answers: Sequence[str] = ()) -> list[Checked]:
    """Check exports one by one, as if each were alone in the inbox and `answers` were already in its source.

    An error in one file, even an unexpected one, does not prevent the others from being checked.

    Raises:
        UserError: an error in the programme's own files.
    """
    programme = load_programme(settings)
    settings.folder.make_private()
    return [_check_alone(settings, programme, path, answers) for path in files]


def _check_alone(settings: Settings, programme: Programme, path: Path, answers: Sequence[str]) -> Checked:
    try:
        _refuse_what_is_no_file(path)
        if inbox.is_passed_over(path.name):
            return Checked(path.name, skipped=_PASSED_OVER)
        return _check(settings, programme, path, answers)
    except UserError as mistake:
        return Checked(path.name, mistake=str(mistake), exit_code=mistake.exit_code)
    except OSError as problem:
        what = f"{printable(str(path), 200)}: this file cannot be opened or copied ({type(problem).__name__})."
        return Checked(path.name, mistake=what, exit_code=ExitCode.USAGE)
    except Exception as problem:
        if wants_debugging():
            raise
        what = f"{printable(str(path), 200)}: {unexpected(problem)}"
        return Checked(path.name, mistake=what, exit_code=ExitCode.UNEXPECTED)


def _refuse_what_is_no_file(path: Path) -> None:
    if not path.is_file():
        what = "this is a folder; name the files in it" if path.is_dir() else "there is no such file"
        raise UserError(f"{printable(str(path), 200)}: {what}.")


def _check(settings: Settings, programme: Programme, path: Path, answers: Sequence[str]) -> Checked:
    with tempfile.TemporaryDirectory(dir=settings.folder.private, prefix="check-") as temporary:
        folder = replace(settings.folder, root=Path(temporary), private_folder=Path(temporary) / "private")
        folder.make_private()
        folder.inbox.mkdir()
        if settings.folder.tombstones.exists():
            shutil.copyfile(settings.folder.tombstones, folder.tombstones)
        copy = folder.inbox / path.name
        # Keep the modification time: a copy that looks new would be waited for, as if still being written.
        shutil.copy2(path, copy)
        if answers:
            from flows.commands.map import with_answers

            programme = with_answers(programme, copy, answers, Path(temporary))
        today = settings.now().date()
        names = tuple(name.sentence for name in undrawn_names(programme, today))
        recognised = replace(_recognised(copy, programme), undrawn_names=names)
        ingested = ingest(folder, programme.sources, settings.pseudonym_keys(), today)
        if ingested.unread:
            return replace(recognised, unread=Reason.of(ingested.unread[0]), draft=_draft_for(programme, copy))
        period, quality = _validated(folder.warehouse, programme, ingested, today)
        with warehouse.opened(folder.warehouse, read_only=True) as connection:
            unknown_texts = dict(connection.execute(_UNKNOWN_TEXTS).fetchall())
            unknown_collectives = tuple(row[0] for row in connection.execute(_UNKNOWN_COLLECTIVES).fetchall())
    used = next(entry for entry in programme.sources if entry.model.source == quality.source)
    return replace(
        recognised,
        source=quality.source,
        source_version=used.model.version,
        quality=quality,
        period=str(period),
        unknown_texts=unknown_texts,
        former_texts=_former_texts(settings, quality.source, unknown_texts),
        unknown_collectives=unknown_collectives,
        other_sheets=ingested.exports[0].other_sheets,
    )


def _draft_for(programme: Programme, path: Path) -> Draft | None:
    """The draft that describes a file that was held, if the file can be read at all."""
    from flows.commands.map import find_draft

    try:
        found = find_draft(programme, path)
    except UserError:
        return None
    if found is None:
        return None
    loaded, questions = found
    return Draft(loaded.path.name, tuple(question.words for question in questions), _DRAFT_LINE)


def _validated(database: Path, programme: Programme, ingested: Ingested, today: date) -> tuple[Period, FileQuality]:
    """Validate for the month of the newest response, which the check is most likely about."""
    period = Period.parse(last_month(today))
    validated = validate(database, programme, period, ingested)
    with warehouse.opened(database, read_only=True) as connection:
        newest = warehouse.one(connection, _NEWEST, [today])
    if newest and Period(newest.year, newest.month) != period:
        period = Period(newest.year, newest.month)
        validated = validate(database, programme, period, ingested)
    return period, validated.files[0]


def _recognised(path: Path, programme: Programme) -> Checked:
    """The tool and the number of responses, even when no source describes the file."""
    try:
        grid = likeliest(open_grids(path, declared_encodings(programme.sources), FILE_FACTS))
        dialect, layout = recognise(grid)
        return Checked(path.name, dialect.tool, sum(1 for _ in grid.rows()) - layout.heading_rows)
    except Unreadable as problem:
        return Checked(path.name, str(problem.values.get("tool", "unknown")), 0, readings=problem.readings)


def _former_texts(settings: Settings, source: str, unknown_texts: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The texts in the previous export of items that now have unknown answers; empty while a run is in progress."""
    if not (unknown_texts and settings.folder.warehouse.exists()) or settings.folder.has_unfinished_rotation:
        return {}
    try:
        with settings.folder.locked(), warehouse.opened(settings.folder.warehouse, read_only=True) as connection:
            former = {
                item: [row[0] for row in connection.execute(_FORMER_TEXTS, {"item": item, "source": source}).fetchall()]
                for item in unknown_texts
            }
    except Locked:
        return {}
    return {item: [text for text in texts if text] for item, texts in former.items() if any(texts)}
