"""`motiefmix erase`: a member who wants to be forgotten is taken out of everything that is kept of answers.

What was published stays as it is: the difference between an old release and one without them would be their answers.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from flows.programme import load_programme
from flows.settings import Settings
from flows.steps import lock, warehouse
from flows.steps.disclosure import ledger
from flows.steps.forgetting import clean_database, kept_files, tombstones
from flows.steps.forgetting.tombstones import Tombstone
from flows.steps.ingest import landing
from flows.steps.ingest.form import declared_encodings
from flows.steps.mistakes import Mistake
from flows.steps.places import Places
from flows.steps.plain_text import counted, printable
from flows.steps.pseudonyms import pseudonym

_ROWS = """
    select responses.sha256, responses.row_number, responses.respondent, exports.series, responses.response_id
    from raw.responses as responses inner join raw.exports as exports on responses.sha256 = exports.sha256
    where responses.respondent in (select unnest($respondents))
        or (exports.source = $source and responses.response_id = $response)
"""


@dataclass(frozen=True)
class Erased:
    """What was erased, without anything of the person; `releases` counted the person and stay as they are.

    An answer counts once, in however many exports it stood.
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
    """A row of a kept export, and the answer that stands in it: the same one in every export of its form."""

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
    """Take out a member by what the survey tool calls them, or one response by its source and id.

    With `in_advance` also a member of whom nothing is kept: later exports are read without them.

    Raises:
        Mistake: nobody is named, nothing is known of them, or a run is busy.
    """
    if bool(member) == bool(response) or bool(response) != bool(source_name):
        raise Mistake("Say who: motiefmix erase --member ID, or motiefmix erase --source SOURCE --response ID")
    places = settings.places
    places.make_private()
    with lock.held(places):
        keys = settings.pseudonym_keys()
        people = {pseudonym(key, "respondent", member) for key in keys.every} if member else set()
        rows = _rows(places.warehouse, people, source_name or "", response or "")
        people |= {row.respondent for row in rows}
        if not people or not (in_advance or _is_known(places, people, rows)):
            raise Mistake(_unknown(source_name or "", response or ""))
        # Everything of these people, not only the answer by which they were found.
        return _erase(settings, places, people, _rows(places.warehouse, people, source_name or "", response or ""))


def _is_known(places: Places, people: set[str], rows: list[_Row]) -> bool:
    """Whether something is kept of these people: answers, a place in a release, or that they were erased before."""
    stones = tombstones.load(places.tombstones)
    return bool(
        rows
        or any(stones.has("person", person) for person in people)
        or ledger.releases_with(places.ledger, sorted(people))
    )


def _unknown(source_name: str, response: str) -> str:
    if response:
        return f"No kept answer has the id '{printable(response)}' in source '{printable(source_name)}'."
    return (
        "Nothing that is kept is of this member, so nothing was erased. Write them as the survey tool does, to the"
        " letter. To keep out somebody who has not answered yet, or whose answers are deleted already, add"
        " --in-advance."
    )


def _erase(settings: Settings, places: Places, people: set[str], rows: list[_Row]) -> Erased:
    today = settings.now().date().isoformat()
    files: dict[str, set[int]] = {}
    for row in rows:
        files.setdefault(row.sha256, set()).add(row.number)
    stones = [Tombstone("person", person, today) for person in sorted(people)]
    stones += [Tombstone("reduced", sha256, today) for sha256 in sorted(files)]
    # First what keeps them from coming back: a command that is killed now can be given again.
    tombstones.add(places.tombstones, stones)
    encodings = declared_encodings(load_programme(settings).sources)
    written = sum(
        kept_files.without_rows(places.landed / sha256, numbers, encodings) for sha256, numbers in files.items()
    )
    if rows:
        listed = ", ".join(f"({warehouse.literal(row.sha256)}, {int(row.number)})" for row in rows)
        clean_database.rewrite(places.warehouse, "select * from (values " + listed + ") as erased (sha256, row_number)")
    microdata = list(places.microdata.glob("*.parquet"))
    for kept in (*places.runs.glob("*/error.txt"), *microdata):
        kept.unlink()
    counted_in = ledger.releases_with(places.ledger, sorted(people))
    ledger.blank(places.ledger, sorted(people))
    erased = Erased(
        day=today,
        answers=len({row.answer for row in rows}),
        copies_written_again=written,
        copies_deleted=len(files) - written,
        microdata_files=len(microdata),
        releases=counted_in,
        inbox_files=tuple(_still_in_inbox(places.inbox, set(files))),
        certificate=str(_certificate_path(places.erasures, today)),
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


def _still_in_inbox(inbox: Path, fingerprints: set[str]) -> Iterator[str]:
    import hashlib

    for path in landing.inbox_files(inbox):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() in fingerprints:
                    yield path.relative_to(inbox).as_posix()


def _certificate_path(folder: Path, day: str) -> Path:
    folder.mkdir(mode=0o700, exist_ok=True)
    taken = len(list(folder.glob(f"{day}-*.json")))
    return folder / f"{day}-{taken + 1}.json"


def _write_certificate(path: Path, erased: Erased) -> None:
    """Nothing in it says who it was."""
    document = {key: value for key, value in asdict(erased).items() if key != "certificate"}
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(document, file, ensure_ascii=False, indent=2)


def describe(erased: Erased) -> str:
    """What was done and what is left to do, in lines."""
    return "\n".join(_lines(erased))


def _lines(erased: Erased) -> Iterator[str]:
    yield f"{counted(erased.answers, 'answer')} erased; a new export with them will be read without them."
    if erased.copies_deleted:
        yield (
            f"Kept copies of exports that went as a whole: {erased.copies_deleted}; only text can be written again"
            " without a row. The other answers stay; when the source changes, drop a fresh export."
        )
    for name in erased.inbox_files:
        yield f"Still in the inbox, with their answers: {name}. Replace it by a fresh export, or delete it."
    if erased.releases:
        yield (
            f"Counted in {', '.join(erased.releases)}. These stay as they are: without one person they would tell what"
            " that person answered."
        )
    if erased.microdata_files:
        yield f"Files of microdata that were deleted: {erased.microdata_files}. Ask for the copies that you handed out."
    yield f"Certificate, without anything of the person: {erased.certificate}"
