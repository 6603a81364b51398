"""A calendar month: the unit in which figures are made and released."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from flows.foundation.errors import UserError


@dataclass(frozen=True, order=True)
class Period:
    """A calendar month, written 2026-10."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> "Period":
        """The period that a text such as 2026-10 names.

        Raises:
            UserError: it names none, or one in which no survey was held.
        """
        match = re.fullmatch(r"((?:19|20|21)\d{2})-(0[1-9]|1[0-2])", text)
        if not match:
            raise UserError(f"'{text}' is no period; write a month as 2026-10.")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> "Period":
        """The period in which a day lies."""
        return cls(day.year, day.month)

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

    def has_ended(self, today: date) -> bool:
        """Whether no answer can be given in it any more; `today` is that of the programme's time zone."""
        return today > self.last_day


def month_to_run(asked: str | None, today: date, also_unfinished: bool) -> Period:
    """The month of a run: the requested one, or the month before today's.

    Raises:
        UserError: it is no month, it has not begun, or it has not ended and nobody asked for it all the same.
    """
    current = Period.of(today)
    period = Period.parse(asked) if asked else current.plus(-1)
    if period > current:
        raise UserError(f"{period} has not begun: today is {today}. Choose a month that has ended.")
    if not (period.has_ended(today) or also_unfinished):
        raise UserError(
            f"{period} has not ended: answers come in until {period.last_day}, and reports that are out do not change."
            " Try it with --dry-run, or release what is there so far with --unfinished."
        )
    return period
