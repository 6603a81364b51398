"""Small exports as survey tools write them, told as tables, and a way to see what is made of a file.

Every file is called `export`: a name proves nothing.
"""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import xlsxwriter

from flows.steps.ingest.dialects import FILE_FACTS, Layout, recognise
from flows.steps.ingest.readers.grid import open_grids

Table = list[list[str]]


def table(text: str) -> Table:
    """Rows from lines of cells between bars."""
    return [[cell.strip(" ") for cell in line.split("|")] for line in text.strip("\n").splitlines()]


def as_csv(rows: Iterable[Sequence[str]], delimiter: str = ",", encoding: str = "utf-8", quoted: bool = False) -> bytes:
    """A table as text."""
    text = io.StringIO()
    quoting = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode(encoding)


def as_workbook(rows: Iterable[Sequence[object]], more_sheets: int = 0) -> bytes:
    """A table as a workbook, moments as true dates."""
    file = io.BytesIO()
    workbook = xlsxwriter.Workbook(file, {"default_date_format": "yyyy-mm-dd hh:mm:ss", "in_memory": True})
    sheet = workbook.add_worksheet()
    for number, row in enumerate(rows):
        for position, cell in enumerate(row):
            (sheet.write_datetime if isinstance(cell, datetime) else sheet.write)(number, position, cell)
    for _ in range(more_sheets):
        workbook.add_worksheet()
    workbook.close()
    return file.getvalue()


@dataclass(frozen=True)
class Seen:
    """What was made of a file."""

    tool: str
    layout: Layout
    responses: list[list[str | None]]

    def column(self, name: str) -> list[str | None]:
        """The answers in the column of that name."""
        position = self.layout.find(name)
        assert position is not None, f"no column is called {name}"
        return [row[position] for row in self.responses]


def see(folder: Path, content: bytes, encodings: Sequence[str] = ()) -> Seen:
    """Write a file and recognise it."""
    path = folder / "export"
    path.write_bytes(content)
    grid = open_grids(path, encodings, FILE_FACTS)[0]
    dialect, layout = recognise(grid)
    responses = [list(row) for _, row in grid.rows()][layout.heading_rows :]
    return Seen(dialect.tool, layout, responses)


def import_ids(names: Iterable[str], zone: str | None = None) -> list[str]:
    """The third heading row of Qualtrics; the columns of dates may state their zone."""
    return [
        json.dumps({"ImportId": name, **({"timeZone": zone} if zone and name.endswith("Date") else {})})
        for name in names
    ]


_QUALTRICS = table("""
StartDate           | EndDate             | Status     | Progress | Finished | RecordedDate         | ResponseId | group | Q1_1
Begindatum          | Einddatum           | Reactietype| Voortgang| Voltooid | Geregistreerde datum | Respons-ID | group | Nieuwe dingen leren
2026-10-05 09:50:00 | 2026-10-05 10:00:00 | IP Address | 100      | True     | 2026-10-05 10:00:01  | R_aaa      | watch | 4
2026-10-06 09:50:00 | 2026-10-06 10:00:00 | IP Address | 100      | True     | 2026-10-06 10:00:01  | R_bbb      | watch | 5
""")  # noqa: E501
QUALTRICS = [
    *_QUALTRICS[:2],
    import_ids(
        ["startDate", "endDate", "status", "progress", "finished", "recordedDate", "_recordId", "group", "QID7_1"],
        "Europe/Amsterdam",
    ),
    *_QUALTRICS[2:],
]
QUALTRICS_LEGACY = table("""
V1         | V2          | V3   | V7     | V8                  | V9                  | V10      | Q1                  |
ResponseID | ResponseSet | Name | Status | StartDate           | EndDate             | Finished | Nieuwe dingen leren |
R_aaa      | Default     | Anon | 0      | 2026-10-05 09:50:00 | 2026-10-05 10:00:00 | 1        | 4                   |
""")
LIMESURVEY = table("""
id | submitdate          | lastpage | startlanguage | seed      | token | group | MOT[SQ001] | MOT[other]
7  | 2026-10-05 10:00:00 | 3        | nl            | 536296554 | t-1   | watch | A4         |
9  |                     | 1        | nl-informal   | 90717100  | t-2   | watch |            |
""")
MICROSOFT_FORMS = table("""
ID | Begintijd           | Tijd van voltooien  | E-mail    | Naam | In welk collectief? | Nieuwe dingen leren
1  | 2026-10-05 09:50:00 | 2026-10-05 10:00:00 | anonymous |      | Buurtwacht          | Heel belangrijk
2  | 2026-10-06 09:50:00 | 2026-10-06 10:00:00 | anonymous |      | Buurtwacht          | Belangrijk
""")
GOOGLE_FORMS = table("""
Tijdstempel        | In welk collectief? | Hoe belangrijk? [Nieuwe dingen leren] | Hoe belangrijk? [Gezelligheid]
10/5/2026 10:00:00 | Buurtwacht          | Heel belangrijk                       | Belangrijk
10/13/2026 9:29:55 | Buurtwacht          | Belangrijk                            | Belangrijk
""")
SURVEYMONKEY = table("""
Respondent ID | Collector ID | Start Date          | End Date            | Custom Data 1 | Nieuwe dingen leren
              |              |                     |                     |               | Response
114000000001  | 400000001    | 10/13/2026 09:50:00 | 10/13/2026 10:00:00 | watch         | Heel belangrijk
114000000002  | 400000001    | 10/14/2026 09:50:00 | 10/14/2026 10:00:00 | watch         | Belangrijk
""")
KOBOTOOLBOX = table("""
start | group | motives/learning | _id | _uuid | _submission_time    | _validation_status | __version__ | _index
      | watch | 4                | 101 | u-1   | 2026-10-05 10:00:00 |                    | v1          | 1
      | watch | 5                | 102 | u-2   | 2026-10-06 10:00:00 | Approved           | v1          | 2
""")
ODK = table("""
SubmissionDate           | group | motives-learning | meta-instanceID | KEY    | SubmitterID | ReviewState | FormVersion
2026-10-05T10:00:00.123Z | watch | 4                | uuid:1          | uuid:1 | 12          |             | 1
2026-10-06T10:00:00.123Z | watch | 5                | uuid:2          | uuid:2 | 12          | approved    | 1
""")
FORMR = table("""
session   | created             | modified            | ended               | expired | group | learning_1
aBcDeFgHi | 2026-10-05 09:50:00 | 2026-10-05 10:00:00 | 2026-10-05 10:00:00 |         | watch | 4
jKlMnOpQr | 2026-10-06 09:50:00 | 2026-10-06 10:00:00 |                     |         | watch | 5
""")
TYPEFORM = table("""
#     | <strong>Nieuwe</strong> dingen leren | Response Type | Start Date (UTC)    | Submit Date (UTC)   | Network ID
k3x9a | Heel belangrijk                      | completed     | 2026-10-05 09:50:00 | 2026-10-05 10:00:00 | ab12
k3x9b | Belangrijk                           | completed     | 2026-10-06 09:50:00 | 2026-10-06 10:00:00 | ab13
""")
PLAIN = table("""
nummer | ingevuld op | collectief | leren
1      | 2026-10-05  | watch      | 4
2      | 2026-10-06  | watch      | 5
""")
# One export of every tool that writes text: the tool, the table, and its heading rows.
EXPORTS = {
    "qualtrics": ("qualtrics", QUALTRICS, 3),
    "qualtrics, legacy": ("qualtrics", QUALTRICS_LEGACY, 2),
    "limesurvey": ("limesurvey", LIMESURVEY, 1),
    "microsoft_forms": ("microsoft_forms", MICROSOFT_FORMS, 1),
    "google_forms": ("google_forms", GOOGLE_FORMS, 1),
    "surveymonkey": ("surveymonkey", SURVEYMONKEY, 2),
    "kobotoolbox": ("kobotoolbox", KOBOTOOLBOX, 1),
    "odk": ("odk", ODK, 1),
    "formr": ("formr", FORMR, 1),
    "typeform": ("typeform", TYPEFORM, 1),
    "plain": ("plain", PLAIN, 1),
}


def with_headings(rows: Table, **changes: str) -> Table:
    """The table with other headings on its first row."""
    return [[changes.get(cell, cell) for cell in rows[0]], *rows[1:]]
