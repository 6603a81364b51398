"""Computes the values of each style once for all documents.

WeasyPrint 70 computes a value of a style when it is first asked for, for every style of every document. The templates
give the reports of all organisations the same styles, so here a new style begins with the values of the last one that
had the same number. `line_layout` and `text_drawing` know styles by the same number.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, ClassVar

from weasyprint import css

from flows.steps.render.fast_weasyprint.replacing import replaced
from flows.steps.render.fast_weasyprint.style_numbers import ID, NumberedAnonymousStyle, NumberedStyle

REPLACED = ((css, "ComputedStyle"), (css, "AnonymousStyle"))

# Several times what the templates have; the values of a style take some kilobytes.
_STYLES = 2000


@lru_cache(maxsize=_STYLES)
def _values(style_number: int) -> dict[str, Any]:
    """The values that were computed for styles of this number; each of them adds what it computes."""
    return {}


@lru_cache(maxsize=_STYLES)
def _specified(style_number: int) -> dict[str, Any]:
    """What styles of this number specify where they compute something else: `display`, `float`, `position`."""
    return {}


class _SharedValues(dict[str, Any]):
    """A style that begins with what other styles of its number computed."""

    _not_shared: ClassVar[frozenset[str]]
    number: int

    def _share(self) -> None:
        self._computed = _values(self.number)
        self.update(self._computed)

    def copy(self) -> Any:
        """The same style for WeasyPrint to change, so nothing that it computes is for others."""
        copied = super().copy()
        copied._computed = {}  # type: ignore[attr-defined]
        return copied

    def __missing__(self, key: str) -> Any:
        value = super().__missing__(key)  # type: ignore[misc]
        if key not in self._not_shared:
            self._computed[key] = value
        return value


class SharedStyle(_SharedValues, NumberedStyle):
    """The style of an element."""

    _not_shared = frozenset({ID})

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._share()
        self.specified = _specified(self.number)


class SharedAnonymousStyle(_SharedValues, NumberedAnonymousStyle):
    """The style of a text or a line."""

    # WeasyPrint changes `position` of some of them later, and computes the others from it.
    _not_shared = frozenset({"position", "float", "display"})

    def __init__(self, parent_style: Any) -> None:
        super().__init__(parent_style)
        self._share()


@contextmanager
def applied() -> Iterator[None]:
    """Share values with the styles of documents that were drawn before."""
    with replaced(css, "ComputedStyle", SharedStyle), replaced(css, "AnonymousStyle", SharedAnonymousStyle):
        yield
