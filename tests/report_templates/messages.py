"""Every text that people read, in the templates, in the reasons of ingest and round the questions of a form.

Run as a module (`make messages`), it adds new texts to the Dutch catalogue and says what is missing there.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from flows.foundation.resources import resource

Text = str | tuple[str, ...]
CATALOGUE = resource("report_templates", "locale", "nl", "LC_MESSAGES", "motiefmix.po")
_JINJA = {"trim_blocks": "true", "lstrip_blocks": "true", "newstyle_gettext": "true"}


def extracted() -> list[Text]:
    """The msgids, in the order of the files."""
    templates = extract_from_dir(
        resource("report_templates"),
        method_map=[("**.html", "jinja2"), ("**.svg", "jinja2"), ("letters/*.txt", "jinja2")],
        options_map={"**.html": _JINJA, "**.svg": _JINJA, "letters/*.txt": _JINJA},
    )
    reasons = extract_from_dir(
        resource("flows") / "steps" / "ingest",
        method_map=[("**.py", "python")],
        keywords={"Unreadable": None, "_": None, "N_": None},
    )
    both = extract_from_dir(
        resource("flows") / "steps" / "ingest",
        method_map=[("**.py", "python")],
        keywords={"Unreadable": (2,), "NoDate": (2,), "N_": None},
    )
    forms = extract_from_dir(
        resource("flows") / "commands" / "questionnaire", method_map=[("**.py", "python")], keywords={"_": None}
    )
    workbooks = extract_from_dir(
        resource("flows") / "steps" / "render", method_map=[("workbook_*.py", "python")], keywords={"_": None}
    )
    found: list[Text] = []
    for _, _, message, _, _ in (*templates, *reasons, *both, *forms, *workbooks):
        if message not in found:
            found.append(message)
    return found


def add_new(path: Path) -> list[Text]:
    """Write the texts that a catalogue lacks at its end, without a translation; everything else in it stays."""
    known = {_text(message) for message in _messages(path)}
    new = [text for text in extracted() if text not in known]
    if new:
        added = Catalog()
        for text in new:
            added.add(text)
        lines = io.BytesIO()
        write_po(lines, added, width=110, omit_header=True)
        path.write_text(
            path.read_text(encoding="utf-8").rstrip("\n") + "\n\n" + lines.getvalue().decode().strip() + "\n"
        )
    return new


def problems(path: Path) -> Iterator[str]:
    """What is wrong with a catalogue: texts without a translation, other placeholders, and texts that nothing uses."""
    used = set(extracted())
    with path.open("rb") as file:
        catalogue = read_po(file)
    for message in _messages(path):
        if not all([message.string] if isinstance(message.string, str) else message.string):
            yield f"no translation: {_text(message)!r}"
        for mistake in message.check(catalogue):
            yield f"{mistake}: {_text(message)!r}"
        if _text(message) not in used:
            yield f"not used any more; delete it: {_text(message)!r}"


def _messages(path: Path) -> list[Message]:
    with path.open("rb") as file:
        return [message for message in read_po(file) if message.id]


def _text(message: Message) -> Text:
    return message.id if isinstance(message.id, str) else tuple(message.id)


def main() -> int:
    """Complete the Dutch catalogue; 1 when a person has something to do in it."""
    print(f"{len(add_new(CATALOGUE))} new texts added to {CATALOGUE}")
    found = list(problems(CATALOGUE))
    print("\n".join(found) or "Every text has a translation.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
