"""Reads everything that is delivered of a release, and says which means of scales stand where.

Written apart from what makes reports: it knows the files, what they look like, and no code. Reports are read in Dutch
and English, in the words of the labels of scales that the database itself gives.
"""

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import pikepdf
import pypdfium2
from python_calamine import CalamineWorkbook

from tests.steps.disclosure.drawn import Levels, Mark, OverTime, Shape, SideBySide, drawings

Unit = tuple[str, str]
"""'collective', 'organisation' or 'programme', and its id."""

# Printed numbers have one decimal at most, those of tables for computers six.
PRINTED = 0.1
STORED = 1e-6

_NUMBER = r"\d+(?:[.,]\d+)?"
_REFERENCE = "[0-9A-Z]{4}-[0-9A-Z]{4}"
_CELL = "[-+−–%()0-9.,]+"
_HEADINGS_WITH_NUMBERS = re.compile("(?:Scale Number|Schaal Aantal) ")
_SCORE = rf"{_NUMBER}(?: \({_NUMBER}–{_NUMBER}\))?|–"
_RANGE = re.compile(f"({_NUMBER})–({_NUMBER})$")
_ALTERNATIVES = ("Mean scores", "Gemiddelde scores")
_BEFORE = "(?:before|rose from|fell from|eerder|gestegen van|gedaald van)"
_TABLES = (
    "(?:Reasons of each collective|Conditions of each collective, and whether members stay): score and range",
    "(?:Redenen van elk collectief|Voorwaarden van elk collectief, en of leden blijven): score en bereik",
)
# The sheets of a workbook that tell means of scales, and what is read in their columns.
_SCORES, _CHANGES, _OVER_TIME = 2, 5, 6
_COLUMNS = {
    _SCORES: {5: "mean", 6: "ci_low", 7: "ci_high", 10: "mean_then"},
    _CHANGES: {6: "mean_then", 7: "mean"},
    _OVER_TIME: {5: "mean"},
}
_MONTH = 4
_MONTH_BEHIND = re.compile(r", \d{4}-\d{2}$")


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
            collectives = connection.execute("select collective_id, organisation_id, name from collectives").fetchall()
        self.organisation_of = {name: owner for name, owner, _ in collectives}
        self.names = {name: title for name, _, title in collectives}
        self.scales = {label: scale for scale, *of_scale in labels for label in of_scale if label}

    @cached_property
    def before(self) -> dict[str, Path]:
        """The databases of the newest version of each earlier month."""
        found = {path.parent.parent.name: path for path in sorted(self.folder.parent.parent.glob("*/v*/*.duckdb"))}
        return {period: path for period, path in found.items() if period < self.period}

    @property
    def months(self) -> list[str]:
        """The months of charts over time: from the first released one on."""
        first, last = (12 * int(name[:4]) + int(name[5:]) - 1 for name in (min(self.before), self.period))
        return [f"{month // 12:04d}-{month % 12 + 1:02d}" for month in range(first, last + 1)]

    @cached_property
    def printed(self) -> dict[str, tuple[Unit, str]]:
        """Which unit and scale a printed reference stands for."""
        return {
            entry["reference"]: ((entry["unit_type"], entry["unit_id"]), entry["scale"])
            for entry in self.manifest.get("figures", ())
        }

    def read(self, public: Path | None) -> Iterator[Statement]:
        yield from self._tables(self.database, "database")
        for period, path in self.before.items():
            yield from self._earlier(period, path)
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

    def _earlier(self, period: str, path: Path) -> Iterator[Statement]:
        """What was published of an earlier month, which charts over time show again."""
        with duckdb.connect(str(path), read_only=True) as connection:
            rows = connection.execute(
                "select unit_type, unit_id, scale, mean from scale_levels where mean is not null"
            ).fetchall()
        for unit_type, unit_id, scale, value in rows:
            yield Statement((unit_type, unit_id), scale, f"mean of {period}", value, STORED, "database", path.name)

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
        for place, columns in _COLUMNS.items():
            headings, *rows = book.get_sheet_by_index(place).to_python()
            for row in rows:
                if place == _OVER_TIME and f"{row[_MONTH]:%Y-%m}" != self.period:
                    continue
                unit, scale = self.whose(str(row[0]), str(row[1]), str(row[3]), path.stem)
                for column, what in columns.items():
                    if isinstance(row[column], int | float):
                        yield Statement(unit, scale, what, float(row[column]), STORED, "workbook", path.name)
            whats = {(book.sheet_names[place], str(headings[column])): what for column, what in columns.items()}
            yield from self._long_table(path.with_suffix(".csv"), whats, place == _OVER_TIME)

    def _long_table(
        self, table: Path, whats: Mapping[tuple[str, str], str], of_this_month: bool
    ) -> Iterator[Statement]:
        """The rows of the CSV that come from one sheet; a month may stand behind the label of the scale."""
        with table.open(encoding="utf-8-sig", newline="") as file:
            for entry in csv.DictReader(file):
                label = _MONTH_BEHIND.sub("", entry["row"])
                what = whats.get((entry["table"], entry["figure"]))
                if what and not (of_this_month and entry["row"] != f"{label}, {self.period}"):
                    unit, scale = self.whose(entry["reference"], entry["unit_id"], label, table.stem)
                    yield Statement(unit, scale, what, float(entry["number"]), STORED, "table", table.name)

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
                for matrix, shapes in drawings(page):
                    yield from self._drawn(shapes, matrix, text, unit)
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
        yield from self._of_collectives(words)
        # In charts the same labels stand before numbers that no reference follows.
        for label, mean, interval, reference in re.findall(row, words):
            of_unit, scale = self._release.printed.get(reference, (unit, self._release.scales[label]))
            yield from self._numbers(of_unit, scale, mean, interval, "page table")

    def _of_collectives(self, words: str) -> Iterator[Statement]:
        """Tables with a row for each collective: scales in the order of the heads, then a reference and its cells."""
        for table in re.split("|".join(_TABLES), words)[1:]:
            heads, *_ = re.split(_REFERENCE, table, maxsplit=1)
            places = {heads.rfind(label): scale for label, scale in self._release.scales.items() if label in heads}
            scales = [places[place] for place in sorted(places)]
            names = "|".join(map(re.escape, self._mine))
            for name, cells in re.findall(rf"({names}) · {_REFERENCE} ((?:(?:{_SCORE}) ?)+)", table):
                for scale, cell in zip(scales, re.findall(_SCORE, cells), strict=False):
                    mean, _, interval = cell.partition(" ")
                    if mean != "–":
                        yield from self._numbers(self._mine[name], scale, mean, interval.strip("()"), "page table")

    @property
    def _mine(self) -> dict[str, Unit]:
        """The collectives of the organisation by name."""
        names, owners = self._release.names, self._release.organisation_of
        return {names[unit_id]: ("collective", unit_id) for unit_id in names if owners[unit_id] == self._about[1]}

    def _numbers(self, unit: Unit, scale: str, mean: str, interval: str, kind: str) -> Iterator[Statement]:
        ends = _RANGE.match(interval)
        published = {"mean": mean, "ci_low": ends and ends[1], "ci_high": ends and ends[2]}
        for what, number in published.items():
            if number:
                yield Statement(unit, scale, what, _value(number), PRINTED, kind, self._where)

    def _drawn(self, shapes: Sequence[Shape], matrix: pikepdf.Matrix, text: Any, unit: Unit) -> Iterator[Statement]:
        """Marks on scales from 0 to 100, in each kind of chart, and the numbers beside them."""
        levels = Levels(shapes, matrix, text)
        for mark in levels.marks():
            yield self._placed(unit, mark, "line" if mark.what.startswith("ci") else "dot")
        for words, mean, interval in levels.numbers():
            yield from self._numbers(unit, self._scale(words), mean, interval, "number beside a dot")
        for mark in SideBySide(shapes, matrix, text).marks():
            yield self._placed(self._named(mark.row), mark, "dot side by side")
        yield from self._over_time(list(OverTime(shapes, matrix, text).marks()), unit)

    def _over_time(self, marks: Sequence[Mark], unit: Unit) -> Iterator[Statement]:
        """Dots stand at whole months: the first of the chart has a figure of the organisation, if not of this unit."""
        for mark in marks:
            months = self._release.months
            back = mark.place * (len(months) - 1) / 1000
            month = months[len(months) - 1 - round(back)]
            what = "mean" if month == self._release.period else f"mean of {month}"
            yield self._placed(unit, replace(mark, what=what), "dot over time")

    def _placed(self, unit: Unit, mark: Mark, kind: str) -> Statement:
        return Statement(unit, self._scale(mark.words), mark.what, mark.value, mark.resolution, kind, self._where)

    def _named(self, words: str) -> Unit:
        """The collective of a row, by its name."""
        found = [unit for name, unit in self._mine.items() if name in words]
        if len(found) != 1:
            raise ValueError(f"A row in {self._where} belongs to no collective: {words!r}")
        return found[0]

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
            yield from self._said(str(entry.Alt), pages[entry.Pg.objgen])

    def _said(self, alternative: str, unit: Unit) -> Iterator[Statement]:
        """In the place of levels each with its interval and the level before; side by side only what is marked."""
        if any(words in alternative for words in _ALTERNATIVES):
            yield from self._scores(alternative, unit)
        for unit_id, name in self._release.names.items():
            for marked in re.findall(rf"(?:(?:Marked|Gemarkeerd): |; ){re.escape(name)}(: [^;]*)", alternative):
                yield from self._scores(marked.replace(", ", "; "), ("collective", unit_id))
        for label, scale in self._release.scales.items():
            said = rf"{re.escape(label)} (?:from|van) {_NUMBER} in \S+ \d+ (?:to|naar) ({_NUMBER})"
            for now in re.findall(said, alternative):
                yield Statement(unit, scale, "mean", _value(now), PRINTED, "alternative over time", self._where)

    def _scores(self, words: str, unit: Unit) -> Iterator[Statement]:
        kind = "alternative text"
        for label, scale in self._release.scales.items():
            said = rf"(?:: |; ){re.escape(label)} ({_NUMBER})(?: \({_NUMBER}–{_NUMBER}\))?(?:, {_BEFORE} ({_NUMBER}))?"
            for mean, then in re.findall(said, words):
                yield Statement(unit, scale, "mean", _value(mean), PRINTED, kind, self._where)
                if then:
                    yield Statement(unit, scale, "mean_then", _value(then), PRINTED, kind, self._where)


def _value(number: str) -> float:
    return float(number.replace(",", "."))
