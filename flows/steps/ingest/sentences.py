"""The message to the steward when there is nothing to read."""

from pathlib import Path

from flows.foundation.contracts import Ingested
from flows.foundation.messages import pluralise


def nothing_to_read(ingested: Ingested, inbox: Path, page: Path) -> str:
    """Explain why no export was read, file by file; exports kept from earlier runs are only counted.

    `page` is the quality page, which has the details.
    """
    unread = [f"{file.file_name}: {file.sentence}" for file in ingested.unread if not file.is_kept]
    drop = f"drop the exports of your survey tools in {inbox} and run again."
    if unread:
        lines = ["No file in the inbox could be read:", *unread]
    elif ingested.skipped:
        lines = [f"The inbox has no complete export: {drop}"]
    else:
        lines = [f"The inbox is empty: {drop}"]
    if ingested.skipped:
        lines.append(f"Skipped (markers or incomplete files): {', '.join(ingested.skipped)}.")
    if kept := len(ingested.unread) - len(unread):
        lines.append(f"Kept from earlier runs but no longer readable: {pluralise(kept, 'export')}.")
    if ingested.unread:
        lines.append(f"See {page}")
    return "\n".join(lines)
