"""Creates a programme folder with commented settings and an example register, and a small example programme in it.

The example is a separate programme, so none of its data can enter the reports of the real one or block its runs.
"""

import csv
import os
from datetime import date
from pathlib import Path

from flows.commands.telling import say
from flows.foundation.atomic_files import text_of
from flows.foundation.errors import UserError
from flows.foundation.yaml_edit import Place, with_values
from flows.programme import instrument, settings
from flows.programme.folder import ProgrammeFolder
from flows.programme.period import Period

EXAMPLE = "example"
_TEMPLATES = Path(__file__).parent


def create(root: Path, today: date) -> tuple[Path, ...]:
    """Write a new programme with an example inside, and return its files, the example's last.

    Raises:
        UserError: the folder is not empty.
    """
    if root.exists() and any(root.iterdir()):
        raise UserError(f"{root} is not empty. Choose a new folder: motiefmix init DIR")
    folder = ProgrammeFolder(root.resolve())
    written = _write_programme(folder, "motiefmix.toml")
    example = ProgrammeFolder(folder.root / EXAMPLE)
    tried = _write_programme(example, "example.toml")
    source = _write_source(example.sources / "example.yaml")
    export = _write_export(example.inbox / "example-export.csv", Period.of(today).plus(-1))
    return (*written, *tried, source, export)


def _write_programme(folder: ProgrammeFolder, template: str) -> tuple[Path, ...]:
    for path in (folder.register, folder.sources, folder.inbox, folder.releases, folder.public):
        path.mkdir(parents=True, exist_ok=True)
    folder.make_private()
    folder.let_analysts_through()
    written = (
        _copy(template, folder.root / settings.SETTINGS_FILE),
        _copy("organisations.csv", folder.register / "organisations.csv"),
        _copy("collectives.csv", folder.register / "collectives.csv"),
    )
    settings.create_key(settings.load(folder.root).key_file)
    return written


def _copy(name: str, target: Path) -> Path:
    target.write_text((_TEMPLATES / name).read_text(encoding="utf-8"), encoding="utf-8")
    return target


def _write_source(target: Path) -> Path:
    items = instrument.load("motives", target.parent).model.items
    columns: dict[Place, str] = {("columns", item): item for item in items}
    target.write_text(with_values(text_of(_TEMPLATES / "example.yaml"), columns), encoding="utf-8")
    return target


def _write_export(target: Path, period: Period) -> Path:
    """Write a dozen made-up answers of the previous month, to try out the process."""
    items = list(instrument.load("motives", target.parent).model.items)
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator=os.linesep)
        writer.writerow(["response_id", "member", "submitted", "group", "consent", *items])
        for number in range(1, 13):
            answers = [1 + (number * 7 + position * (2 + number % 3)) % 5 for position in range(len(items))]
            moment = f"{period}-{number + 5:02d} 20:{number:02d}:00"
            writer.writerow([number, f"member-{number}", moment, "Voorbeeldwijk", "yes", *answers])
    return target


def command(folder: Path) -> None:
    """Create the programme and print the next steps."""
    for path in create(folder, date.today()):  # noqa: DTZ011 the steward's own calendar
        print(path)
    chosen = settings.load(folder)
    print(f"{chosen.key_file}  (the key behind the pseudonyms: keep it safe, and separate from the data)")
    say(
        f"To try it out with made-up answers: motiefmix run -p {folder / EXAMPLE}\n"
        f"Then write your own organisations and collectives into {chosen.folder.register}. If you have no survey yet:\n"
        f"motiefmix questionnaire -p {folder}; if you have an export: motiefmix map FILE -p {folder}. Drop exports in\n"
        f"{chosen.folder.inbox}, and run: motiefmix run -p {folder}"
    )
