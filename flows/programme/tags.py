"""Tags that identify a programme's runs on a Prefect server that several programmes share."""

import hashlib
import os

from flows.programme.settings import Settings


def tags_of(settings: Settings) -> tuple[str, str, str]:
    """The software, the programme's name, and its folder, since two programmes can have one name."""
    return "motiefmix", settings.root.name, f"folder-{hashlib.sha256(os.fsencode(settings.root)).hexdigest()[:8]}"
