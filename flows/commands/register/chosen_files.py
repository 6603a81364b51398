"""Which files are checked: those of the programme, or files and folders that are not yet in place."""

from collections.abc import Sequence
from pathlib import Path

from flows.foundation.errors import UserError
from flows.programme import register, register_files
from flows.programme.register import ReadRegister, ReadTable
from flows.programme.register_rows import Collective, Organisation
from flows.programme.register_table import NotRead, clean_headings

_MODELS: dict[str, type[Organisation] | type[Collective]] = {
    register.ORGANISATIONS: Organisation,
    register.COLLECTIVES: Collective,
}


def read_register(folder: Path, given: Sequence[Path]) -> ReadRegister:
    """Read the register in a folder, with the given files and those in given folders in place of its own.

    Raises:
        UserError: a given path holds no table of the register, or two hold the same.
    """
    chosen: dict[str, Path] = {}
    for path in given:
        for stem, found in _tables(path):
            if stem in chosen:
                raise UserError(f"Both {chosen[stem]} and {found} hold {stem}; name one of them.")
            chosen[stem] = found
    return ReadRegister(
        _read(folder, chosen, register.ORGANISATIONS, Organisation),
        _read(folder, chosen, register.COLLECTIVES, Collective),
    )


def _read(folder: Path, chosen: dict[str, Path], stem: str, model: type[register.Model]) -> ReadTable[register.Model]:
    if path := chosen.get(stem):
        return register.read_file(path, str(path), model)
    return register.read_table(folder, stem, model)


def _tables(path: Path) -> list[tuple[str, Path]]:
    """The tables of the register that a path holds, each with its file."""
    if not path.exists():
        raise UserError(f"{path}: there is no such file.")
    try:
        if not path.is_dir():
            return [(stem, path) for stem in _kinds(path)]
        found = [(stem, register_files.find(path, stem)) for stem in _MODELS]
    except NotRead as problem:
        raise UserError(f"{path}: {problem}") from None
    present = [(stem, file) for stem, file in found if file.exists()]
    if not present:
        raise UserError(f"{path}: this folder has neither organisations nor collectives, as .csv or .xlsx.")
    return present


def _kinds(path: Path) -> list[str]:
    """Which tables a file holds, by its headings, because a file that was sent may have any name."""
    sheets = register_files.opened(path, register.HEADINGS).headings().values()
    kinds = {kind for cells in sheets if (kind := _kind(set(clean_headings(cells))))}
    if not kinds:
        raise NotRead("no headings of the register, such as organisation_id or collective_id, are in it.")
    return sorted(kinds)


def _kind(headings: set[str]) -> str | None:
    """The table that a sheet most resembles; a mistake in one heading is told when it is read."""
    shared = {stem: len(headings & set(model.model_fields)) for stem, model in _MODELS.items()}
    nearest = max(shared, key=lambda stem: shared[stem])
    return nearest if shared[nearest] > 1 else None
