"""The sections of the settings file `motiefmix.toml`."""

from datetime import datetime, timedelta
from email.errors import HeaderParseError
from email.headerregistry import Address
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from flows.foundation.messages import pattern, printable
from flows.programme.policy import DISTRIBUTIONS_FROM, FULL_FROM, LEVELS_FROM


class Section(BaseModel):
    """Settings that belong together."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Disclosure(Section):
    """Thresholds that a programme may raise, never lower (floors: disclosure rule 1)."""

    levels_from: Annotated[int, Field(ge=LEVELS_FROM, le=1000, strict=True)] = LEVELS_FROM
    full_from: Annotated[int, Field(ge=FULL_FROM, le=1000, strict=True)] = FULL_FROM
    distributions_from: Annotated[int, Field(ge=DISTRIBUTIONS_FROM, le=1000, strict=True)] = DISTRIBUTIONS_FROM

    @model_validator(mode="after")
    def _in_order(self) -> "Disclosure":
        if not self.levels_from <= self.full_from <= self.distributions_from:
            raise ValueError("the thresholds must rise: levels_from, then full_from, then distributions_from")
        return self


class Schedule(Section):
    """The monthly run, in the programme's time zone."""

    day: Annotated[int, Field(ge=1, le=28, strict=True)] = 2
    time: Annotated[str, AfterValidator(pattern(r"([01]\d|2[0-3]):[0-5]\d", "hours and minutes, as 06:00"))] = "06:00"

    @property
    def cron(self) -> str:
        """The schedule as a cron line, `0 6 2 * *` by default."""
        hour, minute = self.time.split(":")
        return f"{int(minute)} {int(hour)} {self.day} * *"

    def last_run(self, now: datetime) -> datetime:
        """The last scheduled moment that is not later than `now`, in its zone."""
        moment = self._in_month_of(now)
        return moment if moment <= now else self._in_month_of(now.replace(day=1) - timedelta(days=1))

    def next_run(self, after: datetime) -> datetime:
        """The first scheduled moment later than `after`, in the zone of `after`."""
        moment = self._in_month_of(after)
        return moment if moment > after else self._in_month_of(after.replace(day=28) + timedelta(days=4))

    def _in_month_of(self, moment: datetime) -> datetime:
        hour, minute = map(int, self.time.split(":"))
        return moment.replace(day=self.day, hour=hour, minute=minute, second=0, microsecond=0)


def _address(text: str) -> str:
    """Validate one mail address."""
    try:
        is_address = not text or Address(addr_spec=text).addr_spec == text
    except (ValueError, HeaderParseError):
        is_address = False
    if not is_address:
        raise ValueError(f"'{printable(text)}' is not a mail address")
    return text


MailAddress = Annotated[str, AfterValidator(_address)]
Domain = Annotated[str, AfterValidator(pattern(r"[a-z0-9-]+(\.[a-z0-9-]+)+", "a domain such as example.org"))]


class Delivery(Section):
    """How reports reach organisations.

    With `approval` "steward" a person approves each release first. `folder` receives the reports of organisations whose
    channel is a folder and who name none. Mail goes to `allowed_domains` only; to any domain when it is empty.
    """

    approval: Literal["steward", "automatic"] = "steward"
    folder: Annotated[str, Field(min_length=1, max_length=500)] = "delivered"
    sender: MailAddress = ""
    mail_server: Annotated[str, AfterValidator(pattern(r"|[A-Za-z0-9.:-]{1,253}", "a host name"))] = ""
    port: Annotated[int, Field(ge=1, le=65535, strict=True)] = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: Annotated[str, Field(max_length=200)] = ""
    allowed_domains: tuple[Domain, ...] = ()
    reminders: Annotated[bool, Field(strict=True)] = False

    @model_validator(mode="after")
    def _has_sender(self) -> "Delivery":
        if self.mail_server and not self.sender:
            raise ValueError("a mail_server needs a sender, the mail address that reports come from")
        return self

    def allows(self, address: str) -> bool:
        """Whether mail may go to an address."""
        return not self.allowed_domains or address.rpartition("@")[2].lower() in self.allowed_domains


class Notifications(Section):
    """Who is told what goes wrong: the mail addresses here, and the addresses in MOTIEFMIX_NOTIFY."""

    mail: tuple[MailAddress, ...] = ()
