"""The short code printed beside figures: the same for a group, scale and month in every version of a release."""

import hashlib

# Crockford's base 32: no letter that could be taken for a digit or another letter.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 8


def figure_reference(period: str, unit_type: str, unit_id: str, scale: str = "") -> str:
    """A code such as ``K7F3-Q2MD``; without a scale, for the figures of the group itself (response, counts)."""
    number = int.from_bytes(
        hashlib.sha256("\x1e".join((period, unit_type, unit_id, scale)).encode()).digest()[:5], "big"
    )
    code = "".join(_ALPHABET[number >> 5 * place & 31] for place in reversed(range(_LENGTH)))
    return f"{code[:4]}-{code[4:]}"


def same_reference(text: str) -> str:
    """Normalise a typed reference to its printed form: accepts lower case, no dash, O for 0, I or L for 1."""
    code = text.strip().upper().replace("-", "").replace(" ", "").translate(str.maketrans("OIL", "011"))
    return f"{code[:4]}-{code[4:]}"
