"""The instrument goes out as a survey and comes back as an export of that tool that needs no mapping.

Each survey file is read here as the tool would read it; members then answer it, and the export is written as that
tool writes exports.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from flows.cli import app
from flows.commands.questionnaire import TOOLS, write_questionnaire
from flows.foundation.errors import UserError
from flows.programme.loading import load_programme
from tests import programmes
from tests.selection import ordinarily
from tests.steps.ingest.exports import import_ids

MEMBERS = 12


@dataclass(frozen=True)
class Asked:
    """One question as a survey tool holds it: its code, its words, and the code and label of each answer."""

    code: str
    text: str
    answers: dict[str, str]


def _limesurvey(path: Path) -> Iterator[Asked]:
    """The structure as LimeSurvey's importer reads it: answers belong to the question above them, rows too."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    question: dict[str, str] = {}
    for number, row in enumerate(rows):
        if row["class"] == "Q":
            question = row
            below = rows[number + 1 :]
            ends = next((i for i, other in enumerate(below) if other["class"] in ("Q", "G")), len(below))
            answers = {other["name"]: other["text"] for other in below[:ends] if other["class"] == "A"}
            lines = [other for other in below[:ends] if other["class"] == "SQ"]
            for line in lines:
                yield Asked(f"{question['name']}[{line['name']}]", f"{question['text']} [{line['text']}]", answers)
            if not lines:
                yield Asked(question["name"], question["text"], answers)


def _qualtrics(path: Path) -> Iterator[Asked]:
    """The survey as Qualtrics' importer reads it: the export tag of a matrix row is the question's, then its number."""
    for part in re.split(r"\[\[Question:", path.read_text())[1:]:
        lines = [line for line in part.splitlines() if line and not line.startswith("[[PageBreak")]
        if not lines[0].startswith(("MC", "Matrix")):
            continue
        tag = re.fullmatch(r"\[\[ID:(\w+)\]\]", lines[1])[1]
        choices = dict(re.findall(r"\[\[Choice:(\d+)\]\]\n(.+)", part))
        answers = dict(re.findall(r"\[\[Answer:(\d+)\]\]\n(.+)", part))
        if answers:
            yield from (Asked(f"{tag}_{row}", f"{lines[2]} - {text}", answers) for row, text in choices.items())
        else:
            yield Asked(tag, lines[2], choices)


def _xlsform(path: Path) -> Iterator[Asked]:
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_path(str(path))
    assert book.sheet_names == ["survey", "choices", "settings"]
    survey, choices = (book.get_sheet_by_name(name).to_python() for name in ("survey", "choices"))
    for kind, name, label, *_ in survey[1:]:
        if kind.startswith("select_one "):
            answers = {str(row[1]): row[2] for row in choices[1:] if row[0] == kind.removeprefix("select_one ")}
            yield Asked(name, label, answers)


def _text(path: Path) -> Iterator[Asked]:
    for part in re.split(r"\n(?=\d+\. )", path.read_text())[1:]:
        heading = re.match(r"\d+\. (.+)", part)[1]
        answers = re.findall(r"\( \) (.+)", part)
        grid = re.search(r"\| (.+) \|", part)
        for line in re.findall(r"   - (.+)", part):
            yield Asked(line, f"{heading} [{line}]", dict.fromkeys(grid[1].split(" | ")))
        if answers:
            yield Asked(heading, heading, dict.fromkeys(answers))


def _answered(asked: list[Asked]) -> Iterator[list[str]]:
    """Codes of the answers of each member: the first gives no consent, the second uses the way out."""
    for member in range(MEMBERS):
        row = []
        for place, question in enumerate(asked):
            codes = list(question.answers)
            if place == 0:
                row.append(codes[1 if member == 0 else 0])
            elif place == 1:
                row.append(codes[0])
            else:
                row.append(codes[-1] if member == 1 and place == 2 else codes[(member + place) % 5])
        yield row


def _labels(asked: list[Asked], codes: list[str]) -> list[str]:
    return [question.answers[code] or code for question, code in zip(asked, codes, strict=True)]


def _csv(rows: list[list[object]], **how: object) -> bytes:
    text = io.StringIO()
    csv.writer(text, **how).writerows(rows)
    return text.getvalue().encode()


def _limesurvey_export(asked: list[Asked], in_full: bool) -> bytes:
    own = (
        ["Respons ID", "Datum verstuurd", "Laatste pagina", "Start taal"]
        if in_full
        else ["id", "submitdate", "lastpage", "startlanguage"]
    )
    rows: list[list[object]] = [[*own, *((q.text if in_full else q.code) for q in asked)]]
    for number, codes in enumerate(_answered(asked), 1):
        cells = _labels(asked, codes) if in_full else codes
        rows.append([number, f"2026-10-{number:02d} 10:00:00", 7, "nl", *cells])
    return _csv(rows, quoting=csv.QUOTE_ALL, delimiter=";")


def _qualtrics_export(asked: list[Asked], in_full: bool) -> bytes:
    own = ["StartDate", "EndDate", "Status", "Finished", "RecordedDate", "ResponseId"]
    rows: list[list[object]] = [
        [*own, *(question.code for question in asked)],
        [*own, *(question.text for question in asked)],
        import_ids(
            [
                *("startDate", "endDate", "status", "finished", "recordedDate", "_recordId"),
                *(f"QID_{question.code}" for question in asked),
            ],
            "Europe/Amsterdam",
        ),
    ]
    for number, codes in enumerate(_answered(asked), 1):
        moment = f"2026-10-{number:02d} 10:00:00"
        cells = _labels(asked, codes) if in_full else codes
        rows.append([moment, moment, "IP Address" if in_full else 0, 1, moment, f"R_{number}", *cells])
    return _csv(rows)


def _kobo_export(asked: list[Asked], in_full: bool) -> bytes:
    rows: list[list[object]] = [
        ["start", *((q.text if in_full else q.code) for q in asked), "_id", "_uuid", "_submission_time"]
    ]
    for number, codes in enumerate(_answered(asked), 1):
        cells = _labels(asked, codes) if in_full else codes
        rows.append(["", *cells, number, f"u{number}", f"2026-10-{number:02d}T10:00:00"])
    return _csv(rows, delimiter=";", quoting=csv.QUOTE_ALL)


def _odk_export(asked: list[Asked], _: bool) -> bytes:
    rows: list[list[object]] = [["SubmissionDate", *(question.code for question in asked), "KEY", "ReviewState"]]
    for number, codes in enumerate(_answered(asked), 1):
        rows.append([f"2026-10-{number:02d}T10:00:00.000Z", *codes, f"uuid:{number}", ""])
    return _csv(rows)


def _workbook(rows: list[list[object]]) -> bytes:
    import xlsxwriter

    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return made.getvalue()


def _microsoft_export(asked: list[Asked], _: bool) -> bytes:
    own = ["ID", "Begintijd", "Tijd van voltooien", "E-mail", "Naam"]
    rows: list[list[object]] = [[*own, *(question.code for question in asked)]]
    for number, codes in enumerate(_answered(asked), 1):
        moment = f"2026-10-{number:02d} 10:00:00"
        rows.append([number, moment, moment, "anonymous", "", *codes])
    return _workbook(rows)


def _google_export(asked: list[Asked], _: bool) -> bytes:
    rows: list[list[object]] = [["Tijdstempel", *(question.text for question in asked)]]
    rows += [[f"2026-10-{n:02d} 10:00:00", *codes] for n, codes in enumerate(_answered(asked), 1)]
    return _csv(rows)


READ: dict[str, Callable[[Path], Iterator[Asked]]] = {
    "limesurvey": _limesurvey,
    "qualtrics": _qualtrics,
    "xlsform": _xlsform,
    "text": _text,
}
EXPORTS = [
    ("limesurvey", "limesurvey", _limesurvey_export, (False, True)),
    ("qualtrics", "qualtrics", _qualtrics_export, (False, True)),
    ("xlsform", "kobotoolbox", _kobo_export, (False, True)),
    ("xlsform", "odk", _odk_export, (False,)),
    ("text", "microsoft-forms", _microsoft_export, (False,)),
    ("text", "google-forms", _google_export, (False,)),
]


# Ordinarily every tool in one way of exporting; the form of one tool is in English.
ROUND_TRIPS = [
    (language, *entry[:3], in_full) for entry in EXPORTS for in_full in entry[3] for language in ("nl", "en")
]
TRIED = [(language, tool, in_full) for language, _, tool, _, in_full in ROUND_TRIPS]
ORDINARY = {
    ("nl", "limesurvey", False), ("nl", "qualtrics", True), ("nl", "kobotoolbox", False), ("nl", "odk", False),
    ("en", "microsoft-forms", False), ("nl", "google-forms", False),
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "target", "tool", "export", "in_full"),
    ordinarily(ROUND_TRIPS, only=[trip for trip, tried in zip(ROUND_TRIPS, TRIED, strict=True) if tried in ORDINARY]),
    ids=lambda value: value if isinstance(value, str) else ("in full" if value is True else ""),
)
def test_a_form_of_ours_needs_no_mapping(programme, target, tool, export, in_full, language):
    survey, *sources = write_questionnaire(
        load_programme(programme.settings), target, language, programme.settings.folder, programme.root / "form"
    ).paths
    assert programme.root / "sources" / f"motives-{language}-{tool}.yaml" in sources
    asked = list(READ[target](survey))
    assert len(asked) == 2 + len(programmes.ITEMS)
    (programme.root / "inbox" / f"export{'.xlsx' if tool == 'microsoft-forms' else '.csv'}").write_bytes(
        export(asked, in_full)
    )
    validated = programme.validate()
    assert validated.unread == ()
    (file,) = validated.files
    assert (file.source, file.accepted, file.reasons) == (
        f"motives-{language}-{tool}",
        MEMBERS - 1,
        {"no_consent": 1},
    )
    ways_out = programme.query("select count(*) from validated.answers where word = 'not_applicable'")
    assert ways_out == [(1,)]


def test_a_source_of_ours_says_on_which_clock_the_times_are_where_the_tool_does_not(tmp_path):
    programme = programmes.make(tmp_path / "p", 'timezone = "Europe/London"\n')
    loaded = load_programme(programme.settings)
    for target in TOOLS:
        write_questionnaire(loaded, target, "en", programme.settings.folder, tmp_path / "form")
    zones = {source.model.tool: source.model.date.timezone for source in load_programme(programme.settings).sources}
    assert zones == {
        "qualtrics": None,
        "limesurvey": "Europe/London",
        "kobotoolbox": None,
        "odk": None,
        "microsoft_forms": "Europe/London",
        "google_forms": "Europe/London",
    }


def test_members_read_why_they_are_asked_and_under_which_rules(tmp_path):
    programme = programmes.make(
        tmp_path / "p", 'contact = "bureau@example.org"\n[disclosure]\nlevels_from = 7\nfull_from = 12\n'
    )
    loaded = load_programme(programme.settings)
    for language, words in (("en", ("fewer than 7", "fewer than 12", "fewer than 20")), ("nl", ("minder dan 7",))):
        survey, *_ = write_questionnaire(loaded, "text", language, programme.settings.folder, tmp_path / "form").paths
        text = survey.read_text()
        assert all(part in text for part in (*words, "bureau@example.org"))


def test_names_of_collectives_are_no_markup_and_no_expressions(programme):
    named = {**programmes.COLLECTIVES[0], "name": "<b>Wacht</b> {1+1} [[Block:x]]"}
    programme.register(collectives=[named])
    loaded = load_programme(programme.settings)
    for target in ("limesurvey", "qualtrics"):
        text = write_questionnaire(loaded, target, "nl", programme.settings.folder, programme.root).paths[0].read_text()
        assert "<b>" not in text
    assert "{1+1}" not in (programme.root / "motives-nl-limesurvey.txt").read_text()
    assert "[[Block:x]]" not in (programme.root / "motives-nl-qualtrics.txt").read_text()


def _write(programme, target: str):
    return write_questionnaire(
        load_programme(programme.settings), target, "nl", programme.settings.folder, programme.root / "form"
    )


@pytest.mark.parametrize("target", TOOLS)
def test_the_same_form_twice_is_the_same_files_and_what_a_person_changed_stays(programme, target):
    once = _write(programme, target).paths
    before = [path.read_bytes() for path in once]
    again = _write(programme, target)
    assert ([path.read_bytes() for path in again.paths], again.changes) == (before, ())
    source = once[1]
    source.write_text(source.read_text().replace("respondent: none", "respondent: member"))
    _write(programme, target)
    assert "respondent: member" in source.read_text()


def test_a_source_of_something_else_is_not_touched(programme):
    other = programmes.plain_source(programme, programmes.ITEMS, name="motives-nl-qualtrics")
    before = other.read_bytes()
    with pytest.raises(UserError, match="not a source of this form"):
        _write(programme, "qualtrics")
    assert other.read_bytes() == before


def _collective(identity: str, **changes: str) -> dict[str, object]:
    return {**programmes.COLLECTIVES[0], "collective_id": identity, "name": identity.title(), "valid_from": "",
            "valid_until": "", **changes}  # fmt: skip


def _values(programme, target: str) -> dict[str, str]:
    [found] = [source for source in load_programme(programme.settings).sources if source.path.stem.endswith(target)]
    return found.model.collective.values


def _codes(programme, target: str) -> dict[str, str]:
    return {text: name for text, name in _values(programme, target).items() if text.lstrip("C").isdigit()}


@pytest.mark.parametrize(("target", "code"), [("limesurvey", "C{:04}".format), ("qualtrics", str)])
def test_a_code_stays_with_its_collective_whatever_happens_to_the_register_and_the_source(programme, target, code):
    programme.register(collectives=[_collective("care"), _collective("park"), _collective("watch")])
    survey, source = _write(programme, target).paths
    first = {code(1): "care", code(2): "park", code(3): "watch"}
    assert _codes(programme, target) == first
    # One comes in the middle, one has another name, one leaves; and the order is another.
    programme.register(
        collectives=[
            _collective("watch", name="Buurtwacht"),
            _collective("energy"),
            _collective("park", valid_from="2020-01-01", valid_until="2026-06-30"),
            _collective("care"),
        ]
    )
    written = _write(programme, target)
    assert _codes(programme, target) == {**first, code(4): "energy"}
    assert _values(programme, target)["Watch"] == _values(programme, target)["Buurtwacht"] == "watch"
    assert written.changes[0].startswith(
        f"Change the wording of the answer 'Watch' with code {code(3)} to 'Buurtwacht'"
    )
    assert written.changes[1].startswith(f"Add the answer 'Energy' with code {code(4)} to the question")
    assert written.changes[2].startswith("Hide the answer 'Park'")
    text = survey.read_text(encoding="utf-8-sig")
    assert "Park" not in text
    assert text.index("Buurtwacht") < text.index("Energy")
    # Written anew, the source has the same codes; that of who left is not used for the next.
    source.unlink()
    programme.register(
        collectives=[_collective("school"), _collective("energy"), _collective("watch"), _collective("care")]
    )
    _write(programme, target)
    assert _codes(programme, target) == {code(1): "care", code(3): "watch", code(4): "energy", code(5): "school"}


def test_a_source_from_before_codes_were_kept_keeps_its_own(programme):
    programme.register(collectives=[_collective("care"), _collective("watch")])
    _write(programme, "limesurvey")
    (programme.root / "register" / "codes.csv").unlink()
    programme.register(collectives=[_collective("arena"), _collective("watch"), _collective("care")])
    _write(programme, "limesurvey")
    assert _codes(programme, "limesurvey") == {"C0001": "care", "C0002": "watch", "C0003": "arena"}


def test_a_name_that_stood_for_another_collective_is_not_given_away(programme):
    programme.register(collectives=[_collective("care"), _collective("watch")])
    _write(programme, "text")
    programme.register(
        collectives=[
            _collective("care", valid_until="2026-06-30"),
            _collective("new", name="Care"),
            _collective("watch"),
        ]
    )
    with pytest.raises(UserError, match="'Care' is the name of collective 'care' there, and of 'new' on the register"):
        _write(programme, "text")


def test_a_list_of_codes_that_was_spoiled_is_a_mistake(programme):
    _write(programme, "limesurvey")
    (programme.root / "register" / "codes.csv").write_text("form,collective_id,code\na,b,1\na,c,1\n")
    with pytest.raises(UserError, match="each used once"):
        _write(programme, "limesurvey")


def test_two_collectives_of_one_name_are_a_mistake(programme):
    programme.register(collectives=[programmes.COLLECTIVES[0], {**programmes.COLLECTIVES[0], "collective_id": "b"}])
    with pytest.raises(UserError, match="Two collectives on the register are called 'Buurtwacht'"):
        _write(programme, "text")


def test_the_command_prints_what_it_wrote(programme, capsys):
    app(["questionnaire", "--tool", "xlsform", "-p", str(programme.root)], result_action="return_value")
    assert [Path(line).name for line in capsys.readouterr().out.splitlines()] == [
        "motives-nl-xlsform.xlsx",
        "motives-nl-kobotoolbox.yaml",
        "motives-nl-odk.yaml",
    ]
