"""Text files of the register, as spreadsheets save them: CSV with any usual separator, in one of three encodings."""

import codecs
import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice

from flows.programme.register_table import NotRead, Record, clean_headings

_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
# Excel's "Unicode text" is UTF-16 with a mark, its "CSV UTF-8" UTF-8 with a mark, and its "CSV" in Europe Windows-1252.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_SAVE_AGAIN = "save it as UTF-8 (in Excel: CSV UTF-8)"
# A letter such as é in UTF-8; as Windows-1252 it would be Ã and a sign, which no name has.
_LETTER_IN_UTF8 = re.compile(rb"\xc3[\x80-\xbf]")
# A first line that tells a spreadsheet the separator.
_HINT = re.compile(r'"?sep=(.)"?(?:\r\n|\r|\n)')


class TextFile:
    """A text file; `known` are the headings that its separator is recognised by."""

    unit = "line"

    def __init__(self, content: bytes, known: Collection[str]) -> None:
        self._text, self.encoding = _decoded(content)
        hint = _HINT.match(self._text)
        self._skipped = 1 if hint else 0
        self._text = self._text[hint.end() :] if hint else self._text
        self._separator = max(_SEPARATORS, key=lambda separator: self._fitness(separator, known))

    def headings(self) -> Mapping[str, Sequence[str]]:
        """The headings, under an empty name."""
        first = next(self._records(self._separator), None)
        return {"": first[1]} if first else {}

    def records(self, sheet: str = "") -> Iterator[Record]:
        """The rows that are not empty.

        Raises:
            NotRead: the quotation marks do not match.
        """
        return self._records(self._separator)

    def read_as(self, sheet: str = "") -> str:
        """The encoding and the separator."""
        return f"{self.encoding}, separated by {_SEPARATORS[self._separator]}"

    def _fitness(self, separator: str, known: Collection[str]) -> tuple[int, int]:
        """How many known headings a separator gives, and how many headings at all."""
        try:
            headings = [clean_headings(cells) for _, cells in islice(self._records(separator), 1)]
        except NotRead:
            return 0, 0
        return sum(heading in known for row in headings for heading in row), sum(map(len, headings))

    def _records(self, separator: str) -> Iterator[Record]:
        number = self._skipped
        lines = csv.reader(io.StringIO(self._text, newline=""), delimiter=separator, strict=True)
        try:
            for row in lines:
                number = lines.line_num + self._skipped
                if any(cells := [cell.strip() for cell in row]):
                    yield number, cells
        except csv.Error:
            raise NotRead(
                f"from line {number + 1} on, the quotation marks do not match, or a cell is too long."
            ) from None


def _decoded(content: bytes) -> tuple[str, str]:
    """The text of a file and the name of its encoding."""
    marked = [(encoding, name) for mark, encoding, name in _MARKS if content.startswith(mark)]
    for encoding, name in marked or [("utf-8", "UTF-8"), ("cp1252", "Windows-1252")]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "cp1252" and (mixed := _LETTER_IN_UTF8.search(content)):
            line = content.count(b"\n", 0, mixed.start()) + 1
            raise NotRead(f"this file mixes UTF-8 (line {line}) with another encoding; {_SAVE_AGAIN}.")
        if "\0" in text:
            break
        return text, name
    if b"\0" in content:
        raise NotRead(f"this is no text, or UTF-16 text without a mark or cut off; {_SAVE_AGAIN}.")
    raise NotRead(f"this file is neither UTF-8 nor Windows-1252 text; {_SAVE_AGAIN}.")
