"""Members of many organisations, of whom some answer: their answers go through every model up to `published`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from flows import warehouse
from flows.programme import manifest
from flows.programme.loading import load_programme
from flows.programme.manifest import ReleasedInput
from flows.programme.period import Period
from flows.steps.compute import SCHEMAS, python_models
from flows.steps.disclosure import disclosure_record
from flows.steps.publish import database
from flows.steps.validate import reference_schema
from tests import programmes

SCALES = tuple(programmes.INSTRUMENT.scales)
ITEMS = programmes.ITEMS
OF_SCALE = [[ITEMS.index(item) for item in scale.items] for scale in programmes.INSTRUMENT.scales.values()]
REVERSED = np.array([programmes.INSTRUMENT.items[item].reverse for item in ITEMS])


@dataclass(frozen=True)
class Population:
    """Members by organisation and collective, with their answers to all items, turned round where reversed."""

    organisation: np.ndarray
    collective: np.ndarray
    answers: np.ndarray

    @property
    def scores(self) -> np.ndarray:
        """POMP per member and scale."""
        return np.stack([25 * (self.answers[:, places].mean(axis=1) - 1) for places in OF_SCALE], axis=1)


def populate(organisations: int, sizes: Sequence[int], icc: float, chance: np.random.Generator) -> Population:
    """Collectives of these sizes in every organisation; so much of the variance of views lies between collectives."""
    owners, groups, answers = [], [], []
    for owner in range(organisations):
        for number, size in enumerate(sizes):
            between = chance.normal(0, np.sqrt(icc), len(SCALES))
            views = 3.2 + 0.9 * (between + chance.normal(0, np.sqrt(1 - icc), (size, len(SCALES))))
            owners += [owner] * size
            groups += [number] * size
            answers.append(answers_of(views, chance))
    return Population(np.array(owners), np.array(groups), np.concatenate(answers))


def populate_unequally(
    organisations: int, collectives: int, members: tuple[int, int], chance: np.random.Generator
) -> tuple[np.ndarray, Population]:
    """Members with their views: collectives of random sizes (from, to), a level per scale and collective around 3.2."""
    sizes = chance.integers(members[0], members[1] + 1, organisations * collectives)
    place = np.repeat(np.arange(len(sizes)), sizes)
    level = 3.2 + 0.35 * chance.normal(size=(len(sizes), len(SCALES)))
    views = level[place] + 0.8 * chance.normal(size=(len(place), len(SCALES)))
    return views, Population(place // collectives, place % collectives, answers_of(views, chance))


def answers_of(views: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """What members of these views answer to all items this time."""
    values = np.empty((len(views), len(ITEMS)), dtype=int)
    for scale, places in enumerate(OF_SCALE):
        noise = chance.normal(0, 0.6, (len(views), len(places)))
        values[:, places] = np.clip(np.round(views[:, [scale]] + noise), 1, 5)
    return values


class Simulated:
    """A programme whose accepted answers are made in the warehouse itself."""

    def __init__(self, folder: Path, population: Population, knows_members: bool = True) -> None:
        self.programme = programmes.make(folder / "programme", toml="window_months = 3")
        self.population = population
        names = sorted(set(zip(population.organisation.tolist(), population.collective.tolist(), strict=True)))
        sizes = {
            name: int(((population.organisation == name[0]) & (population.collective == name[1])).sum())
            for name in names
        }
        self.programme.register(
            [
                {"organisation_id": f"o{owner}", "name": f"o{owner}", "language": "nl"}
                for owner in sorted({owner for owner, _ in names})
            ],
            [
                {"collective_id": f"o{owner}-{number}", "organisation_id": f"o{owner}", "name": f"{owner}-{number}",
                 "type": "watch", "members": sizes[owner, number] if knows_members else ""}
                for owner, number in names
            ],
        )  # fmt: skip
        programmes.plain_source(self.programme, ITEMS)
        self.released: tuple[ReleasedInput, ...] = ()

    def compute(
        self,
        period: str,
        now: np.ndarray,
        then: np.ndarray | None = None,
        population: Population | None = None,
        minutes: np.ndarray | int = 0,
    ) -> None:
        """Everything of a month in which these members (by number) answered, and of the window before it these.

        `population` has their answers of now, if others than then; `minutes` is when they gave them.
        """
        settings = self.programme.settings
        settings.folder.make_private()
        loaded = load_programme(settings)
        with warehouse.opened(settings.folder.warehouse) as connection:
            warehouse.prepare(connection)
            warehouse.set_key(connection, b"k" * 32)
            reference_schema.fill(connection, replace(loaded, released=self.released), Period.parse(period))
            warehouse.run_models(connection, ["reference"])
            for table in ("export_verdicts", "responses"):
                connection.execute(
                    f"create or replace table validated.{table} (sha256 varchar, file_name varchar, source varchar,"
                    " received_on date, verdict varchar)"
                )
            connection.execute(
                "create or replace table counted.responses as select 0 as response, '' as \"window\", '' as respondent,"
                " '' as collective_id, '' as organisation_id, timestamp '2026-01-01' as submitted_at,"
                " [1::utinyint] as item_values where false"
            )
            disclosure_record.load(connection, settings.folder.disclosure_record)

            def fill(connection: warehouse.Connection) -> None:
                self._insert(connection, "current", now, population or self.population, minutes)
                if then is not None:
                    self._insert(connection, "former", then, self.population, 0)

            # It takes the place of the model that reads validated answers.
            given = warehouse.PythonModel("counted.responses", fill, frozenset())
            models = [*python_models(settings.folder.private / "profiles"), given]
            warehouse.run_models(connection, SCHEMAS, models)

    def _insert(
        self, connection, window: str, members: np.ndarray, people: Population, minutes: np.ndarray | int
    ) -> None:
        import pandas

        frame = pandas.DataFrame(
            {
                "member": members,
                "minute": members + minutes,
                "organisation_id": [f"o{owner}" for owner in people.organisation[members]],
                "collective_id": [
                    f"o{owner}-{number}"
                    for owner, number in zip(people.organisation[members], people.collective[members], strict=True)
                ],
                "item_values": list(people.answers[members]),
            }
        )
        connection.register("simulated", frame)
        connection.execute(
            "insert into counted.responses select (select count(*) from counted.responses) + row_number() over (),"
            " $window, 'm' || member, collective_id, organisation_id,"
            " timestamp '2026-01-01' + to_minutes(cast(minute as bigint)), cast(item_values as utinyint[])"
            " from simulated",
            {"window": window},
        )

    def release(self, period: str) -> None:
        """Keep what the month stands on, as a release does."""
        settings = self.programme.settings
        disclosure_record.write(settings.folder.warehouse, settings.folder.disclosure_record, period, 1)
        self.released = (*self.released, ReleasedInput(period, 1, "x"))
        self.programme.write_manifest(period, window_months=3, inputs=(manifest.InputFile("x", "x", "form"),))

    def release_with_database(self, period: str) -> Path:
        """The same with the database of figures, unaudited; returns the database."""
        self.release(period)
        made = manifest.newest(self.programme.settings.folder, period)
        built = made.database_in(self.programme.settings.folder)
        database.build_period(self.programme.settings.folder.warehouse, built, made)
        return built

    def query(self, sql: str) -> list[tuple]:
        return self.programme.query(sql)
