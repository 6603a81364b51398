"""What a survey tool exports of people stays in the kept export: planted marks are sought in every byte of all else."""

import json
import os
import stat
import zipfile
from collections.abc import Iterator
from datetime import date
from email import message_from_bytes, policy
from io import BytesIO

import pikepdf
import pypdfium2
import pytest

from flows.commands import approve, deliver, run
from tests import programmes
from tests.steps.ingest.exports import as_csv, import_ids

pytestmark = pytest.mark.prefect
MARKS = {
    "IPAddress": "198.51.100.77",
    "RecipientLastName": "Zwaluwenberg",
    "RecipientFirstName": "Marijtje",
    "RecipientEmail": "marijtje.zwaluwenberg@example.org",
    "ExternalReference": "lidnummer-778899",
    "LocationLatitude": "52.370216",
    "LocationLongitude": "4.895168",
    "Q_Device": "Fairphone-55",
    "Q_free": "Ik doe mee vanwege mijn buurman Evert-Jan",
}
# An answer in words that nobody else gives, so that it can be found again.
ANSWER = "Heel erg mee eens 7731"


def _export() -> bytes:
    own = ["RecordedDate", "ResponseId", "Status", "Finished", "DistributionChannel"]
    headings = [*own, *MARKS, "group", *programmes.ITEMS]
    rows = [headings, headings, import_ids(headings, "Europe/Amsterdam")]
    for number in range(1, 31):
        marks = [f"{mark}-{number}" if number > 1 else mark for mark in MARKS.values()]
        values = list(map(str, programmes.coherent(number)))
        if number == 1:
            values[0] = ANSWER
        state = ["2026-10-05 12:00:00", f"R_{number}", "IP Address", "True", "anonymous"]
        rows.append([*state, *marks, "watch", *values])
    return as_csv(rows)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    programme = programmes.make(tmp_path_factory.mktemp("privacy") / "programme")
    answers = ", ".join(f'"{value}": {value}' for value in range(1, 6))
    codes = "\n".join(f"  {scale}: {{{answers}}}" for scale in programmes.INSTRUMENT.response_scales)
    first = next(iter(programmes.INSTRUMENT.response_scales))
    codes = codes.replace(f"  {first}: {{", f'  {first}: {{"{ANSWER}": 5, ')
    programme.source(
        "form",
        f"tool: qualtrics\nanswers: codes\ncodes:\n{codes}\nrespondent: ExternalReference\n"
        "collective: {from: column, column: group}",
        {item: item for item in programmes.ITEMS},
    )
    by_mail = {"channel": "mail-attachment", "recipients": "office@example.org"}
    programme.register(organisations=[{**programmes.ORGANISATIONS[0], **by_mail}])
    path = programme.root / "inbox" / "export.csv"
    path.write_bytes(_export())
    programmes.at_rest(path)
    # As loose as a machine can be set up.
    before = os.umask(0)
    try:
        with pytest.MonkeyPatch.context() as patch:
            programmes.readable_bytes(patch)
            outcome = run.monthly_run(programme.settings, today=date(2026, 11, 2))
    finally:
        os.umask(before)
    assert outcome.exit_code == 0, outcome.message
    approve.approve(programme.settings, None, ())
    deliver.try_out(programme.settings, programme.root / "mails", None, ())
    return programme


def _holding(made, mark: str, *folders: str) -> list[str]:
    return [
        path.relative_to(made.root).as_posix()
        for folder in folders
        for path in sorted((made.root / folder).rglob("*"))
        if path.is_file() and any(mark.encode() in content for content in _contents(path.name, path.read_bytes()))
    ]


def _contents(name: str, content: bytes) -> Iterator[bytes]:
    """A file's bytes, and what they hold in another form: packed files, attachments, streams and words of a PDF."""
    yield content
    if name.endswith(".xlsx"):
        with zipfile.ZipFile(BytesIO(content)) as packed:
            yield from map(packed.read, packed.namelist())
    if name.endswith(".pdf"):
        with pikepdf.open(BytesIO(content)) as pdf:
            yield from (entry.read_bytes() for entry in pdf.objects if isinstance(entry, pikepdf.Stream))
        yield "\n".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(content)).encode()
    if name.endswith(".eml"):
        for part in message_from_bytes(content, policy=policy.default).walk():
            if not part.is_multipart():
                yield from _contents(part.get_filename() or "", part.get_payload(decode=True))


@pytest.mark.parametrize("field", MARKS)
def test_what_identifies_people_is_in_no_file_but_the_kept_export(made, field):
    (landed,) = made.settings.folder.landed.iterdir()
    folders = ("private", "releases", "public", "site", "mails")
    assert _holding(made, MARKS[field], *folders) == [landed.relative_to(made.root).as_posix()]


def test_an_answer_is_in_no_file_that_leaves_private(made):
    """Inside it stands in the kept export and as untouched text in the warehouse, which may compress it."""
    inside = _holding(made, ANSWER, "private")
    assert set(inside) <= {
        "private/warehouse.duckdb",
        *(f"private/landed/{p.name}" for p in made.settings.folder.landed.iterdir()),
    }
    assert _holding(made, ANSWER, "releases", "public", "site", "mails") == []
    assert made.query("select count(*) from raw.responses where list_contains(map_values(answers), ?)", ANSWER) == [
        (1,)
    ]


def test_what_is_looked_for_could_be_found(made):
    (respondent,) = made.query("select any_value(respondent) from raw.responses")[0]
    assert "private/warehouse.duckdb" in _holding(made, respondent, "private")
    assert "private/warehouse.duckdb" in _holding(made, ANSWER, "private")
    name = "Gemeente Voorbeeldstad"
    found = {path.rpartition(".")[2] for path in _holding(made, name, "releases", "public", "site", "mails")}
    assert found >= {"duckdb", "pdf", "xlsx", "html", "eml"}


def test_pseudonyms_are_in_no_file_that_leaves_private(made):
    for (respondent,) in made.query("select distinct respondent from raw.responses"):
        assert _holding(made, respondent, "releases", "public", "site", "mails") == []


def test_no_table_has_a_column_for_what_no_source_maps(made):
    columns = {name.lower() for (name,) in made.query("select distinct column_name from duckdb_columns()")}
    assert not columns & {name.lower() for name in MARKS}
    states = made.query("select distinct unnest(map_keys(states)) from raw.responses")
    assert not {name for (name,) in states} & set(MARKS)


def test_prefect_knows_nothing_of_answers_or_people(made):
    import sqlite3

    from prefect.settings import get_current_settings

    url = get_current_settings().server.database.connection_url.get_secret_value()
    with sqlite3.connect(url.split(":///")[1].split("?")[0]) as database:
        text = "\n".join(database.iterdump())
    assert "export.csv" in text, "the right database"
    assert not [mark for mark in (*MARKS.values(), ANSWER) if mark in text]


def test_nobody_else_can_read_what_is_private_however_loose_the_machine_is(made):
    private = made.settings.folder.private
    loose = [
        path.relative_to(made.root).as_posix()
        for path in (private, *private.rglob("*"))
        if stat.S_IMODE(path.lstat().st_mode) & 0o077
    ]
    assert loose == []
    assert stat.S_IMODE(made.settings.key_file.stat().st_mode) == 0o600


def test_what_is_public_can_be_read_by_analysts(made):
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o644 for path in (made.root / "public").iterdir())


def test_manifests_name_exports_and_no_people(made):
    (manifest,) = (made.root / "releases").rglob("manifest.json")
    assert json.loads(manifest.read_text())["inputs"][0]["file_name"] == "export.csv"
