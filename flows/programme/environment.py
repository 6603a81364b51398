"""The environment variables that Motiefmix reads, and those that it sets for Prefect and other libraries.

The only place that does either.
"""

import os
from pathlib import Path

from flows.foundation.errors import UserError
from flows.foundation.event_log import Form
from flows.foundation.resources import resource
from flows.programme.folder import ProgrammeFolder

KEY_VARIABLE = "MOTIEFMIX_PSEUDONYM_KEY"
NEW_KEY_VARIABLE = "MOTIEFMIX_NEW_PSEUDONYM_KEY"
PROGRAMME_VARIABLE = "MOTIEFMIX_PROGRAMME"
# Long enough for a busy machine; a server that dies is noticed at once.
SERVER_START_SECONDS = 600


def pseudonym_keys() -> str:
    """The keys of the pseudonyms that the environment gives, the current one first; empty when it gives none."""
    return os.environ.get(KEY_VARIABLE, "")


def new_key() -> str:
    """The new key for a rotation, when the environment provides one.

    Raises:
        UserError: it is shorter than 32 characters, or more than one word.
    """
    key = os.environ.get(NEW_KEY_VARIABLE, "").strip()
    if key and (len(key) < 32 or len(key.split()) > 1):
        raise UserError(f"{NEW_KEY_VARIABLE} must be one word of at least 32 characters.")
    return key


def prepare(folder: ProgrammeFolder) -> None:
    """Confine the files and telemetry of Prefect and Great Expectations to the programme.

    Must run before either is imported. Creates `private/` if it is missing.
    """
    folder.make_private()
    prepare_libraries()
    os.environ.update(
        PREFECT_HOME=str(folder.prefect),
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


def use_embedded_server(url: str) -> None:
    """Let Prefect use its API in this process; must be called before Prefect is imported.

    It stores runs, tasks and artifacts. Services that only a permanent server needs are off: they take time at each
    start, and compete for the one file that all of them write to. A login is for a permanent server only.
    """
    os.environ.pop("PREFECT_SERVER_API_AUTH_STRING", None)
    os.environ.update(
        PREFECT_API_URL=url,
        PREFECT_SERVER_LOGGING_LEVEL="CRITICAL",
        PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED="false",
        PREFECT_SERVER_SERVICES_EVENT_PERSISTER_ENABLED="false",
        PREFECT_SERVER_REGISTER_BLOCKS_ON_START="false",
    )


def leave_embedded_server() -> None:
    """Forget the API in this process, which has ended."""
    os.environ.pop("PREFECT_API_URL", None)


def use_prefect_server(url: str, login: str) -> None:
    """Let Prefect use a server with a user name and password; must be called before Prefect is imported."""
    os.environ.update(PREFECT_API_URL=url, PREFECT_API_AUTH_STRING=login)


def of_server(url: str, login: str) -> dict[str, str]:
    """The environment of a local server: that of this process, its own address for its pages, and its login."""
    # Without the address, the server's pages look for it on port 4200.
    return {**os.environ, "PREFECT_SERVER_UI_API_URL": url, "PREFECT_SERVER_API_AUTH_STRING": login}


def with_home(home: Path) -> dict[str, str]:
    """The environment of this process, with another home for Prefect."""
    return {**os.environ, "PREFECT_HOME": str(home)}


def prefect_database_is_named() -> bool:
    """Whether the user's environment names a database for Prefect servers."""
    names = ("PREFECT_API_DATABASE_CONNECTION_URL", "PREFECT_SERVER_DATABASE_CONNECTION_URL")
    return any(name in os.environ for name in names)


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
