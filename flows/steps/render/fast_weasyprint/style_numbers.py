"""Gives styles that have the same values the same number, also in different documents.

A style of WeasyPrint follows from the declarations for its element and for the elements around it. So two styles with
the same declarations, whose parents have the same number, have the same number. Whoever has the number of a style can
keep what follows from the style without keeping the style, which refers to its whole document.

Two things are left out, which our documents do not have: the size of the page, which lengths in `vw` and `vh` refer to,
and a base of relative addresses.
"""

from functools import lru_cache
from itertools import count
from typing import Any

from weasyprint import css

# The id of an element is declared like a property. No other value depends on it, and it differs between documents.
ID = "anchor"
# Several times what the templates have; a style whose number was forgotten gets another one.
_STYLES = 10_000

_unused = count()


class _Numbered(dict[str, Any]):
    """A style with a number."""

    number: int

    def copy(self) -> Any:
        """The same style for WeasyPrint to change, so it is like no other."""
        copied = super().copy()
        copied.number = next(_unused)  # type: ignore[attr-defined]
        return copied


class NumberedStyle(_Numbered, css.ComputedStyle):  # type: ignore[misc]
    """The style of an element."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        parent = self.font_config if self.parent_style is None else number(self.parent_style)
        declared = tuple((name, _hashable(value)) for name, value in self.cascaded.items() if name != ID)
        self.number = _numbered(parent, declared, self.pseudo_type)


class NumberedAnonymousStyle(_Numbered, css.AnonymousStyle):  # type: ignore[misc]
    """The style of a text or a line, which nothing is declared for."""

    def __init__(self, parent_style: Any) -> None:
        super().__init__(parent_style)
        self.number = _numbered(number(parent_style), (), None)


def number(style: Any) -> int:
    """The number of a style; one that no other style has where WeasyPrint made it without us."""
    found: int | None = getattr(style, "number", None)
    return next(_unused) if found is None else found


def _hashable(value: Any) -> Any:
    """The same value with tuples for lists, and sets that nobody can change."""
    if type(value) in (list, tuple):
        return tuple(map(_hashable, value))
    return frozenset(value) if isinstance(value, set) else value


@lru_cache(maxsize=_STYLES)
def _numbered(parent: Any, declared: tuple[Any, ...], pseudo_type: str | None) -> int:
    return next(_unused)
