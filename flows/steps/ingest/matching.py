"""Finds the one source that describes a file, and the position of each of its columns."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath

from flows.foundation.messages import did_you_mean, printable
from flows.programme.source import LoadedSource
from flows.programme.source_model import Headings
from flows.steps.ingest.dialects import Dialect, Layout
from flows.steps.ingest.dialects.dialect import Mark
from flows.steps.ingest.readers.unreadable import Unreadable


@dataclass(frozen=True)
class Columns:
    """Column positions: items and marks by name, and the other columns that the source names.

    An item can have several columns; the first one with an answer counts.
    """

    items: dict[str, tuple[int, ...]]
    marks: dict[str, int]
    response_id: tuple[int, ...]
    respondent: int | None
    submitted: int | None
    collective: int | None
    consent: int | None

    @cached_property
    def first_places(self) -> dict[str, int]:
        """The first position of every item."""
        return {item: positions[0] for item, positions in self.items.items()}

    @cached_property
    def items_in_several(self) -> tuple[str, ...]:
        """The items that have more than one position."""
        return tuple(item for item, positions in self.items.items() if len(positions) > 1)

    @property
    def of_items(self) -> list[tuple[str, int]]:
        """Every item with each of its positions."""
        return [(item, position) for item, positions in self.items.items() for position in positions]

    @property
    def taken(self) -> set[int]:
        """Every position that is mapped."""
        items = {position for _, position in self.of_items}
        single = (self.respondent, self.submitted, self.collective, self.consent)
        return {
            *items,
            *self.marks.values(),
            *self.response_id,
            *(position for position in single if position is not None),
        }


def find_source(
    sources: Sequence[LoadedSource], dialect: Dialect, layout: Layout, file_name: str
) -> tuple[LoadedSource, Columns]:
    """The source whose tool, file name and columns fit, with the positions of its columns.

    A source for the file's own tool takes precedence over one for another kind (plain).

    Raises:
        Unreadable: no source fits, more than one does, or a column of the nearest one is missing.
    """
    candidates = [source for source in sources if _may_describe(source, dialect, file_name)]
    fitting = [source for source in candidates if not source.model.draft and not _missing(source, layout)]
    own = [source for source in fitting if source.model.tool == dialect.tool] or fitting
    if len(own) == 1:
        return own[0], locate(own[0], layout)
    if own:
        names = ", ".join(source.model.source for source in own)
        raise Unreadable(
            "More than one source fits this file: %(names)s.",
            "Give each of them its own pattern 'file_name'.",
            names=names,
        )
    drafts = [source for source in sources if is_draft_for(source, file_name)]
    raise _nothing_fits(drafts, candidates, dialect, layout)


def describes(source: LoadedSource, dialect: Dialect, layout: Layout, file_name: str) -> bool:
    """Whether a source, possibly a draft, names columns and the file has all of them."""
    return _may_describe(source, dialect, file_name) and _has_all_columns(source, layout)


def name_for(file_name: str) -> str:
    """A source name derived from a file name, without dates and counters."""
    words = re.sub(r"[^a-z0-9]+", "-", PurePath(file_name).stem.casefold())
    kept = [word for word in words.split("-") if word and not word.isdigit()]
    return "-".join(kept)[:60].strip("-") or "form"


def is_draft_for(source: LoadedSource, file_name: str) -> bool:
    """Whether a source is the draft for files of that name; it may name no columns yet."""
    return source.model.draft and source.path.stem == name_for(file_name)


def _has_all_columns(source: LoadedSource, layout: Layout) -> bool:
    """Whether the file has all columns of the source; False for a draft that names none yet."""
    return bool(source.model.columns) and not _missing(source, layout)


def _may_describe(source: LoadedSource, dialect: Dialect, file_name: str) -> bool:
    """Whether tool and file name fit: a plain source may describe any tool's file, a plain file may be of any tool."""
    is_of_tool = source.model.tool == dialect.tool or "plain" in (source.model.tool, dialect.tool)
    return is_of_tool and source.takes_file(file_name)


def _nothing_fits(
    named_drafts: Sequence[LoadedSource], candidates: Sequence[LoadedSource], dialect: Dialect, layout: Layout
) -> Unreadable:
    kind = dialect.tool.replace("_", " ")
    drafts = [source for source in candidates if source.model.draft and _has_all_columns(source, layout)]
    if drafts := [*drafts, *named_drafts]:
        return Unreadable(
            "Only a draft describes this file: source '%(source)s'.",
            "Complete sources/%(file)s, remove the line 'draft: yes', and run again.",
            source=drafts[0].model.source,
            file=drafts[0].path.name,
        )
    mapped = [source for source in candidates if source.model.columns]
    nearest = min(mapped, key=lambda source: len(_missing(source, layout)), default=None)
    if nearest is None or 2 * len(_missing(nearest, layout)) > len(list(_named(nearest))):
        headings = ", ".join(f"'{printable(name)}'" for name in layout.headings[:6])
        return Unreadable(
            "No source describes this file. It looks like an export of: %(kind)s, with headings such as %(headings)s.",
            "Draft a source file for this form with 'motiefmix map', and run again.",
            kind=kind,
            headings=headings,
        )
    missing = "; ".join(
        f"'{printable(name)}'{did_you_mean(name, layout.headings)}" for name in _missing(nearest, layout)[:5]
    )
    return Unreadable(
        "The file looks like source '%(source)s' (version %(version)s), but these headings are not in it: %(missing)s.",
        "If the form was changed, change the columns and the version in sources/%(file)s; otherwise export it again.",
        source=nearest.model.source,
        version=nearest.model.version,
        missing=missing,
        file=nearest.path.name,
    )


def _named(source: LoadedSource) -> Iterable[Headings]:
    """Every column that a source requires, each with its alternative names."""
    model = source.model
    yield from model.columns.values()
    others = (model.response_id, model.respondent, model.date.column, model.collective.column)
    yield from (names for names in others if names)
    if model.consent:
        yield model.consent.column
    yield from ((rule.column,) for rule in model.states or ())


def _missing(source: LoadedSource, layout: Layout) -> list[str]:
    return [names[0] for names in _named(source) if _position(layout, names) is None]


def _position(layout: Layout, names: Iterable[str]) -> int | None:
    """The position of the first of the names that the file has; None when it has none."""
    return next((found for name in names if (found := layout.find(name)) is not None), None)


def _positions(layout: Layout, names: Iterable[str]) -> tuple[int, ...]:
    """The positions of all the names that the file has, in order; an ambiguous name is skipped after a found one."""
    positions: dict[int, None] = {}
    for name in names:
        try:
            if (found := layout.find(name)) is not None:
                positions[found] = None
        except Unreadable:
            if not positions:
                raise
    return tuple(positions)


def marks_of(source: LoadedSource, layout: Layout) -> tuple[Mark, ...]:
    """The columns that give the state of a response: the source's rules, or else those of the tool."""
    if source.model.states is None:
        return layout.marks
    return tuple(Mark(rule.column, tuple(rule.is_), rule.state) for rule in source.model.states)


def locate(source: LoadedSource, layout: Layout) -> Columns:
    """The positions of a source's columns in a file that has all of them."""
    model = source.model

    own_id = tuple(found for name in layout.response_id if (found := layout.find(name)) is not None)
    named_id = _position(layout, model.response_id or ())
    submitted = model.date.column or ((layout.submitted,) if layout.submitted else ())
    return Columns(
        items={item: places for item, names in model.columns.items() if (places := _positions(layout, names))},
        marks={
            mark.column: found for mark in marks_of(source, layout) if (found := layout.find(mark.column)) is not None
        },
        response_id=own_id if model.response_id is None else () if named_id is None else (named_id,),
        respondent=_position(layout, model.respondent),
        submitted=None if model.date.constant else _position(layout, submitted),
        collective=_position(layout, model.collective.column),
        consent=_position(layout, model.consent.column if model.consent else ()),
    )
