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
            UserError: it is not a month, or one in which no survey can have been held.
        """
        match = re.fullmatch(r"((?:19|20|21)\d{2})-(0[1-9]|1[0-2])", text)
        if not match:
            raise UserError(f"'{text}' is not a period; write a month as 2026-10.")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> "Period":
        """The period of a day."""
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    def plus(self, months: int) -> "Period":
        """The period `months` months later (earlier if negative)."""
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Period(year, month + 1)

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        return self.plus(1).first_day - timedelta(days=1)

    def has_ended(self, today: date) -> bool:
        """Whether the month is over; `today` is the date in the programme's time zone."""
        return today > self.last_day


def month_to_run(asked: str | None, today: date, also_unfinished: bool) -> Period:
    """The month of a run: the requested one, or the previous month.

    Raises:
        UserError: it is not a month, has not begun, or has not ended and `also_unfinished` is false.
    """
    current = Period.of(today)
    period = Period.parse(asked) if asked else current.plus(-1)
    if period > current:
        raise UserError(f"{period} has not begun: today is {today}. Choose a month that has ended.")
    if not (period.has_ended(today) or also_unfinished):
        raise UserError(
            f"{period} has not ended: answers come in until {period.last_day}, and released reports do not change."
            " Try it with --dry-run, or release the answers so far with --unfinished."
        )
    return period
