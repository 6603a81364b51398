"""Small programmes for tests, written as people would write them: TOML, CSV and YAML in a folder."""

import csv
import os
import random
import shutil
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pytest

from flows import warehouse
from flows.foundation.contracts import Computed, Ingested, MadeReport, Release, Report, Validated
from flows.programme import manifest, schema_version, settings
from flows.programme.instrument import load as load_instrument
from flows.programme.loading import load_programme
from flows.programme.period import Period
from flows.steps import publish
from flows.steps.compute import compute
from flows.steps.disclosure import disclosure_record
from flows.steps.ingest import ingest
from flows.steps.render import ReportContext, render
from flows.steps.validate import validate

ORGANISATIONS = [{"organisation_id": "town", "name": "Gemeente Voorbeeldstad", "language": "nl"}]
COLLECTIVES = [
    {
        "collective_id": "watch",
        "organisation_id": "town",
        "name": "Buurtwacht",
        "type": "neighbourhood watch",
        "members": "40",
    }
]


# Seconds on the wall after which something hangs for certain, however busy the machine is.
PATIENCE = 1800


def write_csv(path: Path, rows: Sequence[Mapping[str, object]]) -> Path:
    """A CSV file with the keys of the first row as headings."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return at_rest(path)


def at_rest(path: Path) -> Path:
    """The file as if it had come a minute ago: nothing waits to see whether it still grows."""
    rested = time.time() - 60
    os.utime(path, (rested, rested))
    return path


@dataclass(frozen=True)
class TestProgramme:
    """A programme folder and the stages that can be run on it."""

    __test__ = False
    root: Path

    @property
    def settings(self) -> settings.Settings:
        return settings.load(self.root)

    def register(
        self,
        organisations: Sequence[Mapping[str, object]] = ORGANISATIONS,
        collectives: Sequence[Mapping[str, object]] = COLLECTIVES,
    ) -> None:
        write_csv(self.root / "register" / "organisations.csv", organisations)
        write_csv(self.root / "register" / "collectives.csv", collectives)

    def source(self, name: str, text: str, columns: Mapping[str, str]) -> Path:
        lines = "".join(f'  {item}: "{column}"\n' for item, column in columns.items())
        path = self.root / "sources" / f"{name}.yaml"
        path.write_text(f"source: {name}\n{text}\ncolumns:\n{lines}")
        return path

    def export(self, name: str, rows: Sequence[Mapping[str, object]]) -> Path:
        return write_csv(self.root / "inbox" / name, rows)

    def ingest(self, today: date = date(2026, 11, 2)) -> Ingested:
        settings = self.settings
        sources = load_programme(settings).sources
        return ingest(settings.folder, sources, settings.pseudonym_keys(), today)

    def validate(self, period: str = "2026-10", ingested: Ingested | None = None) -> Validated:
        settings = self.settings
        return validate(
            settings.folder.warehouse,
            load_programme(settings),
            Period.parse(period),
            ingested if ingested is not None else self.ingest(),
        )

    def compute(self, period: str = "2026-10") -> Computed:
        self.validate(period)
        settings = self.settings
        return compute(settings.folder.warehouse, settings.pseudonym_keys().disclosure_record)

    def pretend_release(self, period: str) -> None:
        """Write down that a release of a period followed from every export that was read, and what it stood on."""
        self.compute(period)
        version = manifest.next_version(self.settings.folder, period)
        disclosure_record.write(self.settings.folder.warehouse, self.settings.folder.disclosure_record, period, version)
        self.write_manifest(period, version, inputs=self.inputs())

    def write_manifest(self, period: str, version: int = 1, **changes: object) -> manifest.Manifest:
        """The folder of a release with its manifest and nothing else; without reports, unless they are given."""
        given = {
            "software": "0", "instrument": "motives", "instrument_version": "1", "made_at": "", "inputs_hash": "",
            "programme": "Test", "levels_from": 5, "full_from": 10, "distributions_from": 20, "window_months": 12,
            "inputs": (), "reports": (),
        } | changes  # fmt: skip
        made = manifest.Manifest(period=period, version=version, **given)
        made.folder_in(self.settings.folder).mkdir(parents=True)
        manifest.write(made.folder_in(self.settings.folder) / manifest.FILE_NAME, made)
        return made

    def inputs(self) -> tuple[manifest.InputFile, ...]:
        """Every export that was read."""
        exports = self.query("select file_name, sha256, source from raw.exports order by all")
        return tuple(manifest.InputFile(*row) for row in exports)

    def query(self, sql: str, *values: object) -> list[tuple]:
        with warehouse.opened(self.settings.folder.warehouse, read_only=True) as connection:
            return connection.execute(sql, list(values)).fetchall()

    @contextmanager
    def connection(self) -> Iterable[warehouse.Connection]:
        with warehouse.opened(self.settings.folder.warehouse) as connection:
            yield connection


def make(root: Path, toml: str = "", instrument: str = "motives") -> TestProgramme:
    """An empty programme with the default register."""
    for folder in ("register", "sources", "inbox"):
        (root / folder).mkdir(parents=True)
    (root / "motiefmix.toml").write_text(f'name = "Test"\ninstrument = "{instrument}"\n{toml}')
    programme = TestProgramme(root)
    settings.create_key(programme.settings.key_file)
    programme.settings.folder.make_private()
    schema_version.upgrade(programme.settings.folder, date(2026, 1, 1))
    programme.register()
    return programme


def copied(made: TestProgramme, folder: Path) -> TestProgramme:
    """The same programme in another folder: what takes seconds to make is made once, and each test has its own."""
    shutil.copytree(made.root, folder / made.root.name)
    shutil.copy2(made.settings.key_file, folder)
    return TestProgramme(folder / made.root.name)


def plain_source(
    programme: TestProgramme,
    items: Iterable[str],
    name: str = "form",
    collective: str = "collective: {from: column, column: group}",
    **changes: str,
) -> Path:
    """A source for a plain CSV with columns id, member, submitted, group and one per item."""
    lines = {
        "tool": "plain",
        "answers": "numbers",
        "response_id": "id",
        "respondent": "member",
        "date": "{column: submitted, order: ymd, timezone: Europe/Amsterdam}",
        **changes,
    }
    text = "\n".join(f"{key}: {value}" for key, value in lines.items() if value) + "\n" + collective
    return programme.source(name, text, {item: item for item in items})


INSTRUMENT = load_instrument("motives", Path()).model
ITEMS = tuple(INSTRUMENT.items)


def coherent(number: int) -> list[int]:
    """Answers of one person that differ between people and scales, while the items of a scale hang together."""
    values = []
    for position, scale in enumerate(INSTRUMENT.scales.values()):
        level = 1 + (number * (1 + position % 4) + position) % 5
        for turn, item in enumerate(scale.items):
            answer = min(5, max(1, level + (1 if (number + turn) % 4 == 0 else 0)))
            values.append(6 - answer if INSTRUMENT.items[item].reverse else answer)
    return values


def random_answers(chance: random.Random) -> list[int]:
    """Answers of one person by chance, alike within a scale."""
    values = []
    for scale in INSTRUMENT.scales.values():
        level = chance.gauss(3.3, 0.8)
        values += [min(5, max(1, round(level + chance.gauss(0, 0.8)))) for _ in scale.items]
    return values


def scattered(number: int) -> list[int]:
    """Answers of one person in which nothing hangs together."""
    return [1 + (number * 3 + position * (1 + number % 4)) % 5 for position in range(len(ITEMS))]


def answers(
    number: int,
    group: str = "watch",
    values: Sequence[int] | None = None,
    submitted: str = "2026-10-05 12:00:00",
    items: Sequence[str] = ITEMS,
    **changes: object,
) -> dict[str, object]:
    """One row of the plain form; without values, those of `coherent`."""
    chosen = values or coherent(number)
    row = {"id": f"r{number}", "member": f"m{number}", "submitted": submitted, "group": group}
    return {**row, **dict(zip(items, chosen, strict=True)), **changes}


def with_answers(programme: TestProgramme, count: int, **changes: object) -> TestProgramme:
    """The programme with a plain source and one export of so many members."""
    plain_source(programme, ITEMS)
    programme.export("answers.csv", [answers(number, **changes) for number in range(1, count + 1)])
    return programme


def with_two_organisations(programme: TestProgramme) -> TestProgramme:
    """The programme with a second organisation, a plain source, and twenty members who answered in each."""
    programme.register(
        organisations=[*ORGANISATIONS, {"organisation_id": "city", "name": "City", "language": "en"}],
        collectives=[COLLECTIVES[0], {**COLLECTIVES[0], "organisation_id": "city", "collective_id": "other"}],
    )
    plain_source(programme, ITEMS)
    programme.export("answers.csv", [answers(n, group="watch" if n % 2 else "other") for n in range(1, 41)])
    return programme


REPORT = MadeReport(organisation_id="town", language="nl", file="town.pdf", sha256="x", pages=4)


def release(
    programme: TestProgramme,
    period: str = "2026-10",
    reports: Sequence[Report] = (REPORT,),
    inputs_hash: str = "h",
    is_public: bool = True,
    is_computed: bool = False,
) -> Release:
    """Publish what the answers of a programme come to, with reports that were never drawn; or only release it.

    What was computed for this period last is released as it is if the caller says so.
    """
    if not is_computed:
        programme.compute(period)
    staged = publish.staging(programme.settings.folder, period, "run")
    (staged / "reports").mkdir()
    return publish_staged(programme, period, staged, reports, inputs_hash, is_public)


def release_with_reports(programme: TestProgramme, setting: ReportContext, period: str = "2026-10") -> Release:
    """Publish what the answers of a programme come to, with all reports, leaflets and tables of its organisations."""
    computed = programme.compute(period)
    staged = publish.staging(programme.settings.folder, period, "run")
    folder = programme.settings.folder
    earlier = [entry.database_in(folder) for entry in manifest.newest_before(folder, period)]
    reports = render(folder.warehouse, computed.organisations, setting, staged / "reports", 1, earlier=earlier)
    assert {report.status for report in reports} == {"ready"}
    return publish_staged(programme, period, staged, reports, f"h-{period}")


def publish_staged(
    programme: TestProgramme,
    period: str,
    staged: Path,
    reports: Sequence[Report],
    inputs_hash: str,
    is_public: bool = True,
) -> Release:
    folder, policy = programme.settings.folder, programme.settings.disclosure
    made = manifest.Manifest(
        period, manifest.next_version(folder, period), "0.1.0", "motives", "2026.1", "2026-11-02T06:00:00", inputs_hash,
        "Test", policy.levels_from, policy.full_from, policy.distributions_from, 12, programme.inputs(), tuple(reports),
    )  # fmt: skip
    publish.complete(folder, staged, made)
    if is_public:
        return publish.publish(folder, staged, made)
    staged.rename(made.folder_in(folder))
    return Release(period=made.period, version=made.version, folder=made.folder_in(folder), reports=made.reports)


def readable_bytes(patch: pytest.MonkeyPatch) -> None:
    """Let DuckDB write texts as they are, so that whoever looks for them in the bytes of a file can find them."""
    connect = duckdb.connect

    def connected(*given, **named):
        connection = connect(*given, **named)
        connection.execute("pragma force_compression = 'uncompressed'")
        return connection

    patch.setattr(duckdb, "connect", connected)
