"""Reads what is drawn on the pages of a report: charts as shapes, with the words in them.

It knows what the charts look like, and no code. Lengths are in px of the drawing, downwards.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import pikepdf
import pypdfium2

_GRID, _AXIS, _GREY = (0xDD, 0xDD, 0xDD), (0x8C, 0x8C, 0x8C), (0x6B, 0x6B, 0x6B)
_HUE, _MOVED = (0x1D, 0x2F, 0x5E), (0xA3, 0x32, 0x4F)
_TICKS = ["0", "25", "50", "75", "100"]
_RADIUS, _SMALL_RADII = 4.0, (2.6, 2.8)
_HALF_OF_A_HIGH_ROW = 15
_PAINTED = ("f", "f*", "S", "B", "B*")


@dataclass(frozen=True)
class Mark:
    """What stands at a place of a scale from 0 to 100; `resolution` is the weight of the last decimal of a coordinate.

    `words` name its scale, `row` the group in charts of several; `place` is how far back it is in a chart over time, in
    thousandths of its width.
    """

    what: str
    value: float
    resolution: float
    words: str
    row: str = ""
    place: int = 0


@dataclass(frozen=True)
class Shape:
    """What is drawn in one go: the ends of its lines and curves, in the numbers that the file has, and its colours."""

    points: tuple[tuple[float, float], ...]
    decimals: int
    is_round: bool
    filled: tuple[int, ...] | None
    stroked: tuple[int, ...] | None

    @property
    def left(self) -> float:
        return min(x for x, _ in self.points)

    @property
    def right(self) -> float:
        return max(x for x, _ in self.points)

    @property
    def top(self) -> float:
        return min(y for _, y in self.points)

    @property
    def bottom(self) -> float:
        return max(y for _, y in self.points)

    @property
    def x(self) -> float:
        return (self.left + self.right) / 2

    @property
    def y(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def is_vertical(self) -> bool:
        return not self.is_round and self.right - self.left < 0.01

    @property
    def is_horizontal(self) -> bool:
        return not self.is_round and self.bottom - self.top < 0.01

    @property
    def radius(self) -> float:
        return (self.right - self.left) / 2 if self.is_round else 0.0


class _Drawing:
    """What is drawn together on a page, and the words in it."""

    def __init__(self, shapes: Sequence[Shape], matrix: pikepdf.Matrix, text: pypdfium2.PdfTextPage) -> None:
        self._shapes = shapes
        self._matrix = matrix
        self._text = text

    def _words(self, left: float, right: float, top: float, bottom: float) -> str:
        (x0, y0), (x1, y1) = self._matrix.transform((left, bottom)), self._matrix.transform((right, top))
        return " ".join(self._text.get_text_bounded(x0, y0, x1, y1).split())

    def _is_small_dot(self, shape: Shape) -> bool:
        is_mine = shape.filled in (_HUE, _MOVED) or shape.stroked == _HUE
        return is_mine and any(abs(shape.radius - radius) < 0.05 for radius in _SMALL_RADII)


class Levels(_Drawing):
    """One row per scale on a grid from 0 to 100."""

    def __init__(self, shapes: Sequence[Shape], matrix: pikepdf.Matrix, text: pypdfium2.PdfTextPage) -> None:
        super().__init__(shapes, matrix, text)
        lines = (shape for shape in shapes if shape.stroked == _GRID and shape.is_vertical)
        self._grid = sorted(lines, key=lambda shape: shape.x)

    @property
    def _zero(self) -> float:
        return self._grid[0].x

    @property
    def _hundred(self) -> float:
        return self._grid[-1].x

    def _points(self, x: float) -> float:
        return 100 * (x - self._zero) / (self._hundred - self._zero)

    def _shown(self) -> Iterator[tuple[str, Shape]]:
        """What stands on the grid, if its numbers say that it is that of levels."""
        ticks = [self._words(line.x - 15, line.x + 15, line.top - 16, line.top) for line in self._grid]
        if ticks != _TICKS:
            return
        for shape in self._shapes:
            if self._grid[0].top < shape.y < self._grid[0].bottom and (what := self._what(shape)):
                yield what, shape

    def _what(self, shape: Shape) -> str | None:
        if shape.is_horizontal and shape.stroked == _HUE:
            return "interval"
        if shape.is_vertical and shape.stroked in (_GREY, _MOVED) and shape.bottom - shape.top > 9:
            return "mean_then"
        is_dot = shape.is_round and shape.filled == _HUE and abs(shape.radius - _RADIUS) < 0.1
        return "mean" if is_dot else None

    def marks(self) -> Iterator[Mark]:
        """Levels, ends of intervals, and levels before."""
        for what, shape in self._shown():
            words, finest = self._label(shape), 100 * 0.1**shape.decimals / (self._hundred - self._zero)
            if what == "interval":
                yield Mark("ci_low", self._points(shape.left), finest, words)
                yield Mark("ci_high", self._points(shape.right), finest, words)
            else:
                yield Mark(what, self._points(shape.x), finest, words)

    def numbers(self) -> Iterator[tuple[str, str, str]]:
        """The label of each row, with the mean and the interval on the right of the grid."""
        for what, shape in self._shown():
            if what == "mean":
                middle = self._hundred + 36
                yield (
                    self._label(shape),
                    self._words(self._hundred + 4, middle, shape.y - 7, shape.y + 7),
                    self._words(middle, middle + 74, shape.y - 7, shape.y + 7),
                )

    @cached_property
    def _half_a_row(self) -> float:
        rows = sorted({shape.y for what, shape in self._shown() if what == "mean"})
        return min([_HALF_OF_A_HIGH_ROW, *((below - above) / 2 for above, below in pairwise(rows))])

    def _label(self, shape: Shape) -> str:
        """The words on the left of the grid, in the row of a mark."""
        near = 0.9 * self._half_a_row
        return self._words(self._zero - 212, self._zero - 8, shape.y - near, shape.y + near)


class SideBySide(_Drawing):
    """Collectives as rows, scales as columns: each cell has a scale of its own, a short grey line."""

    def marks(self) -> Iterator[Mark]:
        """The levels and the levels before; heads of columns stand on two heights above the first row."""
        for cell in self._cells:
            length = cell.right - cell.left
            for shape in self._shapes:
                inside = cell.left - 0.5 <= shape.x <= cell.right + 0.5 and abs(shape.y - cell.y) < 0.6
                if inside and (what := self._what(shape)):
                    value = 100 * (shape.x - cell.left) / length
                    yield Mark(what, value, 10 / length, self._head(cell), self._row(cell))

    @cached_property
    def _cells(self) -> list[Shape]:
        lines = [shape for shape in self._shapes if shape.stroked == _GRID and shape.is_horizontal]
        short = [line for line in lines if line.right - line.left < 60]
        return short if any(line.left == 0 and line.right > 600 for line in lines) else []

    def _what(self, shape: Shape) -> str | None:
        if self._is_small_dot(shape):
            return "mean"
        is_then = shape.is_vertical and shape.stroked == _MOVED
        return "mean_then" if is_then else None

    def _head(self, cell: Shape) -> str:
        columns = sorted({round(line.x, 1) for line in self._cells})
        step = columns[1] - columns[0] if len(columns) > 1 else 60.0
        place = columns.index(round(cell.x, 1))
        top, bottom = (0, 42) if place % 2 == 0 else (47, 89)
        return self._words(cell.x - step, cell.x + step, top, bottom)

    def _row(self, cell: Shape) -> str:
        return self._words(0, min(line.left for line in self._cells) - 42, cell.y - 13, cell.y + 13)


class OverTime(_Drawing):
    """A small panel for each scale: three grey lines at 0, 50 and 100, and a dot for each month that has a figure."""

    def marks(self) -> Iterator[Mark]:
        """The level of each month, from the right."""
        for top, bottom in self._panels:
            dots = [shape for shape in self._shapes if self._is_small_dot(shape)]
            inside = [
                dot for dot in dots
                if top.left - 0.5 <= dot.x <= top.right + 0.5 and top.y - 3 <= dot.y <= bottom.y + 3
            ]  # fmt: skip
            words = self._words(top.left, top.left + 105, top.y - 31, top.y - 3)
            for dot in inside:
                value = 100 * (bottom.y - dot.y) / (bottom.y - top.y)
                share = (top.right - dot.x) / (top.right - top.left)
                yield Mark("mean", value, 10 / (bottom.y - top.y), words, place=round(1000 * share))

    @cached_property
    def _panels(self) -> list[tuple[Shape, Shape]]:
        lines = [shape for shape in self._shapes if shape.stroked == _AXIS and shape.is_horizontal]
        threes = [lines[place : place + 3] for place in range(0, len(lines), 3)]
        ordered = [sorted(three, key=lambda line: line.y) for three in threes]
        return [(three[0], three[-1]) for three in ordered]


def drawings(page: pikepdf.Page) -> list[tuple[pikepdf.Matrix, list[Shape]]]:
    """What is drawn on a page, by the matrix that holds for it: that of each chart is another."""
    drawings: dict[tuple[float, ...], tuple[pikepdf.Matrix, list[Shape]]] = {}
    for matrix, shape in _shapes(page, pikepdf.Matrix()):
        drawings.setdefault(matrix.shorthand, (matrix, []))[1].append(shape)
    return list(drawings.values())


def _shapes(content: Any, matrix: pikepdf.Matrix) -> Iterator[tuple[pikepdf.Matrix, Shape]]:
    pen = _Pen(matrix)
    for operands, operator in pikepdf.parse_content_stream(content):
        name, values = str(operator), list(operands)
        pen.sets(name, values)
        pen.moves(name, values)
        if name in _PAINTED and pen.points:
            yield pen.matrix, pen.shape(name)
        if name in (*_PAINTED, "n"):
            pen.points, pen.is_round = [], False
        if name == "Do" and (drawn := content.Resources.XObject[str(values[0])]).get("/Subtype") == "/Form":
            yield from _shapes(drawn, pen.matrix)


class _Pen:
    """What holds for the next shape, and its points so far."""

    def __init__(self, matrix: pikepdf.Matrix) -> None:
        self.matrix = matrix
        self.colours: dict[str, tuple[int, ...]] = {}
        self.points: list[Sequence[Any]] = []
        self.is_round = False
        self._before: list[tuple[pikepdf.Matrix, dict[str, tuple[int, ...]]]] = []

    def sets(self, name: str, values: Sequence[Any]) -> None:
        if name == "q":
            self._before.append((self.matrix, dict(self.colours)))
        elif name == "Q":
            self.matrix, self.colours = self._before.pop()
        elif name == "cm":
            self.matrix = pikepdf.Matrix(*map(float, values)) @ self.matrix
        elif name in ("rg", "RG"):
            self.colours[name] = tuple(round(255 * float(value)) for value in values)

    def moves(self, name: str, values: Sequence[Any]) -> None:
        if name in ("m", "l", "c"):
            self.points.append(values[-2:])
            self.is_round |= name == "c"
        elif name == "re":
            x, y, width, height = values
            self.points += [(x, y), (x + width, y + height)]

    def shape(self, painted: str) -> Shape:
        """The decimals of a coordinate are those of the outermost points, to which only a radius was added."""
        outermost = (min(x for x, _ in self.points), max(x for x, _ in self.points))
        return Shape(
            points=tuple((float(x), float(y)) for x, y in self.points),
            decimals=max(_decimals(x) for x in outermost),
            is_round=self.is_round,
            filled=self.colours.get("rg") if painted != "S" else None,
            stroked=self.colours.get("RG") if painted in ("S", "B", "B*") else None,
        )


def _decimals(number: Any) -> int:
    """How many decimals a coordinate has; charts are drawn in tenths, also where the tenth is zero."""
    _, _, decimals = str(number).partition(".")
    return max(1, len(decimals.rstrip("0")))
