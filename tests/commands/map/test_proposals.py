"""What a file evidently is, is proposed; what a tool writes itself is never taken for a collective."""

# ruff: noqa: E501 rows of names
import pytest

from flows.commands.map import map_file
from flows.steps.ingest.dialects import is_own_column
from tests import programmes
from tests.steps.ingest import exports

SYSTEM = [
    "Last page", "lastpage", "Laatste pagina", "Letzte Seite", "seed", "Zufallsgeneratorstartwert", "ipaddr", "IP Adres",
    "Start language", "datestamp", "Date last action", "interviewtime", "Respons-ID", "Progress", "Status", "IPAddress",
    "Duration (in seconds)", "Finished", "DistributionChannel", "UserLanguage", "Q1_First Click", "Q1_Page Submit", "Q7_DO_1",
    "Collector ID", "collector_id", "Respondent ID", "_index", "_status", "__version__", "_validation_status", "_submitted_by",
    "formhub/uuid", "ReviewState", "FormVersion", "Edits", "DeviceID", "session", "expired", "Network ID", "Response Type", "Tags",
    "Tijdstempel", "Timestamp", "Begintijd", "Tijd van laatste wijziging", "E-mail", "#", "id", "version", "status", "duration",
]  # fmt: skip


def _map(programme, rows: list[dict[str, object]], *answers: str):
    path = programmes.write_csv(programme.root / "form.csv", rows)
    return map_file(programme.settings, path, None, answers)


def _rows(count: int = 8, **own) -> list[dict[str, object]]:
    """Responses of a plain table: `own` are texts, or what makes one of the number of a response."""
    items = programmes.ITEMS
    return [
        {**{name: text(n) if callable(text) else text for name, text in own.items()},
         **dict(zip(items, programmes.coherent(n), strict=True))}
        for n in range(1, count + 1)
    ]  # fmt: skip


def _answers(mapped, about: str) -> list[tuple[str, ...]]:
    return [answer for question in mapped.questions if question.about == about for answer in question.answers]


@pytest.mark.parametrize("name", SYSTEM)
def test_a_column_that_a_tool_fills_in_is_never_proposed_as_collective(programme, name):
    assert is_own_column(name)
    mapped = _map(programme, _rows(**{name: lambda n: f"v{n % 3}", "Groep": lambda n: f"Groep {n % 3}"}))
    columns = [part for answer in _answers(mapped, "collective") for part in answer if "column=" in part]
    assert columns == ["collective.column=Groep"]


@pytest.mark.parametrize("tool", [name for name in exports.EXPORTS if name != "plain"])
def test_no_column_of_the_tool_itself_is_proposed_whatever_the_tool(programme, tmp_path, tool):
    path = tmp_path / "export.csv"
    path.write_bytes(exports.as_csv(exports.EXPORTS[tool][1]))
    given = {part for answer in _answers(map_file(programme.settings, path, None, ()), "collective") for part in answer}
    own = {
        "Status",
        "status",
        "lastpage",
        "startlanguage",
        "seed",
        "id",
        "Progress",
        "Finished",
        "ReviewState",
        "_index",
    }
    assert not given & {f"collective.column={name}" for name in own}


def test_a_state_that_happens_to_be_an_id_of_the_register_proves_nothing(programme):
    programme.register(collectives=[{**programmes.COLLECTIVES[0], "collective_id": "done"}])
    mapped = _map(programme, _rows(status="done", Groep=lambda n: f"Groep {n % 2}"))
    assert "column: status" not in mapped.path.read_text()
    assert _answers(mapped, "collective")[0] == ("collective.from=column", "collective.column=Groep")


def test_an_item_is_no_collective(programme):
    mapped = _map(programme, _rows())
    assert [answer for answer in _answers(mapped, "collective") if "collective.from=column" in answer] == []


@pytest.mark.parametrize(
    ("name", "moment", "answer"),
    [
        ("submitted", "2026-10-05 10:00:00", ("date.column=submitted", "date.order=ymd")),
        ("Submitted_At", "05/10/2026", ("date.column=Submitted_At",)),
        ("submit date", "25-10-2026 10:00", ("date.column=submit date", "date.order=dmy")),
        ("startdate", "10/25/2026", ("date.column=startdate", "date.order=mdy")),
        ("Timestamp (UTC)", "2026-10-05 10:00", ("date.column=Timestamp (UTC)", "date.order=ymd", "date.timezone=UTC")),
        ("Datum", "2026-10-05", ("date.column=Datum", "date.order=ymd")),
    ],
)
def test_an_evident_date_is_proposed_with_what_it_proves(programme, name, moment, answer):
    mapped = _map(programme, _rows(**{name: moment, "group": "watch"}))
    assert _answers(mapped, "date")[0] == answer
    answered = _map(programme, _rows(**{name: moment, "group": "watch"}), *answer)
    assert "date" not in {question.about for question in answered.questions}


def test_the_date_nearest_to_the_end_of_answering_comes_first(programme):
    day = "2026-10-05"
    mapped = _map(programme, _rows(startdate=day, created=day, submitted=day, group="watch"))
    columns = [answer[0] for answer in _answers(mapped, "date")]
    assert columns == [
        "date.column=submitted",
        "date.column=created",
        "date.column=startdate",
        "date.constant=2026-10-15",
    ]


@pytest.mark.parametrize("text", ["yes", "1696500000", "", "ja, 2026"])
def test_a_column_with_the_name_of_a_date_that_holds_none_is_not_proposed(programme, text):
    mapped = _map(programme, _rows(submitted=text, group="watch"))
    assert _answers(mapped, "date") == [("date.column=?",), ("date.constant=2026-10-15",)]


@pytest.mark.parametrize("name", ["ID", "id", "response id", "Response_ID", "uuid", "Respons-ID", "recordId"])
def test_an_evident_id_is_proposed_when_each_response_has_another(programme, name):
    mapped = _map(programme, _rows(**{name: lambda n: f"r{n}", "group": "watch"}))
    assert _answers(mapped, "response_id") == [(f"response_id={name}",)]
    assert "response_id: none" in mapped.path.read_text()


@pytest.mark.parametrize(
    "text", [lambda n: f"r{min(n, 7)}", lambda n: f"r{n}" if n > 1 else "", lambda n: f"r{n % 300}"]
)
def test_an_id_that_is_empty_or_stands_twice_is_none(programme, text):
    assert _answers(_map(programme, _rows(310, id=text, group="watch")), "response_id") == []


def test_a_long_column_of_ids_is_looked_through_to_its_end(programme):
    assert _answers(_map(programme, _rows(310, id=lambda n: n, group="watch")), "response_id") == [("response_id=id",)]
