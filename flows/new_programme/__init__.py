"""Makes a programme folder with commented settings, an example register, and a source with an export that fits it."""

import csv
import os
from datetime import date
from pathlib import Path

from flows import settings
from flows.steps import instrument
from flows.steps.mistakes import Mistake
from flows.steps.period import Period
from flows.steps.places import Places

_TEMPLATES = Path(__file__).parent


def create(root: Path, today: date) -> tuple[Path, ...]:
    """Write a new programme and return its files, the made-up export last.

    Raises:
        Mistake: there is a programme already, or something else that would be overwritten.
    """
    if root.exists() and any(root.iterdir()):
        raise Mistake(f"{root} is not empty. Choose a new folder: motiefmix init DIR")
    places = Places(root.resolve())
    for folder in (places.register, places.sources, places.inbox, places.releases, places.public):
        folder.mkdir(parents=True, exist_ok=True)
    places.make_private()
    places.let_analysts_through()
    written = (
        _copy("motiefmix.toml", places.root / settings.SETTINGS_FILE),
        _copy("organisations.csv", places.register / "organisations.csv"),
        _copy("collectives.csv", places.register / "collectives.csv"),
        _write_source(places.sources / "example.yaml"),
    )
    example = places.sources / "example-export.csv"
    _write_export(example, Period.parse(settings.last_month(today)))
    settings.create_key(settings.load(places.root).key_file)
    return (*written, example)


def _copy(name: str, target: Path) -> Path:
    target.write_text((_TEMPLATES / name).read_text(encoding="utf-8"), encoding="utf-8")
    return target


def _write_source(target: Path) -> Path:
    items = instrument.load("motives", target.parent).model.items
    columns = "".join(f"  {item}: {item}\n" for item in items)
    target.write_text((_TEMPLATES / "example.yaml").read_text(encoding="utf-8") + columns, encoding="utf-8")
    return target


def _write_export(target: Path, period: Period) -> None:
    """A dozen made-up answers of the month before, to see the way once."""
    items = list(instrument.load("motives", target.parent).model.items)
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator=os.linesep)
        writer.writerow(["response_id", "member", "submitted", "group", "consent", *items])
        for number in range(1, 13):
            answers = [1 + (number * 7 + position * (2 + number % 3)) % 5 for position in range(len(items))]
            moment = f"{period}-{number + 5:02d} 20:{number:02d}:00"
            writer.writerow([number, f"member-{number}", moment, "Voorbeeldwijk", "yes", *answers])
