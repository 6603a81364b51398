"""Sentences for problems in the settings file."""

import re
from typing import Any

from pydantic import BaseModel

from flows.foundation.strict_yaml import describe_problem


def explained(problem: Any, text: str, name: str, model: type[BaseModel]) -> str:
    """A problem that pydantic found in a TOML file, as a sentence with file, line and field."""
    place = [str(part) for part in problem["loc"]]
    line = _line_of(place, text)
    where = f"{name}, line {line}" if line else name
    return f"{where}, field {'.'.join(place)}: {describe_problem(dict(problem), model)}"


def _line_of(place: list[str], text: str) -> int | None:
    section = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if heading := re.match(r"\s*\[([^\]]+)\]", line):
            section = heading[1].strip()
        key = re.match(r"\s*([A-Za-z0-9_-]+)\s*=", line)
        if key and [*filter(None, section.split(".")), key[1]] == place:
            return number
    return None
