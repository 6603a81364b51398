"""Switches Python's search for unreachable objects off while a page is drawn.

The boxes of a document refer to each other, so none of them can be freed before the document is finished.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# Nothing in WeasyPrint is replaced, only a setting of Python.
REPLACED = ()


@contextmanager
def applied() -> Iterator[None]:
    """Search for no unreachable objects meanwhile."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
