"""What stands in a column of ids but is none: texts that name nobody, and numbers that a spreadsheet has rounded."""

import re

from flows.foundation.text_comparison import same_text

# What people or tools write where a member's name or number was asked for and not given; without signs and spaces.
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
# As spreadsheets show numbers of more digits than a cell is wide: 1,14512E+11.
_ROUNDED = re.compile(r"\s*[+-]?\d(?:[.,]\d+)?e\+\d{1,3}\s*", re.IGNORECASE)


def names_nobody(text: str) -> bool:
    """Whether a text in a column of members is a way to leave it empty: ``n.v.t.``, ``-``, ``0``, ``geen idee``."""
    words = _SIGNS.sub(" ", same_text(text)).strip()
    compact = words.replace(" ", "")
    return not compact.strip("0") or compact in _NOBODY or _REFUSING.fullmatch(words) is not None


def is_rounded(text: str) -> bool:
    """Whether a spreadsheet wrote a long number with its last digits lost."""
    return _ROUNDED.fullmatch(text) is not None
