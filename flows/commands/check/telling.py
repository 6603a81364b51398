"""What a check found, in words."""

import io
from collections.abc import Iterator, Sequence

from flows.commands.check.checked import Checked
from flows.foundation.contracts import FileQuality
from flows.foundation.messages import pluralise, printable
from flows.foundation.text_comparison import same_text


def describe(checked: Sequence[Checked]) -> str:
    """A table with a line per file, and below it what is to be known of each."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="")
    for heading in ("file", "tool", "source"):
        table.add_column(heading, overflow="fold")
    for heading in ("responses", "count", "held", "refused"):
        table.add_column(heading, justify="right")
    for entry in checked:
        counts = _counts(entry)
        table.add_row(printable(entry.file_name, 60), entry.tool.replace("_", " "), entry.source or "-", *counts)
    text = io.StringIO()
    Console(file=text, width=120, color_system=None, markup=False, highlight=False).print(table)
    lines = [line.rstrip() for line in text.getvalue().splitlines()]
    for entry in checked:
        if details := list(_details(entry)):
            lines += ["", printable(entry.file_name, 200), *details]
    names = dict.fromkeys(name for entry in checked for name in entry.undrawn_names)
    return "\n".join([*lines, *([""] if names else []), *names])


def _counts(checked: Checked) -> tuple[str, ...]:
    quality = checked.quality
    if checked.skipped or checked.mistake:
        return ("-",) * 4
    if quality is None:
        return str(checked.rows), "0", str(checked.rows), "0"
    return tuple(map(str, (checked.rows, quality.accepted, quality.held, quality.refused)))


def _details(checked: Checked) -> Iterator[str]:
    if checked.skipped:
        yield f"  skipped    {checked.skipped}"
    if checked.unread:
        yield f"  held       {checked.unread.reason} {checked.unread.advice}"
        yield from (f"  {encoding:<10} {reading}" for encoding, reading in checked.readings.items())
    if checked.draft:
        yield f"  draft      sources/{checked.draft.file_name}. {checked.draft.then}"
        yield from (
            f"  to decide  {words if words.endswith('?') else words + '.'}" for words in checked.draft.to_decide
        )
    if checked.quality is not None:
        yield from _outcome(checked, checked.quality)
        yield from _doubts(checked, checked.quality)


def _outcome(checked: Checked, quality: FileQuality) -> Iterator[str]:
    """What would become of the responses, and why."""
    yield f"  source     {checked.source}, version {checked.source_version}"
    if checked.other_sheets:
        yield f"  not read   the other sheets of this workbook: {_quoted(checked.other_sheets)}"
    yield f"  {quality.verdict:<10} for {checked.period}: {quality.accepted} would count"
    yield from (f"  {'not':<10} {count} {reason.replace('_', ' ')}" for reason, count in quality.reasons.items())
    yield from (f"  {check.severity:<10} {check.check} (mended by: {check.owner})" for check in quality.failed_checks)


def _doubts(checked: Checked, quality: FileQuality) -> Iterator[str]:
    """What the source may lack, text by text."""
    for twin in quality.twin_columns:
        yield f"  perhaps    {twin.line}   ({pluralise(twin.answers, 'answer')} in '{printable(twin.twin)}')"
    for fading in quality.fading_items:
        side = "after" if fading.is_empty_after else "before"
        yield f"  empty      {fading.item}: no answers {side} {fading.turned_on}"
    for item, texts in checked.unknown_texts.items():
        yield f"  unknown    {item}: {_quoted(texts)}{_in_place_of(checked, item)}"
    if checked.unknown_collectives:
        yield f"  not on the register: {_quoted(checked.unknown_collectives)}"


def _in_place_of(checked: Checked, item: str) -> str:
    now = set(map(same_text, checked.unknown_texts[item]))
    gone = [text for text in checked.former_texts.get(item, []) if same_text(text) not in now]
    return f"; the export before had: {_quoted(gone)}" if gone else ""


def _quoted(texts: Sequence[str]) -> str:
    return ", ".join(f"'{printable(text)}'" for text in texts)
