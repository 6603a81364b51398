"""The stages of a run one after the other, as the flow calls them, without Prefect and with small reports."""

import sys
from pathlib import Path

from flows.privacy.rotation import changing
from flows.programme import manifest
from flows.steps import publish
from tests import programmes
from tests.releases.made import PERIOD, staged_reports


def run(root: Path) -> None:
    """Make the release of October; does nothing when it follows from the same exports."""
    programme = programmes.TestProgramme(root)
    folder = programme.settings.folder
    with changing(folder):
        publish.refresh_public(folder)
        programme.compute(PERIOD)
        newest = manifest.newest(folder, PERIOD)
        if newest and newest.inputs == programme.inputs():
            return
        staged = publish.staging(folder, PERIOD, "run")
        reports = staged_reports(staged, manifest.next_version(folder, PERIOD))
        programmes.publish_staged(programme, PERIOD, staged, reports, "h")


if __name__ == "__main__":
    run(Path(sys.argv[1]))
