"""Recognises cells of an id column that are not ids: placeholders for nobody, and numbers rounded by a spreadsheet."""

import re

from flows.foundation.text_comparison import same_text

# What people or tools write instead of a member's name or number; without punctuation and spaces.
_NOBODY = frozenset({
    "anoniem", "anonym", "anonyme", "anonymous", "anonimo", "anónimo", "anonimowy", "anonim", "аноним", "nobody",
    "niemand", "personne", "nadie", "nvt", "na", "none", "nil", "null", "nan", "no", "nee", "nein", "non", "unknown",
    "onbekend", "unbekannt", "inconnu", "desconocido", "leeg", "empty", "blank", "geen", "geene", "keine", "kein",
    "aucun", "aucune", "ninguno", "nessuno", "brak", "yok", "niets", "nothing", "nichts", "rien", "weetikniet",
    "weetniet", "weissnicht", "dontknow", "donotknow", "nesaispas", "idk", "ikweethetniet", "test", "x",
    "xx", "xxx", "xxxx", "nn", "nb", "tbd", "lieverniet", "liefstniet",
})  # fmt: skip
_REFUSING = re.compile(
    r"(?:geen|keine?|no|aucune?|sin|zonder|ohne|without) \w+"
    r"|(?:niet van toepassing|not applicable|nicht zutreffend|non applicable)\b.*"
    r"|(?:zeg|wil|geef) ik (?:liever )?niet\b.*|liever niet\b.*"
)
_SIGNS = re.compile(r"[\W_]+")
# Scientific notation, as spreadsheets show numbers that are longer than the cell is wide: 1,14512E+11.
_ROUNDED = re.compile(r"\s*[+-]?\d(?:[.,]\d+)?e\+\d{1,3}\s*", re.IGNORECASE)


def names_nobody(text: str) -> bool:
    """Whether a text in a column of members is a placeholder for nobody: ``n.v.t.``, ``-``, ``0``, ``geen idee``."""
    words = _SIGNS.sub(" ", same_text(text)).strip()
    compact = words.replace(" ", "")
    return not compact.strip("0") or compact in _NOBODY or _REFUSING.fullmatch(words) is not None


def is_rounded(text: str) -> bool:
    """Whether a text is a long number in scientific notation, which has lost its last digits."""
    return _ROUNDED.fullmatch(text) is not None
