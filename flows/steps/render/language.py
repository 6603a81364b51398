"""Texts and numbers in the language of the reader, from the gettext catalogues in `report_templates/locale`."""

import gettext
import io
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import cache

from flows.foundation.resources import resource


@dataclass(frozen=True)
class Language:
    """One language: its translations, and its way of writing numbers and dates."""

    code: str
    translations: gettext.NullTranslations

    def number(self, value: float, digits: int = 1) -> str:
        """A number with at most so many decimals, none when they are zero."""
        from babel.numbers import format_decimal

        exact = Decimal(repr(round(value, 9)))
        with localcontext(rounding=ROUND_HALF_UP):
            return str(format_decimal(exact, format="#,##0." + "#" * digits if digits else "#,##0", locale=self.code))

    def signed(self, value: float) -> str:
        """A number with its sign, a true minus for negative ones."""
        text = self.number(abs(value))
        return "0" if text == "0" else ("+" if value > 0 else "\u2212") + text

    def percent(self, fraction: float, digits: int = 0) -> str:
        """A fraction in percents."""
        return self.number(fraction * 100, digits)

    def percentage(self, *fractions: float, digits: int = 0) -> str:
        """A fraction, or the ends of a range of them, with the percent sign where the language has it: 77%, 12–34%."""
        from babel import Locale

        pattern = Locale.parse(self.code).percent_formats[None]
        numbers = "–".join(self.percent(fraction, digits) for fraction in fractions)
        return f"{pattern.prefix[0]}{numbers}{pattern.suffix[0]}"

    def month(self, period: str) -> str:
        """A period such as 2026-10 as October 2026."""
        from babel.dates import format_date

        return str(format_date(date.fromisoformat(f"{period}-01"), "MMMM y", locale=self.code))

    def short_month(self, period: str) -> str:
        """A period such as 2026-10 as Oct 2026."""
        from babel.dates import format_date

        return str(format_date(date.fromisoformat(f"{period}-01"), "MMM y", locale=self.code))

    def day(self, text: date | str) -> str:
        """A date, or its ISO text, as 31 October 2026."""
        from babel.dates import format_date

        moment = date.fromisoformat(text) if isinstance(text, str) else text
        return str(format_date(moment, "d MMMM y", locale=self.code))

    def listed(self, words: list[str]) -> str:
        """Words as a list in a sentence: a, b and c."""
        from babel.lists import format_list

        between = str(format_list(["", ""], style="standard", locale=self.code))
        listed = str(format_list(words, style="standard", locale=self.code))
        # A comma tells the word between the last two from the same word inside one of them.
        if len(words) > 1 and any(between in word for word in words):
            return listed.removesuffix(between + words[-1]).removesuffix(",") + "," + between + words[-1]
        return listed


@cache
def language(code: str) -> Language:
    """A language by its code; English needs no catalogue, for the templates are written in it."""
    path = resource("report_templates", "locale", code, "LC_MESSAGES", "motiefmix.po")
    if not path.is_file():
        return Language(code, gettext.NullTranslations())
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        catalogue = read_po(file, locale=code)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Language(code, gettext.GNUTranslations(compiled))
