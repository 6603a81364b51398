"""Erasure: removes a member from every stored answer.

Published releases stay: the difference between a release with and one without the member would reveal their answers.
"""

import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from flows import warehouse
from flows.foundation.atomic_files import created
from flows.foundation.errors import UserError
from flows.foundation.messages import printable
from flows.privacy import warehouse_rewrite
from flows.privacy.rotation import changing
from flows.programme.folder import ProgrammeFolder
from flows.programme.loading import load_programme
from flows.programme.pseudonym_key import pseudonym
from flows.programme.settings import Settings
from flows.steps.disclosure import disclosure_record
from flows.steps.ingest.landing import inbox, reduced_copies, tombstones
from flows.steps.ingest.landing.tombstones import Tombstone
from flows.steps.ingest.recognised_export import declared_encodings

_ROWS = """
    select responses.sha256, responses.row_number, responses.respondent, exports.series, responses.response_id
    from raw.responses as responses inner join raw.exports as exports on responses.sha256 = exports.sha256
    where responses.respondent in (select unnest($respondents))
        or (exports.source = $source and responses.response_id = $response)
"""


@dataclass(frozen=True)
class Erased:
    """What was erased, without identifying the person. `releases` counted the person and stay unchanged.

    An answer is counted once, however many exports it was in.
    """

    day: str
    answers: int
    copies_written_again: int
    copies_deleted: int
    microdata_files: int
    releases: tuple[str, ...]
    inbox_files: tuple[str, ...]
    certificate: str


@dataclass(frozen=True)
class _Row:
    """A row of a stored export. `answer` identifies the response across all exports of its form."""

    sha256: str
    number: int
    respondent: str
    series: str
    response_id: str

    @property
    def answer(self) -> tuple[str, str]:
        return self.series, self.response_id


def erase(
    settings: Settings, member: str | None, source_name: str | None, response: str | None, in_advance: bool = False
) -> Erased:
    """Remove a member by their id in the survey tool, or one response by its source and id.

    With `in_advance` also a member of whom nothing is kept: later exports are read without that member.

    Raises:
        UserError: nobody is named, nothing is kept of them, or a run is in progress.
    """
    if bool(member) == bool(response) or bool(response) != bool(source_name):
        raise UserError("Say who: motiefmix erase --member ID, or motiefmix erase --source SOURCE --response ID")
    folder = settings.folder
    folder.make_private()
    with changing(folder):
        keys = settings.pseudonym_keys()
        people = {pseudonym(key, "respondent", member) for key in keys.every} if member else set()
        rows = _rows(folder.warehouse, people, source_name or "", response or "")
        people |= {row.respondent for row in rows}
        if not people or not (in_advance or _is_known(folder, people, rows)):
            raise UserError(_unknown(source_name or "", response or ""))
        # All answers of these people, not only the response that identified them.
        return _erase(settings, folder, people, _rows(folder.warehouse, people, source_name or "", response or ""))


def _is_known(folder: ProgrammeFolder, people: set[str], rows: list[_Row]) -> bool:
    """Whether anything is kept of these people: answers, entries in a disclosure record, or tombstones."""
    kept_out = tombstones.load(folder.tombstones)
    return bool(
        rows
        or any(kept_out.has("person", person) for person in people)
        or disclosure_record.releases_with(folder.disclosure_record, sorted(people))
    )


def _unknown(source_name: str, response: str) -> str:
    if response:
        return f"No kept answer has the id '{printable(response)}' in source '{printable(source_name)}'."
    return (
        "Nothing that is kept is of this member, so nothing was erased. Write the id exactly as the survey tool does."
        " To exclude somebody who has not answered yet, or whose answers are already deleted, add"
        " --in-advance."
    )


def _erase(settings: Settings, folder: ProgrammeFolder, people: set[str], rows: list[_Row]) -> Erased:
    today = settings.now().date().isoformat()
    files: dict[str, set[int]] = {}
    for row in rows:
        files.setdefault(row.sha256, set()).add(row.number)
    added = [Tombstone("person", person, today) for person in sorted(people)]
    added += [Tombstone("reduced", sha256, today) for sha256 in sorted(files)]
    # Tombstones first: if the command is killed now, running it again completes the erasure.
    tombstones.add(folder.tombstones, added)
    encodings = declared_encodings(load_programme(settings).sources)
    written = sum(
        reduced_copies.without_rows(folder.landed / sha256, numbers, encodings) for sha256, numbers in files.items()
    )
    if rows:
        listed = ", ".join(f"({warehouse.literal(row.sha256)}, {int(row.number)})" for row in rows)
        warehouse_rewrite.rewrite(
            folder.warehouse, "select * from (values " + listed + ") as erased (sha256, row_number)"
        )
    shutil.rmtree(folder.backups, ignore_errors=True)
    microdata = list(folder.microdata.glob("*.parquet"))
    for kept in (*folder.runs.glob("*/error.txt"), *microdata):
        kept.unlink()
    counted_in = disclosure_record.releases_with(folder.disclosure_record, sorted(people))
    disclosure_record.blank(folder.disclosure_record, sorted(people))
    erased = Erased(
        day=today,
        answers=len({row.answer for row in rows}),
        copies_written_again=written,
        copies_deleted=len(files) - written,
        microdata_files=len(microdata),
        releases=counted_in,
        inbox_files=tuple(_still_in_inbox(folder.inbox, set(files))),
        certificate=str(_certificate_path(folder.erasures, today)),
    )
    _write_certificate(Path(erased.certificate), erased)
    return erased


def _rows(database: Path, people: set[str], source_name: str, response: str) -> list[_Row]:
    if not database.exists():
        return []
    with warehouse.opened(database, read_only=True) as connection:
        if not warehouse.has_table(connection, "raw.responses"):
            return []
        values = {"respondents": sorted(people), "source": source_name, "response": response}
        return [_Row(*row) for row in connection.execute(_ROWS, values).fetchall()]


def _still_in_inbox(exports: Path, fingerprints: set[str]) -> Iterator[str]:
    import hashlib

    for path in inbox.inbox_files(exports):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() in fingerprints:
                    yield path.relative_to(exports).as_posix()


def _certificate_path(folder: Path, day: str) -> Path:
    folder.mkdir(mode=0o700, exist_ok=True)
    taken = len(list(folder.glob(f"{day}-*.json")))
    return folder / f"{day}-{taken + 1}.json"


def _write_certificate(path: Path, erased: Erased) -> None:
    """Write a certificate that does not identify the person."""
    document = {key: value for key, value in asdict(erased).items() if key != "certificate"}
    with created(path) as file:
        file.write(json.dumps(document, ensure_ascii=False, indent=2).encode())
