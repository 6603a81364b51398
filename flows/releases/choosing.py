"""Finds the release that a command is about."""

from flows.foundation.errors import UserError
from flows.programme import manifest
from flows.programme.manifest import Manifest
from flows.programme.period import Period
from flows.programme.settings import Settings


def standing(settings: Settings, period: str | None = None) -> Manifest:
    """The newest release of a period that was not withdrawn; of the newest period that has one by default.

    Raises:
        UserError: there is none, or the period is not written as 2026-10.
    """
    every = manifest.all_newest(settings.folder)
    if period:
        every = [entry for entry in every if entry.period == str(Period.parse(period))]
    if not every:
        of_period = f" of {period}" if period else ""
        raise UserError(f"There is no release{of_period}. Make one with: motiefmix run")
    return every[-1]


def named(settings: Settings, period: str, version: str) -> Manifest:
    """The release of a period with a version such as v2.

    Raises:
        UserError: there is none.
    """
    versions = manifest.versions(settings.folder, period)
    found = next((entry for entry in versions if f"v{entry.version}" == version), None)
    if found is None:
        there = ", ".join(f"v{entry.version}" for entry in versions) or "none"
        raise UserError(f"There is no release {period} {version}. Releases of {period}: {there}.")
    return found


def refuse_other(released: Manifest, version: str | None) -> None:
    """Refuse a release that is not the one that a person has seen; any will do where none is named.

    Raises:
        UserError: the release has another version.
    """
    if version and version != f"v{released.version}":
        raise UserError(
            f"{released.period} {version} is not what would be approved: {released.name} is the newest release of that"
            f" month. Look at it first: motiefmix review {released.period}"
        )
