"""The outcome of ingest."""

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Unread:
    """A file that was not read: what is wrong with it and what the steward can do; `is_kept` when an earlier run
    landed it and it is no longer in the inbox.
    """

    file_name: str
    reason: str
    advice: str
    values: dict[str, object] = field(default_factory=dict)
    is_kept: bool = False

    @property
    def sentence(self) -> str:
        """Reason and advice in English, for the command line."""
        return f"{self.reason % self.values} {self.advice % self.values}"


@dataclass(frozen=True, kw_only=True)
class Export:
    """An export with rows in `raw`: its landed file and its number of responses."""

    sha256: str
    file_name: str
    source: str
    rows: int
    is_new: bool
    other_sheets: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Ingested:
    """The outcome of ingest; `skipped` names files in the inbox that are markers or incomplete."""

    exports: tuple[Export, ...] = ()
    unread: tuple[Unread, ...] = ()
    skipped: tuple[str, ...] = ()
