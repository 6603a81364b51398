"""`motiefmix check`: reads exports into a warehouse of their own that is thrown away, and says what would happen."""

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from flows.programme import load_programme
from flows.settings import Settings, last_month
from flows.steps import warehouse
from flows.steps.contracts import FileQuality, Period, Unread
from flows.steps.ingest import ingest
from flows.steps.ingest.dialects import recognise
from flows.steps.ingest.grid import open_grid
from flows.steps.ingest.unreadable import Unreadable
from flows.steps.mistakes import Mistake
from flows.steps.plain_text import counted, printable
from flows.steps.validate import validate

_UNKNOWN_TEXTS = """
    select field, list_slice(list(text order by text), 1, 5) from validated.readings
    where kind = 'answer' and word = 'unknown' group by field order by field
"""
_UNKNOWN_COLLECTIVES = """
    select distinct text from validated.readings as readings
    left join reference.collective_states as states on readings.word = states.collective_id
    where readings.kind = 'collective' and states.collective_id is null order by text limit 10
"""
_NEWEST = """
    select max(submitted_on) from validated.submissions where submitted_on between date '1900-01-01' and ?
"""


@dataclass(frozen=True)
class Checked:
    """What an export is and what would become of it. Unknown texts are shown: only the steward sees them."""

    file_name: str
    tool: str
    rows: int
    source: str | None = None
    unread: Unread | None = None
    quality: FileQuality | None = None
    period: str = ""
    unknown_texts: dict[str, list[str]] | None = None
    unknown_collectives: tuple[str, ...] = ()

    @property
    def held(self) -> bool:
        """Whether none of its responses would count."""
        return self.unread is not None or (self.quality is not None and self.quality.verdict == "held")


def check_files(settings: Settings, files: Sequence[Path]) -> list[Checked]:
    """Check exports one by one, as if each were the only one in the inbox.

    Raises:
        Mistake: a file does not exist, or a mistake in the programme's own files.
    """
    for path in files:
        if not path.is_file():
            what = "this is a folder; name the files in it" if path.is_dir() else "there is no such file"
            raise Mistake(f"{printable(str(path), 200)}: {what}.")
    return [_check(settings, path) for path in files]


def _check(settings: Settings, path: Path) -> Checked:
    programme = load_programme(settings)
    settings.places.make_private()
    with tempfile.TemporaryDirectory(dir=settings.places.private, prefix="check-") as folder:
        places = replace(settings.places, root=Path(folder), private_folder=Path(folder) / "private")
        places.make_private()
        places.inbox.mkdir()
        copy = places.inbox / path.name
        shutil.copyfile(path, copy)
        tool, rows = _recognised(copy, [s.model.encoding for s in programme.sources if s.model.encoding])
        today = settings.now().date()
        ingested = ingest(places, programme.sources, settings.pseudonym_key(), today)
        if ingested.unread:
            return Checked(path.name, tool, rows, unread=ingested.unread[0])
        period = Period.parse(last_month(today))
        validated = validate(places.warehouse, programme, period, ingested)
        newest = _newest_month(places.warehouse, today)
        if newest and newest != period:
            period = newest
            validated = validate(places.warehouse, programme, period, ingested)
        with warehouse.opened(places.warehouse, read_only=True) as connection:
            return Checked(
                path.name,
                tool,
                rows,
                ingested.exports[0].source,
                quality=validated.files[0],
                period=str(period),
                unknown_texts=dict(connection.execute(_UNKNOWN_TEXTS).fetchall()),
                unknown_collectives=tuple(row[0] for row in connection.execute(_UNKNOWN_COLLECTIVES).fetchall()),
            )


def _newest_month(database: Path, today: date) -> Period | None:
    """The month of the newest response, which is the one that a check is most likely about."""
    with warehouse.opened(database, read_only=True) as connection:
        newest = warehouse.one(connection, _NEWEST, [today])
    return None if newest is None else Period(newest.year, newest.month)


def _recognised(path: Path, encodings: Sequence[str]) -> tuple[str, int]:
    """The tool and the number of responses, also when no source describes the file."""
    try:
        grid = open_grid(path, encodings)
        dialect, layout = recognise(grid)
        return dialect.tool, sum(1 for _ in grid.rows()) - layout.heading_rows
    except Unreadable:
        return "unknown", 0


def describe(checked: Checked) -> str:
    """The outcome of one check in a few lines."""
    lines = [
        printable(checked.file_name, 200),
        f"  tool       {checked.tool.replace('_', ' ')}, {counted(checked.rows, 'response')}",
    ]
    if checked.unread:
        return "\n".join([*lines, f"  held       {checked.unread.sentence}"])
    quality = checked.quality
    if quality is None:
        return "\n".join(lines)
    lines.append(f"  source     {checked.source}")
    lines.append(f"  {quality.verdict:<10} for {checked.period}: {quality.accepted} would count")
    lines += [f"  {'not':<10} {count} {reason.replace('_', ' ')}" for reason, count in quality.reasons.items()]
    lines += [f"  {check.severity:<10} {check.check} (mended by: {check.mender})" for check in quality.failed_checks]
    for item, texts in (checked.unknown_texts or {}).items():
        lines.append(f"  unknown    {item}: " + ", ".join(f"'{printable(text)}'" for text in texts))
    if checked.unknown_collectives:
        names = ", ".join(f"'{printable(name)}'" for name in checked.unknown_collectives)
        lines.append(f"  not on the register: {names}")
    return "\n".join(lines)
