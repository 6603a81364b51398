"""The code of each collective in a form: assigned once to the collective's id, and never reused.

Stored in `register/codes.csv`, so that neither reordering the register nor regenerating a source assigns the answers of
one collective to another.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from flows.foundation.atomic_files import replaced
from flows.foundation.errors import UserError
from flows.programme.source_model import Source

FILE_NAME = "codes.csv"
_HEADINGS = ["form", "collective_id", "code"]
_WRITTEN = re.compile(r"C?(\d{1,4})")


def of_form(register: Path, form: str, source: Source | None, collectives: Iterable[str]) -> dict[str, int]:
    """The code of each collective of a form, including former ones; adds codes for new collectives to the file.

    Codes in a source that predates the file count as assigned.

    Raises:
        UserError: the file was edited and is no longer valid.
    """
    path = register / FILE_NAME
    kept = _read(path)
    codes = {**_in_source(source), **kept.get(form, {})}
    for collective in collectives:
        codes.setdefault(collective, max(codes.values(), default=0) + 1)
    if codes != kept.get(form):
        _write(path, {**kept, form: codes})
    return codes


def _in_source(source: Source | None) -> dict[str, int]:
    texts = source.collective.values.items() if source else ()
    return {collective: int(match[1]) for text, collective in texts if (match := _WRITTEN.fullmatch(text))}


def _read(path: Path) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    try:
        rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
        for row in rows:
            codes = found.setdefault(row["form"], {})
            if row["collective_id"] in codes or int(row["code"]) in codes.values():
                raise ValueError(row["code"])
            codes[row["collective_id"]] = int(row["code"])
    except FileNotFoundError:
        return {}
    except (OSError, KeyError, TypeError, ValueError, csv.Error):
        raise UserError(
            f"register/{path.name} is no longer a list of codes, each used once; restore an earlier copy."
        ) from None
    return found


def _write(path: Path, codes: Mapping[str, Mapping[str, int]]) -> None:
    with replaced(path, mode=None, newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_HEADINGS)
        writer.writerows((form, *pair) for form, of in codes.items() for pair in of.items())
