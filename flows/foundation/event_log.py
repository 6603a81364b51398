"""Log lines: one per event, with the time and the id of the run, as words or as JSON.

Values are counts, ids of organisations, and names of stages and files; never an answer, a name or an address.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Literal

Form = Literal["text", "json"]
Value = str | int | float | None


def line(form: Form, moment: datetime, run_id: str, event: str, values: Mapping[str, Value]) -> str:
    """One line of the log, without its line end: ``2026-11-02T06:00:01+01:00 run=… event=stage stage=ingest``."""
    document = {"time": moment.isoformat(timespec="seconds"), "run": run_id, "event": event, **values}
    if form == "json":
        return json.dumps(document, ensure_ascii=False)
    time, *others = document.items()
    return " ".join([str(time[1]), *(f"{name}={_quoted(value)}" for name, value in others)])


def _quoted(value: Value) -> str:
    """A value in one word, or in quotes."""
    text = str(value)
    return json.dumps(text, ensure_ascii=False) if not text or any(part in text for part in ' "=\n\r\t') else text
