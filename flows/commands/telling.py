"""Output of commands: results on stdout, in words or as JSON; other messages on stderr."""

import io
import json
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from textwrap import indent
from typing import Any

from flows.foundation.progress import Progress, ProgressCallback

# Wider than any line, because a table cut or folded to the terminal width cannot be searched or piped.
_WIDTH = 100_000
_INDENT = 2


def say(text: str) -> None:
    """Print a message to stderr."""
    print(text, file=sys.stderr)


def table(
    rows: Iterable[Sequence[object]],
    *,
    headings: Sequence[str] = (),
    numbers: Collection[int] = (),
    first: int = 0,
    is_indented: bool = False,
) -> list[str]:
    """Format rows as lines of plain text with aligned columns; a cell may have several lines.

    `numbers` are the right-aligned columns, `first` is the minimum width of the first column.
    """
    from rich.console import Console
    from rich.table import Table

    cells = [[str(cell) for cell in row] for row in rows]
    if not cells:
        return []
    made = Table(box=None, pad_edge=False, header_style="", show_header=bool(headings))
    for column in range(max(map(len, [*cells, headings]))):
        heading = headings[column] if headings else ""
        made.add_column(
            heading,
            justify="right" if column in numbers else "left",
            overflow="fold",
            min_width=None if column else first,
        )
    for row in cells:
        made.add_row(*row)
    text = io.StringIO()
    Console(file=text, width=_WIDTH, color_system=None, markup=False, emoji=False, highlight=False).print(made)
    lines = [line.rstrip() for line in text.getvalue().splitlines()]
    return [indent(line, " " * _INDENT) for line in lines] if is_indented else lines


@contextmanager
def progress_line() -> Iterator[Callable[[str, Progress], None]]:
    """Show the progress of a stage in one transient line; nothing when stderr is not a terminal."""
    from rich.console import Console

    console = Console(file=sys.stderr)
    if not console.is_terminal:
        yield lambda stage, at: None
        return
    from rich import progress

    columns = (
        progress.SpinnerColumn(),
        progress.TextColumn("{task.description:<9}", markup=False),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TextColumn("{task.fields[at]}", markup=False),
    )
    with progress.Progress(*columns, console=console, transient=True) as bar:
        line = bar.add_task("starting", total=None, at="")
        yield lambda stage, at: bar.update(line, description=stage, completed=at.done, total=at.total, at=at.name)


@contextmanager
def shown_progress(stage: str) -> Iterator[ProgressCallback]:
    """A callback that shows the progress of one stage."""
    with progress_line() as show:
        yield lambda at: show(stage, at)


def print_json(document: Any) -> None:
    """Print a result as JSON for other programs."""
    print(json.dumps(document, ensure_ascii=False, indent=2, default=str))


def tell(found: Any, describe: Callable[[Any], str], as_json: bool) -> None:
    """Print the result of a command (one or several dataclasses) as JSON or in words."""
    if not as_json:
        print(describe(found))
    elif isinstance(found, tuple | list):
        print_json([asdict(entry) for entry in found])
    else:
        print_json(asdict(found))
