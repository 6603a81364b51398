"""The owner's decisions on waiting answers, in `private/decisions.csv`: one row per answer, never deleted."""

import csv
import hashlib
import io
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any, Literal, get_args

from flows.foundation.atomic_files import replaced
from flows.foundation.errors import UserError

Kind = Literal["late", "spam", "vanished", "unknown"]
Verdict = Literal["accept", "refuse"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class Decision:
    """The decision to accept or refuse one answer, identified by its export series and key.

    Accepted late and spam answers count; an accepted vanished answer is withdrawn; an accepted unknown answer does not
    count and no longer holds its file.
    """

    kind: Kind
    series: str
    answer_key: str
    verdict: Verdict
    decided_on: str


@dataclass(frozen=True)
class Decisions:
    """All decisions, the newest on an answer last, with the fingerprint of their file."""

    made: tuple[Decision, ...] = ()
    sha256: str = ""


def load(path: Path) -> Decisions:
    """Read the decisions of a programme; none when there is no file yet.

    Raises:
        UserError: the file was edited and is no longer valid.
    """
    try:
        content = path.read_bytes()
        heading, *rows = csv.reader(io.StringIO(content.decode("utf-8"), newline=""))
        made = tuple(_decision(dict(zip(heading, row, strict=True))) for row in rows)
    except FileNotFoundError:
        return Decisions()
    except (OSError, ValueError, TypeError, csv.Error):
        raise UserError(f"{path} is no longer a list of decisions; restore an earlier copy.") from None
    return Decisions(made, hashlib.sha256(content).hexdigest())


def _decision(row: dict[str, Any]) -> Decision:
    decision = Decision(**row)
    if decision.kind not in KINDS or decision.verdict not in get_args(Verdict):
        raise ValueError(decision.kind)
    return decision


def add(path: Path, decisions: Iterable[Decision]) -> None:
    """Append decisions; the whole file is replaced atomically and readable by its owner only."""
    earlier = load(path).made
    with replaced(path, newline="") as file:
        writer = csv.writer(file)
        writer.writerow([field.name for field in fields(Decision)])
        writer.writerows(astuple(decision) for decision in (*earlier, *decisions))
