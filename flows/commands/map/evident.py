"""Recognises the response id and date of a plain table by unambiguous headings, checked against the cells below."""

import re
from collections.abc import Iterable

from flows.foundation.text_comparison import letters, same_text
from flows.steps.ingest.dates import lack_zone, proven_order, resembles_date

# Compared by letters only: "Response ID", response_id and ResponseId are one name.
_IDS = frozenset(
    ("id", "uuid", "guid", "responseid", "responsid", "responseuuid", "responsenumber", "responsnummer", "antwoordid",
     "recordid", "submissionid", "submissionuuid", "inzendingid", "inzendingsid", "entryid", "caseid", "instanceid")
)  # fmt: skip
# Ordered by how close they are to the moment of submission, closest first.
_DATES = (
    "submitted", "submittedat", "submittedon", "submitteddate", "submitdate", "submittime", "submissiondate",
    "submissiontime", "submissiontimestamp", "datesubmitted", "ingediendop", "ingestuurdop", "verzondenop",
    "verzonddatum", "verzenddatum", "datumingediend", "datumverzonden", "ingediend", "verzonden", "ingevuldop",
    "datumingevuld", "ingevuld", "invuldatum", "completed", "completedat", "completedon", "completiontime",
    "completiondate", "finishedat", "finished", "voltooid", "voltooidop", "tijdvanvoltooien", "ended", "endedat",
    "enddate", "endtime", "einddatum", "eindtijd", "end", "recordeddate", "timestamp", "datestamp", "tijdstempel",
    "date", "datum", "datetime", "datumtijd", "created", "createdat", "createdon", "datecreated", "aangemaaktop",
    "started", "startedat", "startdate", "starttime", "begindatum", "begintijd", "startdatum", "starttijd", "start",
)  # fmt: skip
_IN_UTC = re.compile(r"\b(?:utc|gmt)\b")


def names_id(heading: str) -> bool:
    """Whether a heading names a response id."""
    return letters(heading) in _IDS


def date_rank(heading: str, texts: Iterable[str]) -> int | None:
    """Rank of a date column by its heading, 0 for closest to submission; None when it is not one or has other texts."""
    name = letters(_IN_UTC.sub("", same_text(heading)))
    filled = [text for text in texts if text.strip()]
    if name not in _DATES or not filled or not all(map(resembles_date, filled)):
        return None
    return _DATES.index(name)


def date_answer(heading: str, texts: Iterable[str]) -> tuple[str, ...]:
    """The `--set` values for a date column: its name, the proven date order, and UTC if the heading says so."""
    kept = list(texts)
    order = proven_order(kept)
    is_utc = bool(_IN_UTC.search(same_text(heading))) and lack_zone(kept)
    return (
        f"date.column={heading}",
        *((f"date.order={order}",) if order else ()),
        *(("date.timezone=UTC",) if is_utc else ()),
    )
