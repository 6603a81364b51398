"""Describes the results of a check in words."""

from collections.abc import Iterator, Sequence

from flows.commands.check.checked import Checked
from flows.commands.telling import table
from flows.foundation.contracts import FileQuality
from flows.foundation.messages import pluralise, printable
from flows.foundation.text_comparison import same_text


def describe(checked: Sequence[Checked]) -> str:
    """A table with a line per file, followed by the details of each file."""
    rows = [
        (printable(entry.file_name), entry.tool.replace("_", " "), entry.source or "-", *_counts(entry))
        for entry in checked
    ]
    headings = ("file", "tool", "source", "responses", "count", "held", "refused")
    lines = table(rows, headings=headings, numbers=range(3, 7))
    for entry in checked:
        if details := table(_details(entry), first=len("to decide"), is_indented=True):
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


def _details(checked: Checked) -> Iterator[tuple[str, str]]:
    if checked.skipped:
        yield "skipped", checked.skipped
    if checked.unread:
        yield "held", f"{checked.unread.reason} {checked.unread.advice}"
        yield from checked.readings.items()
    if checked.draft:
        yield "draft", f"sources/{checked.draft.file_name}. {checked.draft.then}"
        yield from (("to decide", words if words.endswith("?") else f"{words}.") for words in checked.draft.to_decide)
    if checked.quality is not None:
        yield from _outcome(checked, checked.quality)
        yield from _doubts(checked, checked.quality)


def _outcome(checked: Checked, quality: FileQuality) -> Iterator[tuple[str, str]]:
    """How a run would treat the responses, and why."""
    yield "source", f"{checked.source}, version {checked.source_version}"
    if checked.other_sheets:
        yield "not read", f"the other sheets of this workbook: {_quoted(checked.other_sheets)}"
    yield quality.verdict, f"for {checked.period}: {quality.accepted} would count"
    yield from (("not", f"{count} {reason.replace('_', ' ')}") for reason, count in quality.reasons.items())
    yield from ((check.severity, f"{check.check} (fixed by: {check.owner})") for check in quality.failed_checks)


def _doubts(checked: Checked, quality: FileQuality) -> Iterator[tuple[str, str]]:
    """What the source may lack: possible second columns, fading items, and unknown texts."""
    for twin in quality.twin_columns:
        yield "perhaps", f"{twin.line}   ({pluralise(twin.answers, 'answer')} in '{printable(twin.twin)}')"
    for fading in quality.fading_items:
        side = "after" if fading.is_empty_after else "before"
        yield "empty", f"{fading.item}: no answers {side} {fading.turned_on}"
    for item, texts in checked.unknown_texts.items():
        yield "unknown", f"{item}: {_quoted(texts)}{_in_place_of(checked, item)}"
    if checked.unknown_collectives:
        yield "unknown", f"not on the register: {_quoted(checked.unknown_collectives)}"


def _in_place_of(checked: Checked, item: str) -> str:
    now = set(map(same_text, checked.unknown_texts[item]))
    gone = [text for text in checked.former_texts.get(item, []) if same_text(text) not in now]
    return f"; the previous export had: {_quoted(gone)}" if gone else ""


def _quoted(texts: Sequence[str]) -> str:
    return ", ".join(f"'{printable(text)}'" for text in texts)
