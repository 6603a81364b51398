"""Texts and numbers in the language of the reader, from the gettext catalogues in `report_templates/locale`."""

import gettext
import io
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import cache
from pathlib import Path

from flows.foundation.resources import resource


@dataclass(frozen=True)
class Language:
    """A language: its translations, and its number and date formats."""

    code: str
    translations: gettext.NullTranslations

    def number(self, value: float, digits: int = 1) -> str:
        """A number with at most `digits` decimals; none when they are zero."""
        from babel.numbers import format_decimal

        exact = Decimal(repr(round(value, 9)))
        with localcontext(rounding=ROUND_HALF_UP):
            return str(format_decimal(exact, format="#,##0." + "#" * digits if digits else "#,##0", locale=self.code))

    def signed(self, value: float) -> str:
        """A number with its sign; negative ones get a true minus sign."""
        text = self.number(abs(value))
        return "0" if text == "0" else ("+" if value > 0 else "\u2212") + text

    def percent(self, fraction: float, digits: int = 0) -> str:
        """A fraction as a number of percent."""
        return self.number(fraction * 100, digits)

    def percentage(self, *fractions: float, digits: int = 0) -> str:
        """A fraction or a range as a percentage, in the format of the language: 77%, 12–34%.

        A range whose ends are the same number is that number.
        """
        from babel import Locale

        pattern = Locale.parse(self.code).percent_formats[None]
        numbers = "–".join(dict.fromkeys(self.percent(fraction, digits) for fraction in fractions))
        return f"{pattern.prefix[0]}{numbers}{pattern.suffix[0]}"

    def month(self, period: str) -> str:
        """A period such as 2026-10 as October 2026."""
        from babel.dates import format_date

        return str(format_date(date.fromisoformat(f"{period}-01"), "MMMM y", locale=self.code))

    def short_month(self, period: str) -> str:
        """A period such as 2026-10 as Oct 2026."""
        from babel.dates import format_date

        return str(format_date(date.fromisoformat(f"{period}-01"), "MMM y", locale=self.code))

    def month_name(self, period: str) -> str:
        """A period such as 2026-10 as Oct."""
        from babel.dates import format_date

        return str(format_date(date.fromisoformat(f"{period}-01"), "MMM", locale=self.code))

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
        # A comma separates the conjunction from the same word inside an element.
        if len(words) > 1 and any(between in word for word in words if not word.startswith("‘")):
            return listed.removesuffix(between + words[-1]).removesuffix(",") + "," + between + words[-1]
        return listed


@cache
def language(code: str) -> Language:
    """A language by its code; English needs no catalogue because the templates are in English."""
    folder = resource("report_templates", "locale")
    try:
        # An installed package has the catalogue in compiled form.
        return Language(code, gettext.translation("motiefmix", folder, [code]))
    except FileNotFoundError:
        source = folder / code / "LC_MESSAGES" / "motiefmix.po"
        return Language(code, _compiled(source, code) if source.is_file() else gettext.NullTranslations())


def _compiled(source: Path, code: str) -> gettext.GNUTranslations:
    """The catalogue of a checkout, compiled from its text each time, so that it is never outdated."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with source.open("rb") as file:
        write_mo(compiled, read_po(file, locale=code))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
