"""The settings of one programme: its `motiefmix.toml`, with secrets from MOTIEFMIX_* environment variables.

The only place that reads the environment or TOML.
"""

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
from flows.foundation.event_log import Form
from flows.foundation.messages import pattern
from flows.foundation.resources import resource
from flows.programme.folder import ProgrammeFolder
from flows.programme.languages import Language
from flows.programme.pseudonym_key import PseudonymKeys
from flows.programme.settings_problems import explained
from flows.programme.settings_sections import Delivery, Disclosure, Notifications, Schedule, Section
from flows.programme.time_zone import TimeZone

SETTINGS_FILE = "motiefmix.toml"
KEY_VARIABLE = "MOTIEFMIX_PSEUDONYM_KEY"
NEW_KEY_VARIABLE = "MOTIEFMIX_NEW_PSEUDONYM_KEY"
PROGRAMME_VARIABLE = "MOTIEFMIX_PROGRAMME"


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
        if not (os.environ.get(KEY_VARIABLE) or self.folder.warehouse.exists()):
            create_key(self.key_file)
        keys = (os.environ.get(KEY_VARIABLE) or _read_key_file(self.key_file)).split()
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


def has_key_in_environment() -> bool:
    """Whether the pseudonym key comes from the environment instead of its file."""
    return bool(os.environ.get(KEY_VARIABLE))


def new_key() -> str:
    """The new key for a rotation, when the environment provides one.

    Raises:
        UserError: it is shorter than 32 characters, or more than one word.
    """
    key = os.environ.get(NEW_KEY_VARIABLE, "").strip()
    if key and (len(key) < 32 or len(key.split()) > 1):
        raise UserError(f"{NEW_KEY_VARIABLE} must be one word of at least 32 characters.")
    return key


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


def prepare_environment(folder: ProgrammeFolder) -> None:
    """Confine the files and telemetry of Prefect and Great Expectations to the programme.

    Must run before either is imported. Creates `private/` if it is missing.
    """
    folder.make_private()
    prepare_libraries()
    os.environ.update(
        PREFECT_HOME=str(folder.private / "prefect"),
        PREFECT_SERVER_ANALYTICS_ENABLED="false",
        PREFECT_LOGGING_LEVEL=os.environ.get("PREFECT_LOGGING_LEVEL", "CRITICAL"),
        PREFECT_LOGGING_INTERNAL_LEVEL=os.environ.get("PREFECT_LOGGING_INTERNAL_LEVEL", "CRITICAL"),
    )


def prepare_libraries() -> None:
    """Turn telemetry off and let reports use our fonts only, also in a process that a Prefect worker started."""
    os.environ.update(
        DO_NOT_TRACK="1",
        GX_ANALYTICS_ENABLED="False",
        FONTCONFIG_FILE=str(resource("report_templates", "fonts", "fonts.conf")),
    )


def bind_programme(root: Path) -> None:
    """Let the flow runs that this process starts be of one programme, so that nobody has to enter a path."""
    os.environ[PROGRAMME_VARIABLE] = str(root)


def bound_programme() -> Path:
    """The programme of a flow run that a deployment started.

    Raises:
        UserError: the deployment names none.
    """
    root = os.environ.get(PROGRAMME_VARIABLE)
    if not root:
        raise UserError(f"{PROGRAMME_VARIABLE} names no programme. Use the deployment of the programme.")
    return Path(root)


def prefect_login() -> str:
    """User name and password of the Prefect server in use, ``name:password``; empty when it has none."""
    return os.environ.get("PREFECT_API_AUTH_STRING", "")


def prefect_api_url() -> str | None:
    """The Prefect server that the user's environment names."""
    return os.environ.get("PREFECT_API_URL") or None


def use_embedded_server() -> None:
    """Let Prefect start its own server for one run; must be called before Prefect is imported.

    It stores runs, tasks and artifacts. Services that only a permanent server needs are off: they take time at each
    start, and compete for the one file that all of them write to. A login is for a permanent server only.
    """
    os.environ.pop("PREFECT_SERVER_API_AUTH_STRING", None)
    os.environ.update(
        # A busy machine needs longer than Prefect's 20 seconds.
        PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS="600",
        PREFECT_SERVER_LOGGING_LEVEL="CRITICAL",
        PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED="false",
        PREFECT_SERVER_SERVICES_EVENT_PERSISTER_ENABLED="false",
    )


def use_prefect_server(url: str, login: str) -> None:
    """Let Prefect use a server with a user name and password; must be called before Prefect is imported."""
    os.environ.update(PREFECT_API_URL=url, PREFECT_API_AUTH_STRING=login)


def environment_of_server(url: str, login: str) -> dict[str, str]:
    """The environment of a local server: that of this process, its own address for its pages, and its login."""
    # Without the address, the server's pages look for it on port 4200.
    return {**os.environ, "PREFECT_SERVER_UI_API_URL": url, "PREFECT_SERVER_API_AUTH_STRING": login}


def given_logins() -> tuple[str | None, str | None]:
    """User name and password, ``name:password``, that the environment gives: a local server's, and ours on any."""
    return os.environ.get("PREFECT_SERVER_API_AUTH_STRING"), os.environ.get("PREFECT_API_AUTH_STRING")


def smtp_password() -> str:
    """The password of the mail server, from MOTIEFMIX_SMTP_PASSWORD."""
    return os.environ.get("MOTIEFMIX_SMTP_PASSWORD", "")


def pdf_password_variable(organisation_id: str) -> str:
    """The variable with the password that opens an organisation's encrypted report."""
    return f"MOTIEFMIX_PDF_PASSWORD_{organisation_id.upper().replace('-', '_')}"


def pdf_password(organisation_id: str) -> str:
    """The password that opens an organisation's encrypted report; it was agreed with them elsewhere."""
    return os.environ.get(pdf_password_variable(organisation_id), "")


def notification_urls() -> tuple[str, ...]:
    """Addresses in Apprise's form that are told what goes wrong, from MOTIEFMIX_NOTIFY; they may hold a secret."""
    return tuple(os.environ.get("MOTIEFMIX_NOTIFY", "").split())


def wanted_log() -> Form | None:
    """The form of log lines on stderr, from MOTIEFMIX_LOG: text, json, or none."""
    wanted = os.environ.get("MOTIEFMIX_LOG", "").lower()
    return "json" if wanted == "json" else "text" if wanted else None


def wants_debugging() -> bool:
    """Whether MOTIEFMIX_DEBUG asks for tracebacks."""
    return bool(os.environ.get("MOTIEFMIX_DEBUG"))


def wants_plain_weasyprint() -> bool:
    """Whether MOTIEFMIX_PLAIN_WEASYPRINT asks for reports without the patches of `fast_weasyprint`."""
    return os.environ.get("MOTIEFMIX_PLAIN_WEASYPRINT", "0") not in ("", "0")


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
