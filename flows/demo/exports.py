"""Writes simulated responses as four survey tools export them, with the tools' own columns, codes and test rows."""

import csv
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flows.demo.simulation import NOT_APPLICABLE, SKIPPED, Submission
from flows.foundation.yaml_edit import braced
from flows.programme.instrument import Instrument

_NOT_APPLICABLE_CODE = "A6"
# A workbook contains its creation time; with a fixed one, the file and its hash are always the same.
_LONG_AGO = datetime(2026, 1, 1)  # noqa: DTZ001 workbooks know no zones


@dataclass(frozen=True)
class Form:
    """A form in a survey tool: its questionnaire, and the tool's name for each collective."""

    instrument: Instrument
    collectives: dict[str, str]

    def label(self, item: str, value: int) -> str:
        """The Dutch label of an answer, as a tool exports it; empty for a skipped item."""
        if value == SKIPPED:
            return ""
        if value == NOT_APPLICABLE:
            return self.instrument.missing_values["not_applicable"]["nl"][0]
        return self.instrument.response_scale_of(item).values[value]["nl"][0]

    def question(self, item: str) -> str:
        """The Dutch wording of an item."""
        return self.instrument.items[item].text["nl"]


def write_qualtrics(path: Path, form: Form, submissions: Sequence[Submission]) -> None:
    """Write CSV with three heading rows: codes, questions in the account's language, ImportIds with the time zone."""
    fixed = {
        "StartDate": ("Begindatum", "startDate"),
        "EndDate": ("Einddatum", "endDate"),
        "Status": ("Responstype", "status"),
        "IPAddress": ("IP-adres", "ipAddress"),
        "Progress": ("Voortgang", "progress"),
        "Finished": ("Voltooid", "finished"),
        "RecordedDate": ("Geregistreerde datum", "recordedDate"),
        "ResponseId": ("Respons-ID", "_recordId"),
        "RecipientLastName": ("Achternaam ontvanger", "recipientLastName"),
        "ExternalReference": ("Externe gegevensreferentie", "externalDataReference"),
        "collectief": ("collectief", "collectief"),
        "Q1": ("Mogen wij uw antwoorden gebruiken?", "QID1"),
    }
    items = {f"Q{n}": item for n, item in enumerate(form.instrument.items, start=2)}
    ids = [{"ImportId": name} for _, name in fixed.values()] + [
        {"ImportId": f"QID{n}"} for n in range(2, len(items) + 2)
    ]
    for position, name in enumerate(fixed):
        if name in ("StartDate", "EndDate", "RecordedDate"):
            ids[position]["timeZone"] = "Europe/Amsterdam"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*fixed, *items])
        writer.writerow([*(text for text, _ in fixed.values()), *(form.question(item) for item in items.values())])
        writer.writerow([json.dumps(entry, separators=(",", ":")) for entry in ids])
        for entry in submissions:
            writer.writerow(_qualtrics_row(form, entry, items.values()))


def _qualtrics_row(form: Form, entry: Submission, items: Iterable[str]) -> list[str]:
    ended = f"{entry.submitted_at:%Y-%m-%d %H:%M:%S}"
    return [
        f"{entry.submitted_at - timedelta(minutes=9):%Y-%m-%d %H:%M:%S}",
        ended,
        "Survey Preview" if entry.test else "IP Address",
        f"203.0.113.{entry.response_id % 250 + 1}",
        "100" if entry.finished else "40",
        "True" if entry.finished else "False",
        ended,
        f"R_{entry.response_id:015d}",
        f"Achternaam{entry.response_id}",
        entry.member,
        form.collectives[entry.collective],
        "Ja" if entry.consent else "Nee",
        *(form.label(item, entry.answers[item]) for item in items),
    ]


def write_limesurvey(path: Path, form: Form, submissions: Sequence[Submission]) -> None:
    """Write CSV with `;`, a byte order mark, CRLF, all cells quoted, answer codes; unfinished: no submit date."""
    items = {f"MOT[SQ{n:03d}]": item for n, item in enumerate(form.instrument.items, start=1)}
    fixed = [
        "id",
        "submitdate",
        "lastpage",
        "startlanguage",
        "seed",
        "token",
        "startdate",
        "ipaddr",
        "toestemming",
    ]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerow([*fixed, *items])
        for entry in submissions:
            if not entry.test:
                writer.writerow(_limesurvey_row(form, entry, items.values()))


def _limesurvey_row(form: Form, entry: Submission, items: Iterable[str]) -> list[str]:
    started = entry.submitted_at - timedelta(minutes=11)
    return [
        str(entry.response_id),
        f"{entry.submitted_at:%Y-%m-%d %H:%M:%S}" if entry.finished else "",
        "3" if entry.finished else "1",
        "nl",
        str(1_000_000 + entry.response_id),
        f"{form.collectives[entry.collective]}-{entry.member}",
        f"{started:%Y-%m-%d %H:%M:%S}",
        f"198.51.100.{entry.response_id % 250 + 1}",
        "Y" if entry.consent else "N",
        *(_code(entry.answers[item]) for item in items),
    ]


def _code(value: int) -> str:
    return {SKIPPED: "", NOT_APPLICABLE: _NOT_APPLICABLE_CODE}.get(value, f"A{value}")


def write_microsoft_forms(path: Path, form: Form, submissions: Sequence[Submission]) -> None:
    """Write XLSX in Dutch with question texts as headings and date cells; submitted responses only."""
    import xlsxwriter

    items = list(form.instrument.items)
    headings = ["ID", "Begintijd", "Tijd van voltooien", "E-mail", "Naam"]
    questions = ["Wat is uw lidnummer?", "Bij welke raad hoort u?", "Mogen wij uw antwoorden gebruiken?"]
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"created": _LONG_AGO})
        sheet = book.add_worksheet("Sheet1")
        moment = book.add_format({"num_format": "m/d/yy h:mm:ss"})
        sheet.write_row(0, 0, [*headings, *questions, *map(form.question, items)])
        entries = [entry for entry in submissions if entry.finished and not entry.test]
        for row, entry in enumerate(entries, start=1):
            sheet.write_number(row, 0, entry.response_id)
            sheet.write_datetime(row, 1, entry.submitted_at - timedelta(minutes=8), moment)
            sheet.write_datetime(row, 2, entry.submitted_at, moment)
            sheet.write_row(row, 3, ["anonymous", f"Naam {entry.response_id}", entry.member])
            sheet.write_row(row, 6, [form.collectives[entry.collective], "Ja" if entry.consent else "Nee"])
            sheet.write_row(row, 8, [form.label(item, entry.answers[item]) for item in items])


def write_google_forms(path: Path, form: Form, submissions: Sequence[Submission]) -> None:
    """Write the responses sheet as XLSX: a timestamp first, grids as `Question [Row]`, no response ids."""
    import xlsxwriter

    items = list(form.instrument.items)
    headings = ["Tijdstempel", "E-mailadres", "Uw coöperatie", "Mogen wij uw antwoorden gebruiken?"]
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"created": _LONG_AGO})
        sheet = book.add_worksheet("Formulierreacties 1")
        moment = book.add_format({"num_format": "d-m-yyyy h:mm:ss"})
        sheet.write_row(0, 0, [*headings, *(f"Wat vindt u? [{form.question(item)}]" for item in items)])
        entries = [entry for entry in submissions if entry.finished and not entry.test]
        for row, entry in enumerate(entries, start=1):
            sheet.write_datetime(row, 0, entry.submitted_at + timedelta(milliseconds=entry.response_id % 1000), moment)
            sheet.write_row(row, 1, [f"{entry.member}@example.org", form.collectives[entry.collective]])
            sheet.write_row(row, 3, ["Ja" if entry.consent else "Nee"])
            sheet.write_row(row, 4, [form.label(item, entry.answers[item]) for item in items])


@dataclass(frozen=True)
class Tool:
    """How the demo writes a tool's export, and the source's rules for its answers and for finding the collective."""

    write: Callable[[Path, Form, Sequence[Submission]], None]
    ending: str
    source: Mapping[str, Any]
    collective: Mapping[str, str]
    columns: Callable[[Form], dict[str, str]]


_CODES = braced({f"A{number}": number for number in range(1, 6)})
_DUTCH_TIME = braced({"timezone": "Europe/Amsterdam"})


def _consent(column: str, yes: str, no: str) -> Mapping[str, Any]:
    return braced({"column": column, "yes": [yes], "no": [no]})


TOOLS = {
    "qualtrics": Tool(
        write_qualtrics,
        "csv",
        {"answers": "labels", "respondent": "ExternalReference", "consent": _consent("Q1", "Ja", "Nee")},
        {"from": "column", "column": "collectief"},
        lambda form: {item: f"Q{n}" for n, item in enumerate(form.instrument.items, start=2)},
    ),
    "limesurvey": Tool(
        write_limesurvey,
        "csv",
        {
            "answers": "codes",
            "date": _DUTCH_TIME,
            "codes": {"importance5": _CODES, "agreement5": _CODES},
            "missing": braced({"not_applicable": [_NOT_APPLICABLE_CODE]}),
            "respondent": "token",
            "consent": _consent("toestemming", "Y", "N"),
        },
        {"from": "token_prefix", "column": "token", "pattern": "^([A-Z0-9]+)-"},
        lambda form: {item: f"MOT[SQ{n:03d}]" for n, item in enumerate(form.instrument.items, start=1)},
    ),
    "microsoft_forms": Tool(
        write_microsoft_forms,
        "xlsx",
        {
            "answers": "labels",
            "date": _DUTCH_TIME,
            "respondent": "Wat is uw lidnummer?",
            "consent": _consent("Mogen wij uw antwoorden gebruiken?", "Ja", "Nee"),
        },
        {"from": "column", "column": "Bij welke raad hoort u?"},
        lambda form: {item: form.question(item) for item in form.instrument.items},
    ),
    "google_forms": Tool(
        write_google_forms,
        "xlsx",
        {
            "answers": "labels",
            "date": _DUTCH_TIME,
            "response_id": "none",
            "respondent": "E-mailadres",
            "consent": _consent("Mogen wij uw antwoorden gebruiken?", "Ja", "Nee"),
        },
        {"from": "column", "column": "Uw coöperatie"},
        lambda form: {item: f"Wat vindt u? [{form.question(item)}]" for item in form.instrument.items},
    ),
}
