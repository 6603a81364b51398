"""Makes a programme folder with commented settings and an example register, and in it a small programme to try.

The example is a programme of its own: nothing of it can enter the reports of the real one, or stand in its way.
"""

import csv
import os
from datetime import date
from pathlib import Path

from flows import settings
from flows.steps import instrument
from flows.steps.mistakes import Mistake
from flows.steps.period import Period
from flows.steps.places import Places

EXAMPLE = "example"
_TEMPLATES = Path(__file__).parent


def create(root: Path, today: date) -> tuple[Path, ...]:
    """Write a new programme with an example inside, and return its files, those of the example last.

    Raises:
        Mistake: there is a programme already, or something else that would be overwritten.
    """
    if root.exists() and any(root.iterdir()):
        raise Mistake(f"{root} is not empty. Choose a new folder: motiefmix init DIR")
    places = Places(root.resolve())
    written = _write_programme(places, "motiefmix.toml")
    example = Places(places.root / EXAMPLE)
    tried = _write_programme(example, "example.toml")
    source = _write_source(example.sources / "example.yaml")
    export = _write_export(example.inbox / "example-export.csv", Period.of(today).plus(-1))
    return (*written, *tried, source, export)


def _write_programme(places: Places, template: str) -> tuple[Path, ...]:
    for folder in (places.register, places.sources, places.inbox, places.releases, places.public):
        folder.mkdir(parents=True, exist_ok=True)
    places.make_private()
    places.let_analysts_through()
    written = (
        _copy(template, places.root / settings.SETTINGS_FILE),
        _copy("organisations.csv", places.register / "organisations.csv"),
        _copy("collectives.csv", places.register / "collectives.csv"),
    )
    settings.create_key(settings.load(places.root).key_file)
    return written


def _copy(name: str, target: Path) -> Path:
    target.write_text((_TEMPLATES / name).read_text(encoding="utf-8"), encoding="utf-8")
    return target


def _write_source(target: Path) -> Path:
    items = instrument.load("motives", target.parent).model.items
    columns = "".join(f"  {item}: {item}\n" for item in items)
    target.write_text((_TEMPLATES / "example.yaml").read_text(encoding="utf-8") + columns, encoding="utf-8")
    return target


def _write_export(target: Path, period: Period) -> Path:
    """A dozen made-up answers of the month before, to see the way once."""
    items = list(instrument.load("motives", target.parent).model.items)
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator=os.linesep)
        writer.writerow(["response_id", "member", "submitted", "group", "consent", *items])
        for number in range(1, 13):
            answers = [1 + (number * 7 + position * (2 + number % 3)) % 5 for position in range(len(items))]
            moment = f"{period}-{number + 5:02d} 20:{number:02d}:00"
            writer.writerow([number, f"member-{number}", moment, "Voorbeeldwijk", "yes", *answers])
    return target
