"""The folders of one programme, and who may see them."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from flows.foundation import lock
from flows.foundation.errors import UserError


@dataclass(frozen=True)
class ProgrammeFolder:
    """The folders of one programme."""

    root: Path
    private_folder: Path | None = None

    @property
    def register(self) -> Path:
        return self.root / "register"

    @property
    def sources(self) -> Path:
        return self.root / "sources"

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    @property
    def private(self) -> Path:
        return self.private_folder or self.root / "private"

    @property
    def landed(self) -> Path:
        return self.private / "landed"

    @property
    def warehouse(self) -> Path:
        return self.private / "warehouse.duckdb"

    @property
    def decisions(self) -> Path:
        return self.private / "decisions.csv"

    @property
    def profiles(self) -> Path:
        return self.private / "profiles"

    @property
    def tombstones(self) -> Path:
        return self.private / "tombstones.csv"

    @property
    def disclosure_record(self) -> Path:
        return self.private / "disclosure-record"

    @property
    def rotation(self) -> Path:
        return self.private / "rotation"

    @property
    def microdata(self) -> Path:
        return self.private / "microdata"

    @property
    def erasures(self) -> Path:
        return self.private / "erasures"

    @property
    def backups(self) -> Path:
        return self.private / "backups"

    @property
    def approvals(self) -> Path:
        return self.private / "approvals.csv"

    @property
    def deliveries(self) -> Path:
        return self.private / "deliveries.duckdb"

    @property
    def preflight(self) -> Path:
        return self.private / "preflight"

    @property
    def runs(self) -> Path:
        return self.private / "runs"

    @property
    def prefect(self) -> Path:
        """Prefect's home: its database, and what our local servers write down."""
        return self.private / "prefect"

    @property
    def releases(self) -> Path:
        return self.root / "releases"

    @property
    def site(self) -> Path:
        return self.root / "site"

    @property
    def public(self) -> Path:
        return self.root / "public"

    @property
    def lock(self) -> Path:
        return self.private / "run.lock"

    @property
    def database(self) -> Path:
        return self.public / "motiefmix.duckdb"

    @property
    def public_record(self) -> Path:
        return self.private / "public.json"

    def locked(self, patience: float = 0) -> AbstractContextManager[None]:
        """Hold the programme's lock.

        Raises:
            Locked: a run, or another command that changes something, is in progress, also after some seconds.
        """
        return lock.held(self.lock, self.root, patience)

    @property
    def has_unfinished_rotation(self) -> bool:
        """Whether a change of the pseudonym key was interrupted."""
        return (self.rotation / "ready").exists()

    def let_analysts_through(self) -> None:
        """Make the folder traversable but not listable (chmod o+x), so that analysts reach `public/`."""
        self.root.chmod(self.root.stat().st_mode & 0o700 | 0o011)

    def make_private(self) -> None:
        """Create `private/` and its subfolders, accessible to the owner only, whatever the umask.

        Raises:
            UserError: something is in the way.
        """
        for folder in (self.private, self.landed, self.runs, self.prefect):
            try:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                folder.chmod(0o700)
            except OSError:
                raise UserError(
                    f"{folder} cannot be created or used as a folder; check its owner and what is there."
                ) from None
