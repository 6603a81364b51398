"""A `prefect.yaml` that deploys the schedule to a process work pool, for machines that have Prefect workers."""

import shlex
from pathlib import Path
from typing import Any

import yaml

from flows.deployments import DESCRIPTION, ENTRYPOINT, deployments
from flows.programme.environment import PROGRAMME_VARIABLE
from flows.programme.settings import Settings

FILE_NAME = "prefect.yaml"
POOL = "motiefmix"
_HEADING = """\
# The schedule of this programme for Prefect workers, written by: motiefmix serve --write-deployment
# `motiefmix serve` needs no such file. Write it again when the [schedule] of motiefmix.toml or the folder changes.
"""


def write(settings: Settings, folder: Path, port: int) -> tuple[list[Path], str]:
    """Write the file, and say what to do with it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE_NAME
    text = yaml.safe_dump(document(settings), sort_keys=False, allow_unicode=True)
    path.write_text(_HEADING + text, encoding="utf-8")
    return [path], (
        "With PREFECT_API_URL set, and in the environment in which Motiefmix is installed:\n"
        f"  prefect work-pool create {POOL} --type process\n"
        f"  cd {shlex.quote(str(folder.resolve()))} && prefect --no-prompt deploy --all\n"
        f"  prefect worker start --pool {POOL}"
    )


def document(settings: Settings) -> dict[str, Any]:
    """What Prefect deploys: the flow by its module, bound to the programme by the environment of its process."""
    return {
        "name": POOL,
        "pull": None,
        "deployments": [
            {
                "name": entry.name,
                "description": DESCRIPTION,
                "entrypoint": ENTRYPOINT,
                "tags": list(entry.tags),
                "concurrency_limit": 1,
                "schedules": [{"cron": entry.cron, "timezone": entry.timezone, "slug": "monthly", "active": True}],
                "work_pool": {
                    "name": POOL,
                    "job_variables": {
                        "working_dir": str(settings.root),
                        "env": {PROGRAMME_VARIABLE: str(settings.root), "PREFECT_LOGGING_LEVEL": "CRITICAL"},
                    },
                },
            }
            for entry in deployments(settings)
        ],
    }
