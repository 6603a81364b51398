"""A calendar month: the unit in which figures are made and released."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from flows.steps.mistakes import Mistake


@dataclass(frozen=True, order=True)
class Period:
    """A calendar month, written 2026-10."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> "Period":
        """The period that a text such as 2026-10 names.

        Raises:
            Mistake: it names none, or one in which no survey was held.
        """
        match = re.fullmatch(r"((?:19|20|21)\d{2})-(0[1-9]|1[0-2])", text)
        if not match:
            raise Mistake(f"'{text}' is no period; write a month as 2026-10.")
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    def plus(self, months: int) -> "Period":
        """The period so many months later (earlier when negative)."""
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Period(year, month + 1)

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        return self.plus(1).first_day - timedelta(days=1)
