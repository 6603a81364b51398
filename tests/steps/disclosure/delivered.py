"""Reads everything that is delivered of a release, and says which means of scales stand where.

Written apart from what makes reports: it knows the files, what they look like, and no code. Reports are read in Dutch
and English, in the words of the labels of scales that the database itself gives.
"""

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pikepdf
import pypdfium2
from python_calamine import CalamineWorkbook

Unit = tuple[str, str]
"""'collective', 'organisation' or 'programme', and its id."""

# Printed numbers have one decimal at most, those of tables for computers six.
PRINTED = 0.1
STORED = 1e-6

_GRID, _DOT, _INTERVAL, _CIRCLE = (0xDD, 0xDD, 0xDD), (0x1D, 0x2F, 0x5E), (0x5E, 0xA7, 0xF3), (0x1A, 0x1A, 0x1A)
_TICKS = ["0", "25", "50", "75", "100"]
# In points of the scale: of a drawing in which 100 points are 332 px wide.
_RADIUS_OF_MEAN = 350 / 332
_HALF_OF_A_HIGH_ROW = 17
_PAINTED = ("f", "f*", "S", "B", "B*")
_NUMBER = r"\d+(?:[.,]\d+)?"
_REFERENCE = "[0-9A-Z]{4}-[0-9A-Z]{4}"
_CELL = "[-+−–%()0-9.,]+"
_HEADINGS_WITH_NUMBERS = re.compile("(?:Scale Number|Schaal Aantal) ")
_RANGE = re.compile(f"({_NUMBER})–({_NUMBER})$")
_ALTERNATIVES = ("Mean scores", "Gemiddelde scores")
# The columns of a sheet of scores, and what is read there.
_SHEET_OF_SCORES = 1
_COLUMNS = {5: "mean", 6: "ci_low", 7: "ci_high", 10: "mean_then"}


@dataclass(frozen=True)
class Statement:
    """That the mean of a scale in a unit, or an end of its interval, or its mean in an earlier month, is a value.

    It is right to half of the resolution on either side.
    """

    unit: Unit
    scale: str
    what: str
    value: float
    resolution: float
    kind: str
    where: str

    def agrees_with(self, published: float | None) -> bool:
        """Whether it tells what is published, and nothing of what is withheld."""
        return published is not None and abs(self.value - published) <= self.resolution / 2 + STORED


def statements(release: Path, public: Path | None = None) -> tuple[Statement, ...]:
    """Everything that the folder of a release tells, and the public folder if the release stands in there."""
    return tuple(_Release(release).read(public))


def disagreeing(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """What is told elsewhere than in the database of a release, and otherwise than there."""
    known = {(entry.unit, entry.scale, entry.what): entry.value for entry in statements if entry.kind == "database"}
    return tuple(
        entry for entry in statements if not entry.agrees_with(known.get((entry.unit, entry.scale, entry.what)))
    )


class _Release:
    """The folder of a release."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest: Mapping[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        self.period = self.manifest["period"]
        self.database = folder / f"motiefmix_{self.period}.duckdb"
        with duckdb.connect(str(self.database), read_only=True) as connection:
            labels = connection.execute("select scale, label_nl, label_en from scales").fetchall()
            self.organisation_of = dict(
                connection.execute("select collective_id, organisation_id from collectives").fetchall()
            )
        self.scales = {label: scale for scale, *of_scale in labels for label in of_scale if label}

    @cached_property
    def printed(self) -> dict[str, tuple[Unit, str]]:
        """Which unit and scale a printed reference stands for."""
        return {
            entry["reference"]: ((entry["unit_type"], entry["unit_id"]), entry["scale"])
            for entry in self.manifest.get("figures", ())
        }

    def read(self, public: Path | None) -> Iterator[Statement]:
        yield from self._tables(self.database, "database")
        if public is not None and self._stands_in(public):
            yield from self._tables(public / "motiefmix.duckdb", "public database")
            yield from self._public_files(public)
        for ending in ("csv", "parquet"):
            yield from self._figures(self.folder / f"figures.{ending}")
        for path in sorted((self.folder / "reports").glob("*.xlsx")):
            yield from self._workbooks(path)
        for path in sorted((self.folder / "reports").glob("*.pdf")):
            yield from _Document(self, path, self._unit_about(path.stem)).read()
        for path in sorted((self.folder / "reports").glob("*_leaflets/*.pdf")):
            yield from _Document(self, path, ("collective", path.stem)).read()

    def _stands_in(self, public: Path) -> bool:
        with duckdb.connect(str(public / "motiefmix.duckdb"), read_only=True) as connection:
            [releases] = connection.execute("select value from about where key = 'releases'").fetchone() or [""]
        return f"{self.period} v{self.manifest['version']}" in releases.split(", ")

    def _tables(self, path: Path, kind: str) -> Iterator[Statement]:
        with duckdb.connect(str(path), read_only=True) as connection:
            yield from self._levels(connection, "scale_levels", "changes", kind, path)

    def _public_files(self, public: Path) -> Iterator[Statement]:
        with duckdb.connect() as connection:
            levels, changes = (f"'{public / table}.parquet'" for table in ("scale_levels", "changes"))
            yield from self._levels(connection, levels, changes, "public file", public / "scale_levels.parquet")

    def _levels(
        self, connection: duckdb.DuckDBPyConnection, levels: str, changes: str, kind: str, path: Path
    ) -> Iterator[Statement]:
        for table, names in ((levels, ("mean", "ci_low", "ci_high")), (changes, ("mean_then",))):
            for what in names:
                rows = connection.execute(
                    f"select unit_type, unit_id, scale, {what} from {table} where period = ? and {what} is not null",
                    [self.period],
                ).fetchall()
                for unit_type, unit_id, scale, value in rows:
                    yield Statement((unit_type, unit_id), scale, what, value, STORED, kind, path.name)

    def _figures(self, path: Path) -> Iterator[Statement]:
        """One long table of all figures."""
        with duckdb.connect() as connection:
            rows = connection.execute(
                f"select unit_type, unit_id, key, column_name, number from '{path}'"
                " where (table_name = 'scale_levels' and column_name in ('mean', 'ci_low', 'ci_high')"
                " or table_name = 'changes' and column_name = 'mean_then') and number is not null"
            ).fetchall()
        for unit_type, unit_id, scale, what, value in rows:
            yield Statement((unit_type, unit_id), scale, what, value, STORED, path.name, path.name)

    def _workbooks(self, path: Path) -> Iterator[Statement]:
        """The workbook of an organisation, and its CSV, whose words are those of the headings of the workbook."""
        book = CalamineWorkbook.from_path(path)
        headings, *rows = book.get_sheet_by_index(_SHEET_OF_SCORES).to_python()
        for row in rows:
            unit, scale = self.whose(str(row[0]), str(row[1]), str(row[3]), path.stem)
            for column, what in _COLUMNS.items():
                if isinstance(row[column], int | float):
                    yield Statement(unit, scale, what, float(row[column]), STORED, "workbook", path.name)
        whats = {str(headings[column]): what for column, what in _COLUMNS.items()}
        table = path.with_suffix(".csv")
        with table.open(encoding="utf-8-sig", newline="") as file:
            for entry in csv.DictReader(file):
                if entry["table"] == book.sheet_names[_SHEET_OF_SCORES] and entry["figure"] in whats:
                    unit, scale = self.whose(entry["reference"], entry["unit_id"], entry["row"], path.stem)
                    value = float(entry["number"])
                    yield Statement(unit, scale, whats[entry["figure"]], value, STORED, "table", table.name)

    def whose(self, reference: str, unit_id: str, label: str, organisation: str) -> tuple[Unit, str]:
        """The unit and scale of a reference; of one that should not be printed, by the names that stand beside it."""
        if reference in self.printed:
            return self.printed[reference]
        is_collective = self.organisation_of.get(unit_id) == organisation
        return ("collective" if is_collective else "organisation", unit_id), self.scales[label]

    def _unit_about(self, organisation: str) -> Unit:
        """Whom a report is about: the only collective, or else the organisation."""
        collectives = [name for name, other in self.organisation_of.items() if other == organisation]
        return ("collective", collectives[0]) if len(collectives) == 1 else ("organisation", organisation)


@dataclass(frozen=True)
class _Shape:
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


class _Chart:
    """What is drawn together on a page, and the words in it; lengths are in px of the drawing, downwards."""

    def __init__(self, shapes: Sequence[_Shape], matrix: pikepdf.Matrix, text: pypdfium2.PdfTextPage) -> None:
        self._shapes = shapes
        self._matrix = matrix
        self._text = text
        self._grid = sorted((shape for shape in shapes if shape.stroked == _GRID), key=lambda shape: shape.x)

    def _words(self, left: float, right: float, top: float, bottom: float) -> str:
        (x0, y0), (x1, y1) = self._matrix.transform((left, bottom)), self._matrix.transform((right, top))
        return " ".join(self._text.get_text_bounded(x0, y0, x1, y1).split())

    @property
    def _zero(self) -> float:
        return self._grid[0].x

    @property
    def _hundred(self) -> float:
        return self._grid[-1].x

    def points(self, x: float) -> float:
        """Where a coordinate lies on the scale, by the lines of the grid."""
        return 100 * (x - self._zero) / (self._hundred - self._zero)

    def finest(self, shape: _Shape) -> float:
        """The points that the last decimal of a coordinate stands for."""
        return self.points(self._zero + 0.1**shape.decimals)

    def marks(self) -> Iterator[tuple[str, _Shape]]:
        """What stands on the grid, if its numbers say that it is that of levels; the key above it is no mark."""
        ticks = [self._words(line.x - 15, line.x + 15, line.top - 16, line.top) for line in self._grid]
        if ticks != _TICKS:
            return
        for shape in self._shapes:
            if self._grid[0].top < shape.y < self._grid[0].bottom and (what := self._what(shape)):
                yield what, shape

    def _what(self, shape: _Shape) -> str | None:
        if shape.stroked == _INTERVAL:
            return "interval"
        if shape.is_round and shape.stroked == _CIRCLE:
            return "mean_then"
        radius = self.points(shape.right) - self.points(shape.x)
        is_dot = shape.is_round and shape.filled == _DOT and abs(radius - _RADIUS_OF_MEAN) < 0.1
        return "mean" if is_dot else None

    @cached_property
    def _half_a_row(self) -> float:
        rows = sorted({shape.y for _, shape in self.marks()})
        return min([_HALF_OF_A_HIGH_ROW, *((below - above) / 2 for above, below in pairwise(rows))])

    def label(self, shape: _Shape) -> str:
        """The words on the left of the grid, in the row of a mark."""
        near = 0.9 * self._half_a_row
        return self._words(self._zero - 208, self._zero - 8, shape.y - near, shape.y + near)

    def beside(self, shape: _Shape) -> tuple[str, str]:
        """The mean and the interval on the right of the grid, in the row of a mark."""
        middle = self._hundred + 44
        return (
            self._words(self._hundred + 8, middle, shape.y - 7, shape.y + 7),
            self._words(middle, middle + 74, shape.y - 7, shape.y + 7),
        )


class _Document:
    """A report or a leaflet."""

    def __init__(self, release: _Release, path: Path, about: Unit) -> None:
        self._release = release
        self._path = path
        self._where = str(path.relative_to(release.folder))
        self._about = about

    def read(self) -> Iterator[Statement]:
        with pikepdf.open(self._path) as pdf, pypdfium2.PdfDocument(self._path) as readable:
            texts = [page.get_textpage() for page in readable]
            units = self._units(pdf, texts)
            for page, text, unit in zip(pdf.pages, texts, units, strict=True):
                yield from self._rows(text, unit)
                for matrix, shapes in _drawings(page):
                    yield from self._dots(_Chart(shapes, matrix, text), unit)
            yield from self._alternatives(pdf, units)

    def _units(self, pdf: pikepdf.Pdf, texts: Sequence[pypdfium2.PdfTextPage]) -> list[Unit]:
        """Whom each page is about: links lead to a collective or to the method, and references stand for a unit."""
        numbers = {page.objgen: number for number, page in enumerate(pdf.pages)}
        begins: dict[int, Unit] = {}
        if "/Names" in pdf.Root and "/Dests" in pdf.Root.Names:
            for name, place in pikepdf.NameTree(pdf.Root.Names.Dests).items():
                collective = name.removeprefix("collective-")
                is_collective = collective != name and collective in self._release.organisation_of
                begins[numbers[place[0].objgen]] = ("collective", collective) if is_collective else self._about
        units, unit = [], self._about
        for number, text in enumerate(texts):
            words = text.get_text_range().split()
            referred = [self._release.printed[word][0] for word in words if word in self._release.printed]
            unit = begins.get(number) or next(iter(referred), unit)
            units.append(unit)
        return units

    def _rows(self, text: pypdfium2.PdfTextPage, unit: Unit) -> Iterator[Statement]:
        """The table of scores: a label, the number of answers where they differ, a mean, and its interval if shown."""
        words = " ".join(text.get_text_range().split())
        labels = "|".join(map(re.escape, sorted(self._release.scales, key=len, reverse=True)))
        number = f"{_NUMBER} |– " if _HEADINGS_WITH_NUMBERS.search(words) else ""
        row = rf"({labels}) (?:{number})({_NUMBER}) (?:\(({_NUMBER}–{_NUMBER})\) )?(?:{_CELL} )*({_REFERENCE})"
        # In charts the same labels stand before numbers that no reference follows.
        for label, mean, interval, reference in re.findall(row, words):
            of_unit, scale = self._release.printed.get(reference, (unit, self._release.scales[label]))
            yield from self._numbers(of_unit, scale, mean, interval, "page table")

    def _numbers(self, unit: Unit, scale: str, mean: str, interval: str, kind: str) -> Iterator[Statement]:
        ends = _RANGE.match(interval)
        published = {"mean": mean, "ci_low": ends and ends[1], "ci_high": ends and ends[2]}
        for what, number in published.items():
            if number:
                yield Statement(unit, scale, what, _value(number), PRINTED, kind, self._where)

    def _dots(self, chart: "_Chart", unit: Unit) -> Iterator[Statement]:
        """Dots and lines on a grid from 0 to 100, each in the row of its label."""
        for what, shape in chart.marks():
            scale = self._scale(chart.label(shape))
            if what == "interval":
                yield self._placed(chart, unit, scale, "ci_low", shape.left, shape)
                yield self._placed(chart, unit, scale, "ci_high", shape.right, shape)
            else:
                yield self._placed(chart, unit, scale, what, shape.x, shape)
            if what == "mean":
                yield from self._numbers(unit, scale, *chart.beside(shape), "number beside a dot")

    def _placed(self, chart: "_Chart", unit: Unit, scale: str, what: str, x: float, shape: "_Shape") -> Statement:
        kind = "line" if what.startswith("ci") else "dot"
        return Statement(unit, scale, what, chart.points(x), chart.finest(shape), kind, self._where)

    def _scale(self, label: str) -> str:
        """The scale of a row of a chart, below whose label may stand what it means."""
        found = [known for known in self._release.scales if known in label]
        longest = max(found, key=len, default="")
        if not longest or any(known not in longest for known in found):
            raise ValueError(f"A dot or a line in {self._where} belongs to no scale: {label!r}")
        return self._release.scales[longest]

    def _alternatives(self, pdf: pikepdf.Pdf, units: Sequence[Unit]) -> Iterator[Statement]:
        """What is read out in the place of a chart."""
        pages = {page.objgen: unit for page, unit in zip(pdf.pages, units, strict=True)}
        for entry in pdf.objects:
            if not isinstance(entry, pikepdf.Dictionary) or entry.get("/S") != "/Figure" or "/Alt" not in entry:
                continue
            alternative = str(entry.Alt)
            if any(words in alternative for words in _ALTERNATIVES):
                for label, scale in self._release.scales.items():
                    for number in re.findall(rf"(?:: |, ){re.escape(label)} ({_NUMBER})", alternative):
                        unit = pages[entry.Pg.objgen]
                        yield Statement(unit, scale, "mean", _value(number), PRINTED, "alternative text", self._where)


def _value(number: str) -> float:
    return float(number.replace(",", "."))


def _drawings(page: pikepdf.Page) -> list[tuple[pikepdf.Matrix, list[_Shape]]]:
    """What is drawn on a page, by the matrix that holds for it: that of each chart is another."""
    drawings: dict[tuple[float, ...], tuple[pikepdf.Matrix, list[_Shape]]] = {}
    for matrix, shape in _shapes(page, pikepdf.Matrix()):
        drawings.setdefault(matrix.shorthand, (matrix, []))[1].append(shape)
    return list(drawings.values())


def _shapes(content: Any, matrix: pikepdf.Matrix) -> Iterator[tuple[pikepdf.Matrix, _Shape]]:
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

    def shape(self, painted: str) -> _Shape:
        """The decimals of a coordinate are those of the outermost points, to which only a radius was added."""
        outermost = (min(x for x, _ in self.points), max(x for x, _ in self.points))
        return _Shape(
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
