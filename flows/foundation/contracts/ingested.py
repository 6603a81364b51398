"""The outcome of ingest."""

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Unread:
    """A file that was not read: what is wrong with it and what the steward can do; `is_kept` when an earlier run
    landed it and the inbox holds it no more.
    """

    file_name: str
    reason: str
    advice: str
    values: dict[str, object] = field(default_factory=dict)
    is_kept: bool = False

    @property
    def sentence(self) -> str:
        """Both in English, for the command line."""
        return f"{self.reason % self.values} {self.advice % self.values}"


@dataclass(frozen=True, kw_only=True)
class Export:
    """An export whose rows lie in `raw`: its landed file and how many responses it holds."""

    sha256: str
    file_name: str
    source: str
    rows: int
    is_new: bool
    other_sheets: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Ingested:
    """The outcome of ingest; `skipped` names what lies in the inbox and is no export, or not finished."""

    exports: tuple[Export, ...] = ()
    unread: tuple[Unread, ...] = ()
    skipped: tuple[str, ...] = ()
