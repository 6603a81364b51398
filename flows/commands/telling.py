"""How commands tell what they found: results on stdout, in words or as JSON; talk on stderr."""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import Any


def say(text: str) -> None:
    """Talk that is no result."""
    print(text, file=sys.stderr)


def print_json(document: Any) -> None:
    """A result for other programs."""
    print(json.dumps(document, ensure_ascii=False, indent=2, default=str))


def tell(found: Any, describe: Callable[[Any], str], as_json: bool) -> None:
    """The result of a command, a dataclass or several of them: as JSON, or in words."""
    if not as_json:
        print(describe(found))
    elif isinstance(found, tuple | list):
        print_json([asdict(entry) for entry in found])
    else:
        print_json(asdict(found))
