"""Which cases `make test` tries: those that hold the promise; `make test-slow` tries the others as well."""

from collections.abc import Iterable
from typing import Any

import pytest


def ordinarily(cases: Iterable[Any], *, only: Iterable[Any] | None = None) -> list[Any]:
    """The cases of a parametrised test, of which all but the first, or all but those named, are slow."""
    listed = list(cases)
    kept = listed[:1] if only is None else list(only)
    assert all(case in listed for case in kept), "what is kept is a case"
    return [case if case in kept else _slow(case) for case in listed]


def _slow(case: Any) -> Any:
    values = case if isinstance(case, tuple) else (case,)
    return pytest.param(*values, marks=pytest.mark.slow)
