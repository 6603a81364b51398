"""A pre-flight in words, for the steward's terminal."""

from flows.commands.preflight.found import EndingRow, Preflight, SilentSource
from flows.commands.telling import table
from flows.foundation.messages import pluralise
from flows.programme.settings import SETTINGS_FILE

_STATES = {
    "nobody": "no answers",
    "too_few": "too few",
    "levels": "means only",
    "partly": "in part",
    "carried": "carried",
    "expired": "expired",
    "protected": "protected",
}
_MAILED = {
    "delivered": "reminded",
    "already": "reminded before in this month, not again",
    "failed": "NOT REMINDED",
    "unknown": "UNKNOWN whether the reminder arrived; it is not repeated",
    "obstacle": "NOT REMINDED",
}


def describe(found: Preflight) -> str:
    """Everything that the month would lack, a line each."""
    parts = (
        [("month", _month(found))],
        [("stopped", found.stopped_because)] if found.stopped_because else [],
        [
            (_STATES.get(entry.state, entry.state), entry.organisation_id, entry.name, entry.in_words, entry.takes)
            for entry in found.not_in_full
        ],
        [("held", f"{entry.file_name}: {entry.reason}") for entry in found.held],
        [("waiting", f"{pluralise(found.waiting, 'answer')} for your decision; see: motiefmix accept")]
        if found.waiting
        else [],
        [("source", _source(entry)) for entry in found.silent_sources],
        [("ends", _ending(entry)) for entry in found.ending_rows],
        [
            ("address", f"'{name}' receives its report by mail, but the register has no mail address for it.")
            for name in found.without_address
        ],
        [("public", trouble) for trouble in found.public],
        [("texts", _texts(found))] if found.texts else [],
    )
    return "\n".join(line for part in parts for line in table(part, first=len("no answers")))


def in_full(found: Preflight) -> str:
    """Every reminder text, to copy."""
    return "\n".join(
        f"{text.organisation_id} / {text.collective_id} ({text.language})\n\n{text.subject}\n\n{text.text}"
        for text in found.texts
    )


def mailed_in_words(found: Preflight) -> str:
    """One line per reminder that was to be mailed, or why there is none."""
    if not found.reminders_are_on:
        return (
            "Reminders are off: nothing was mailed."
            f" To mail them, set reminders = true in section [delivery] of {SETTINGS_FILE}."
        )
    if found.has_ended:
        return f"Nothing was mailed: {found.period} has ended, so answers given now would not count in it."
    rows = [(entry.organisation_id, entry.recipient, _MAILED[entry.outcome], entry.answer) for entry in found.mailed]
    return "\n".join(table(rows)) or "Nobody has to be reminded by mail."


def _month(found: Preflight) -> str:
    ends = "which has ended" if found.has_ended else f"until {found.last_day}"
    if found.stopped_because:
        return f"{found.period}, {ends}: there would be no release."
    if not found.not_in_full:
        return f"{found.period}, {ends}: all {pluralise(found.collectives, 'collective')} would be shown in full."
    counted = pluralise(found.collectives, "collective")
    return f"{found.period}, {ends}: {len(found.not_in_full)} of {counted} would not be shown in full."


def _source(entry: SilentSource) -> str:
    newest = f"the newest came on {entry.newest_on}" if entry.newest_on else "none was read so far"
    return f"'{entry.source}' has had no export since the month began; {newest}."


def _ending(entry: EndingRow) -> str:
    followed = "a later row follows" if entry.is_followed else "no row follows"
    where = f"collective '{entry.collective_id}', {entry.name}, of '{entry.organisation_id}'"
    return f"{entry.valid_until}  {where}; {followed}"


def _texts(found: Preflight) -> str:
    what = pluralise(len(found.texts), "reminder")
    return f"{what} to copy: motiefmix preflight --texts, or private/preflight/{found.period}"
