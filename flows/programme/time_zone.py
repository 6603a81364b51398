"""Validates time zones in the programme's files: names in the IANA database."""

from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator


def _known(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"unknown time zone '{name}'; write it as Europe/Amsterdam") from None
    return name


TimeZone = Annotated[str, AfterValidator(_known)]
