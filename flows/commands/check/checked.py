"""What was found out about an export by a check."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flows.foundation.contracts import FileQuality, Unread


@dataclass(frozen=True)
class Reason:
    """Why a file is not read and what the steward can do, in finished sentences."""

    reason: str
    advice: str

    @classmethod
    def of(cls, unread: Unread) -> "Reason":
        """With what the file says filled in."""
        return cls(unread.reason % unread.values, unread.advice % unread.values)


@dataclass(frozen=True)
class Draft:
    """The draft of a source that `map` made for a file: what is left to decide in it, and what to do then."""

    file_name: str
    to_decide: tuple[str, ...]
    then: str


@dataclass(frozen=True)
class Checked:
    """What an export is and what would become of it. Unknown texts are shown: only the steward sees them.

    `readings` are a line of the file as several encodings would read it; `former_texts` are, by item with unknown
    answers, those of the export before that this one no longer has. `skipped` says why a run does not look at the file,
    `mistake` why it could not be checked, with the exit code that belongs to it.
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
