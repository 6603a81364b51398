"""Reads SPSS files (.sav): a row of variable names, a row of their labels, the cases, and the file's own codebook."""

from collections.abc import Iterator
from copy import copy
from typing import Any

from flows.foundation.workbook_cells import as_text
from flows.steps.ingest.readers.codebook import Codebook
from flows.steps.ingest.readers.file_facts import FileFacts
from flows.steps.ingest.readers.sandbox import Table
from flows.steps.ingest.readers.unreadable import Unreadable

DAMAGED = Unreadable(
    "The SPSS file cannot be read: it is damaged or was cut off, or its text has an encoding that it does not name.",
    "Export it again, as .sav in UTF-8 or as CSV, and drop that.",
)


def read(path: str, encodings: tuple[str, ...], _: FileFacts) -> list[Table]:
    """The cases as codes, including user-missing ones; a system-missing value becomes an empty cell.

    Raises:
        Unreadable: the file is damaged or not an SPSS file.
    """
    import pyreadstat

    for encoding in (None, *encodings):
        try:
            cases, about = pyreadstat.read_sav(
                path, user_missing=True, apply_value_formats=False, output_format="dict", encoding=encoding
            )
        except (pyreadstat.ReadstatError, UnicodeDecodeError, ValueError, OverflowError):
            continue
        return [Table(_rows(cases, about), _codebook(about))]
    raise copy(DAMAGED)


def _rows(cases: dict[str, Any], about: Any) -> Iterator[tuple[int, list[str]]]:
    yield 1, list(about.column_names)
    yield 2, [label or "" for label in about.column_labels]
    for number, case in enumerate(zip(*cases.values(), strict=True), start=3):
        yield number, [as_text(value) for value in case]


def _codebook(about: Any) -> Codebook:
    return Codebook(
        labels={
            name: {as_text(code): label for code, label in labels.items()}
            for name, labels in about.variable_value_labels.items()
        },
        missing={
            name: tuple((entry["lo"], entry["hi"]) for entry in ranges if not isinstance(entry["lo"], str))
            for name, ranges in about.missing_ranges.items()
        },
    )
