"""The frame of every command that changes something about a release."""

from collections.abc import Iterator
from contextlib import contextmanager

from flows.commands.telling import shown_progress
from flows.foundation.disk_space import told_when_full
from flows.foundation.progress import ProgressCallback
from flows.programme.settings import Settings


@contextmanager
def release_change(chosen: Settings, stage: str) -> Iterator[ProgressCallback]:
    """Hold the programme's lock, show the progress of a stage, and bring the steward's page up to date at the end.

    Raises:
        UserError: a run, or another command that changes something, is in progress, or somebody changed a file in
            `public/`, which would be replaced.
    """
    from flows.privacy.rotation import changing
    from flows.programme.catching_up import due_period
    from flows.programme.public_folder import refuse_obstacles
    from flows.releases.steward_site import write_site

    full = told_when_full(chosen.folder.root, f"so {stage} stopped. Make room, and give the same command again.")
    with full, changing(chosen.folder), shown_progress(stage) as progress:
        refuse_obstacles(chosen.folder, due_period(chosen, chosen.now()))
        yield progress
        write_site(chosen)
