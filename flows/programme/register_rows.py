"""The rows of the register: an organisation and how it receives its report, and one state of a collective."""

from collections.abc import Iterator
from datetime import date
from email.errors import HeaderParseError
from email.headerregistry import Address
from typing import Annotated, Literal, get_args, get_type_hints

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from flows.foundation.contracts import Attachment
from flows.foundation.messages import pattern, printable, refuse_unprintable
from flows.programme.languages import Language, LanguageTag

NAME_LENGTH = 120
TEXT_LENGTH = 200
MEMBERS_LIMIT = 10_000_000
Channel = Literal["folder", "mail-notice", "mail-attachment", "mail-encrypted"]
# The kinds of files beside a report, and the word for none of them.
KINDS: tuple[str, ...] = get_args(get_type_hints(Attachment)["kind"])
NOTHING = "none"
Id = Annotated[str, AfterValidator(pattern(r"[a-z0-9-]{1,40}", "lower-case letters, digits and hyphens, at most 40"))]
Name = Annotated[str, Field(min_length=1, max_length=NAME_LENGTH), AfterValidator(refuse_unprintable)]


def _empty_is_none(value: str) -> str | None:
    return value or None


def _parts(text: str) -> Iterator[str]:
    """The parts of a list in one cell, separated by semicolons."""
    return filter(None, (part.strip() for part in text.split(";")))


def _is_folder(part: str) -> bool:
    """Whether a recipient is a folder or a URL; in practice no mail address has a slash."""
    return "/" in part


def _check_address(part: str) -> None:
    """Check one mail address; rejects several addresses in one."""
    try:
        is_one = Address(addr_spec=part).addr_spec == part and refuse_unprintable(part)
    except (ValueError, HeaderParseError, IndexError, AttributeError):  # the last two for texts such as `a@`
        is_one = ""
    if not is_one:
        raise ValueError(f"'{printable(part)}' is not a mail address; write several as a@example.org; b@example.org")


class Row(BaseModel):
    """A row of the register."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _attachments(text: str) -> str:
    for part in _parts(text):
        if part not in (*KINDS, NOTHING):
            raise ValueError(f"'{printable(part)}' must be {NOTHING}, or some of: {'; '.join(KINDS)}")
    return text


class Organisation(Row):
    """An organisation that receives a report, in its language, through its channel.

    `recipients` are mail addresses; for the channel `folder` they are folders or URLs such as ``sftp://host/reports``,
    and an address among them is a contact only. `attachments` are the files sent with the report: all when empty.
    `names_language` is the language of its name and of those of its collectives: that of the report when empty.
    """

    organisation_id: Id
    name: Name
    language: Language
    channel: Channel = "folder"
    recipients: str = ""
    attachments: Annotated[str, AfterValidator(_attachments)] = ""
    names_language: Annotated[LanguageTag | None, BeforeValidator(_empty_is_none)] = None

    @field_validator("recipients", mode="after")
    @classmethod
    def _fit_the_channel(cls, text: str, row: ValidationInfo) -> str:
        if "\r" in text or "\n" in text:
            raise ValueError("must be on one line; write several separated by semicolons")
        for part in _parts(text):
            if row.data.get("channel") == "folder" and _is_folder(part):
                refuse_unprintable(part)
            else:
                _check_address(part)
        return text

    @property
    def addresses(self) -> tuple[str, ...]:
        """The mail addresses of the organisation, each once however it is capitalised."""
        found = [part for part in _parts(self.recipients) if not _is_folder(part)]
        return tuple({part.lower(): part for part in reversed(found)}.values())[::-1]

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders and URLs of the channel `folder`, each once."""
        return tuple(dict.fromkeys(filter(_is_folder, _parts(self.recipients))))

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of files that are sent with the report."""
        chosen = tuple(_parts(self.attachments))
        return tuple(kind for kind in KINDS if kind in chosen) if chosen else KINDS


class Collective(Row):
    """The state of a collective from `valid_from` up to and including `valid_until` (open ends when empty).

    `members` is the number N on the roster; empty when unknown. `take_part` is a link or a sentence for the leaflet:
    how members can take part in the questionnaire.
    """

    collective_id: Id
    organisation_id: Id
    name: Name
    type: Annotated[str, Field(min_length=1, max_length=60)]
    members: Annotated[Annotated[int, Field(ge=1, le=MEMBERS_LIMIT)] | None, BeforeValidator(_empty_is_none)] = None
    valid_from: Annotated[date | None, BeforeValidator(_empty_is_none)] = None
    valid_until: Annotated[date | None, BeforeValidator(_empty_is_none)] = None
    take_part: Annotated[str, Field(max_length=TEXT_LENGTH), AfterValidator(refuse_unprintable)] = ""

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> "Collective":
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise ValueError("valid_until is before valid_from")
        return self

    def holds_on(self, day: date) -> bool:
        """Whether this is the state of the collective on a day."""
        return (self.valid_from or date.min) <= day <= (self.valid_until or date.max)

    def overlaps(self, other: "Collective") -> bool:
        """Whether two states cover the same day."""
        return (self.valid_from or date.min) <= (other.valid_until or date.max) and (other.valid_from or date.min) <= (
            self.valid_until or date.max
        )
