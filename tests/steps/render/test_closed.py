"""Rendering is closed: hostile names stay text, and nothing is opened but our own fonts and templates."""

import io
import socket
import sys

import pikepdf
import pytest

from flows import warehouse
from flows.foundation.resources import resource
from flows.steps.render import documents
from flows.steps.render.report import fill
from tests import programmes
from tests.steps.render.organisation import read_organisation
from tests.steps.render.settings import SETTING

HOSTILE = [
    "<script>alert(1)</script>",
    "{{7*7}}{% include '/etc/passwd' %}",
    "@import url(http://192.0.2.1/x.css);",
    "<img src='file:///etc/passwd'/>",
    "<svg><image href='file:///etc/passwd'/></svg>",
    "'; drop table raw.responses; --",
    "../../../etc/passwd",
    "&lt;b&gt; &#60;i&#62; ]]> <!--",
]


@pytest.fixture(scope="module")
def programme(tmp_path_factory):
    made = programmes.make(tmp_path_factory.mktemp("closed") / "programme")
    made.register(
        organisations=[{"organisation_id": "town", "name": HOSTILE[0], "language": "nl"}],
        collectives=[
            {**programmes.COLLECTIVES[0], "collective_id": f"c{number}", "name": name, "type": name[:60]}
            for number, name in enumerate(HOSTILE)
        ],
    )
    programmes.plain_source(made, programmes.ITEMS)
    rows = [
        programmes.answers(100 * number + n, group=f"c{number}") for number in range(len(HOSTILE)) for n in range(12)
    ]
    made.export("answers.csv", rows)
    made.compute()
    return made


@pytest.fixture(scope="module")
def page(programme):
    with warehouse.opened(programme.settings.folder.warehouse, read_only=True) as connection:
        return fill(read_organisation(connection, "town"), SETTING)


class _Watch:
    """Everything that Python is told to open, to connect to or to start while it is on."""

    def __init__(self) -> None:
        self.is_on = False
        self.seen: list[tuple[str, str]] = []
        sys.addaudithook(self._note)

    def _note(self, event: str, values: tuple) -> None:
        if self.is_on and (event == "open" or event.startswith(("socket.", "urllib.", "subprocess.", "os.exec"))):
            self.seen.append((event, str(values[0])))

    def __enter__(self) -> "_Watch":
        self.seen.clear()
        self.is_on = True
        return self

    def __exit__(self, *_: object) -> None:
        self.is_on = False


@pytest.fixture(scope="module")
def watch():
    """Made late: nobody takes a hook away again, and it slows down all that comes after it."""
    return _Watch()


def test_the_watch_sees_files_and_connections(watch, tmp_path):
    with watch:
        (tmp_path / "seen").write_text("")
        socket.socket().close()
    assert {event for event, _ in watch.seen} >= {"open", "socket.__new__"}


def test_no_connection_is_opened_and_no_file_but_our_own(watch, page):
    documents.write_pdf(*page)
    with watch:
        documents.write_pdf(*page)
    ours = str(resource("report_templates"))
    assert [entry for entry in watch.seen if entry[0] != "open" or not entry[1].startswith(ours)] == []


def test_names_are_text_in_the_page_and_in_the_file(page):
    text, charts = page
    assert "<script>" not in text
    assert "{{7*7}}" in text
    assert "root:" not in text + "".join(charts.values())
    pdf, _ = documents.write_pdf(*page)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        with document.open_metadata() as metadata:
            assert HOSTILE[0] in metadata["dc:title"]
        links = [link for sheet in document.pages for link in sheet.get("/Annots", [])]
        assert {str(link.Dest) for link in links} == {
            "method",
            *(f"collective-c{number}" for number in range(len(HOSTILE))),
        }
        assert not [link for link in links if "/A" in link]
        assert "/Names" not in document.Root or "/JavaScript" not in document.Root.Names


def test_names_do_nothing_in_paths_and_tables(programme):
    assert programme.query("select count(*) from raw.responses") == [(12 * len(HOSTILE),)]
    assert {name for (name,) in programme.query("select name from published.collectives")} == set(HOSTILE)
    beside = [path.name for path in programme.root.parent.iterdir() if path != programme.root]
    assert beside == [f"{programme.root.name}.pseudonym-key"]
