"""The result of checking an export."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flows.foundation.contracts import FileQuality, Unread


@dataclass(frozen=True)
class Reason:
    """Why a file is not read and what the steward can do, as complete sentences."""

    reason: str
    advice: str

    @classmethod
    def of(cls, unread: Unread) -> "Reason":
        """Fill the values from the file into both sentences."""
        return cls(unread.reason % unread.values, unread.advice % unread.values)


@dataclass(frozen=True)
class Draft:
    """The draft source that `map` made for a file: what is still to be decided, and the next step."""

    file_name: str
    to_decide: tuple[str, ...]
    then: str


@dataclass(frozen=True)
class Checked:
    """What an export contains and how a run would treat it. Includes unknown texts: only the steward sees them.

    `readings` has one line of the file decoded with several encodings; `former_texts` has, for each item with unknown
    answers, the texts of the previous export. `skipped` says why a run ignores the file, `mistake` why it could not be
    checked, and `exit_code` is the exit code of that mistake.
    """

    file_name: str
    tool: str = "-"
    rows: int = 0
    source: str | None = None
    source_version: str | None = None
    skipped: str = ""
    mistake: str = ""
    exit_code: int = 0
    unread: Reason | None = None
    draft: Draft | None = None
    readings: Mapping[str, str] = field(default_factory=dict)
    quality: FileQuality | None = None
    period: str = ""
    unknown_texts: Mapping[str, list[str]] = field(default_factory=dict)
    former_texts: Mapping[str, list[str]] = field(default_factory=dict)
    unknown_collectives: tuple[str, ...] = ()
    other_sheets: tuple[str, ...] = ()
    undrawn_names: tuple[str, ...] = ()

    @property
    def held(self) -> bool:
        """Whether none of its responses would count."""
        return self.unread is not None or (self.quality is not None and self.quality.verdict == "held")
