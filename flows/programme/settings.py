"""The settings of one programme: its `motiefmix.toml`. The only place that reads TOML."""

import os
import re
import secrets
import tomllib
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, ValidationError, field_validator

from flows.foundation.atomic_files import created
from flows.foundation.errors import UserError
from flows.foundation.messages import pattern
from flows.programme import environment
from flows.programme.environment import KEY_VARIABLE
from flows.programme.folder import ProgrammeFolder
from flows.programme.languages import Language
from flows.programme.pseudonym_key import PseudonymKeys
from flows.programme.settings_problems import explained
from flows.programme.settings_sections import Delivery, Disclosure, Notifications, Schedule, Section
from flows.programme.time_zone import TimeZone

SETTINGS_FILE = "motiefmix.toml"


class Settings(Section):
    """The settings of a programme. All paths are absolute."""

    root: Path
    name: Annotated[str, Field(min_length=1, max_length=120)]
    language: Language = "nl"
    timezone: TimeZone = "Europe/Amsterdam"
    instrument: str = "motives"
    retention_months: Annotated[int, Field(ge=1, le=120, strict=True)] = 24
    window_months: Annotated[int, Field(ge=1, le=36, strict=True)] = 12
    contact: Annotated[str, Field(max_length=200)] = ""
    accent: Annotated[str, AfterValidator(pattern(r"|#[0-9a-fA-F]{6}", "a colour such as #1d2f5e"))] = ""
    logo: Annotated[str, Field(max_length=200)] = ""
    pseudonym_key_file: str = ""
    microdata: Annotated[bool, Field(strict=True)] = False
    render_processes: Annotated[int, Field(ge=0, le=64, strict=True)] = 0
    cluster: Annotated[
        str, AfterValidator(pattern(r"|(tcp|tls)://[^\s/@]+:\d+", "an address such as tcp://host:8786"))
    ] = ""
    disclosure: Disclosure = Disclosure()
    schedule: Schedule = Schedule()
    delivery: Delivery = Delivery()
    notifications: Notifications = Notifications()

    @field_validator("pseudonym_key_file", "name", "contact", "logo", mode="after")
    @classmethod
    def _one_line(cls, text: str) -> str:
        if re.search(r"[\x00-\x1f\x7f]", text):
            raise ValueError("must be one line of printable text")
        return text

    @cached_property
    def folder(self) -> ProgrammeFolder:
        """The folders of the programme."""
        return ProgrammeFolder(self.root)

    def now(self) -> datetime:
        """The current time in the programme's time zone."""
        return datetime.now(ZoneInfo(self.timezone))

    def processes(self) -> int:
        """How many reports are rendered side by side: the setting, or one per processor."""
        return self.render_processes or os.cpu_count() or 1

    def pseudonym_keys(self) -> PseudonymKeys:
        """The keys of the pseudonyms, from MOTIEFMIX_PSEUDONYM_KEY or the key file beside the programme.

        The first word is the current key; the others are retired, and only recognise people who were erased under them.

        The file is created for a programme that never ran; later a missing file is an error, because with a new key no
        member would be recognised.

        Raises:
            UserError: there is no key, others can read the file, or the key is shorter than 32 characters.
        """
        given = environment.pseudonym_keys()
        if not (given or self.folder.warehouse.exists()):
            create_key(self.key_file)
        keys = (given or _read_key_file(self.key_file)).split()
        if not keys or min(map(len, keys)) < 32:
            raise UserError(f"The pseudonym key is shorter than 32 characters; fix {KEY_VARIABLE} or {self.key_file}.")
        return PseudonymKeys(keys[0].encode(), tuple(key.encode() for key in keys[1:]))

    @property
    def key_file(self) -> Path:
        """The file of the key when it is not in the environment: outside the programme folder."""
        return self.root.joinpath(
            self.pseudonym_key_file or self.root.parent / f"{self.root.name}.pseudonym-key"
        ).resolve()


def load(root: Path) -> Settings:
    """Read the settings of the programme in `root`.

    Raises:
        UserError: there is no programme, or its settings have an error, with line and field.
    """
    path = root.resolve() / SETTINGS_FILE
    try:
        text = path.read_text(encoding="utf-8-sig")
        values: dict[str, Any] = tomllib.loads(text)
    except FileNotFoundError:
        raise UserError(
            f"{root} is not a programme folder: it has no {SETTINGS_FILE}."
            " Go to one, use --programme DIR, or make one with: motiefmix init DIR"
        ) from None
    except UnicodeDecodeError:
        raise UserError(f"{SETTINGS_FILE}: this file is not UTF-8 text; save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{SETTINGS_FILE}: this is not valid TOML: {error}.") from None
    except OSError:
        raise UserError(f"{path}: this is not a readable file.") from None
    try:
        return Settings.model_validate({**values, "root": path.parent})
    except ValidationError as error:
        raise UserError(
            "\n".join(explained(problem, text, SETTINGS_FILE, Settings) for problem in error.errors(include_url=False))
        ) from None


def create_key(path: Path) -> None:
    """Write a new random key to a file that only its owner can read; an existing one stays."""
    if not path.exists():
        try:
            with created(path) as file:
                file.write(f"{secrets.token_hex(32)}\n".encode())
        except OSError:
            raise UserError(
                f"The pseudonym key cannot be written to {path}. Make the folder writable, set pseudonym_key_file in"
                f" {SETTINGS_FILE}, or set {KEY_VARIABLE}."
            ) from None


def last_month(today: date) -> str:
    """The period before the month of `today`, as 2026-10."""
    before = today.replace(day=1) - timedelta(days=1)
    return f"{before:%Y-%m}"


def _read_key_file(path: Path) -> str:
    try:
        if path.stat().st_mode & 0o077:
            raise UserError(f"The pseudonym key {path} can be read by others. Run: chmod 600 {path}")
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UserError(
            f"There is no pseudonym key: set {KEY_VARIABLE}, or restore the key file at {path}."
            " Without the same key, members cannot be recognised from one month to the next."
        ) from None
    except (OSError, UnicodeDecodeError):
        raise UserError(f"The pseudonym key {path} is not a readable text file.") from None
