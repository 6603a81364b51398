"""Any bytes at all: a file spoiled anywhere is held or read, and never ends in an exception or a hang."""

import io
import json
import zipfile
from collections.abc import Callable, Iterable

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests import programmes
from tests.selection import ordinarily
from tests.steps.ingest.hostile_files import (
    SECONDS,
    SHEET,
    good_objects,
    good_table,
    processor_seconds,
    sheet,
    spss,
    table,
    unnumbered,
    workbook,
)


def _rezipped(content: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """A workbook of which the sheet is changed inside a sound package, so that the change reaches the parser."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == SHEET else old.read(name))
    return file.getvalue()


SOUND: dict[str, Callable[[], bytes]] = {
    "csv": lambda: table(good_table()).encode(),
    "tsv": lambda: table(good_table(), "\t").encode("utf-16"),
    "json": lambda: json.dumps(good_objects()).encode(),
    "xlsx": lambda: workbook(sheet(unnumbered(good_table()))),
    "sheet": lambda: workbook(sheet(unnumbered(good_table()))),
    "sav": spss,
    "zsav": lambda: spss(compressed=True),
}
READ_IN_A_CHILD = ("json", "xlsx", "sheet", "sav", "zsav")
# A place as a share of the file, what happens there, and bytes that it happens with.
EDITS = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),
        st.sampled_from(["flip", "put", "cut", "repeat", "end"]),
        st.binary(min_size=1, max_size=12),
    ),
    min_size=1,
    max_size=8,
)


def mutated(content: bytes, edits: Iterable[tuple[float, str, bytes]]) -> bytes:
    for share, kind, piece in edits:
        at = int(share * len(content))
        head, tail = content[:at], content[at:]
        content = {
            "flip": head + bytes(b ^ p for b, p in zip(tail, piece, strict=False)) + tail[len(piece) :],
            "put": head + piece + tail,
            "cut": head + tail[len(piece) :],
            "repeat": head + tail[: piece[0]] + tail,
            "end": head,
        }[kind]
    return content


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory) -> programmes.TestProgramme:
    programme = programmes.make(tmp_path_factory.mktemp("fuzzed") / "programme")
    programmes.plain_source(programme, programmes.ITEMS)
    programmes.plain_source(programme, programmes.ITEMS, name="spss", tool="spss")
    return programme


def _is_held_or_read(programme: programmes.TestProgramme, format_: str, edits: list[tuple[float, str, bytes]]) -> None:
    sound = SOUND[format_]()
    content = _rezipped(sound, lambda part: mutated(part, edits)) if format_ == "sheet" else mutated(sound, edits)
    path = programme.root / "inbox" / f"any.{format_}"
    path.write_bytes(content)
    programmes.at_rest(path)
    begin = processor_seconds()
    ingested = programme.ingest()
    assert processor_seconds() - begin < SECONDS
    assert f"any.{format_}" in {file.file_name for file in (*ingested.exports, *ingested.unread)}
    (programme.root / "inbox" / f"any.{format_}").unlink()
    programme.settings.folder.warehouse.unlink()


def _fuzz(examples: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Shrinking an example that fails would start as many readers again."""
    return settings(
        max_examples=examples,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


@pytest.mark.parametrize("format_", [name for name in SOUND if name not in READ_IN_A_CHILD])
@_fuzz(10)
@given(edits=EDITS)
def test_no_bytes_of_text_end_in_an_exception_or_a_hang(fuzzed, format_, edits):
    _is_held_or_read(fuzzed, format_, edits)


@pytest.mark.parametrize("format_", ordinarily(READ_IN_A_CHILD, only=["sheet", "sav"]))
@_fuzz(3)
@given(edits=EDITS)
def test_no_bytes_of_other_formats_end_in_an_exception_or_a_hang(fuzzed, format_, edits):
    _is_held_or_read(fuzzed, format_, edits)


@pytest.mark.slow
@pytest.mark.parametrize("format_", SOUND)
@_fuzz(150)
@given(edits=EDITS)
def test_no_bytes_of_any_format_end_in_an_exception_or_a_hang(fuzzed, format_, edits):
    _is_held_or_read(fuzzed, format_, edits)
