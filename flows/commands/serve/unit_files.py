"""Units for systemd: the local server, the schedule, and a weekly pre-flight."""

import getpass
import re
import sys
from pathlib import Path
from string import Template

from flows.foundation.atomic_files import text_of
from flows.programme.settings import Settings

_TEMPLATES = Path(__file__).parent / "units"


def write(settings: Settings, folder: Path, port: int) -> tuple[list[Path], str]:
    """Write the units of a programme, and say what to do with them."""
    folder.mkdir(parents=True, exist_ok=True)
    slug = re.sub(r"[^A-Za-z0-9]+", "-", settings.root.name).strip("-") or "programme"
    values = {
        "name": _escaped(settings.name),
        "slug": slug,
        "user": getpass.getuser(),
        "motiefmix": f"{_quoted(sys.executable)} -m flows.cli",
        "root": _quoted(str(settings.root)),
        "folder": _escaped(str(settings.root)),
        "port": str(port),
        "timezone": settings.timezone,
    }
    paths = []
    for template in sorted(_TEMPLATES.iterdir()):
        path = folder / template.name.replace("motiefmix", f"motiefmix-{slug}")
        path.write_text(Template(text_of(template)).substitute(values), encoding="utf-8")
        paths.append(path)
    kept = f"motiefmix-{slug}-server.service motiefmix-{slug}-serve.service motiefmix-{slug}-preflight.timer"
    return paths, (
        "As an administrator:\n"
        f"  cp {folder.resolve()}/motiefmix-{slug}-* /etc/systemd/system/\n"
        f"  systemctl daemon-reload && systemctl enable --now {kept}\n"
        f"Secrets such as MOTIEFMIX_PSEUDONYM_KEY belong in /etc/motiefmix/{slug}.env (mode 0600)."
    )


def _escaped(text: str) -> str:
    """A text in which systemd finds no specifier."""
    return text.replace("%", "%%")


def _quoted(text: str) -> str:
    """One word of a command line of systemd."""
    for character, written in (("\\", "\\\\"), ('"', '\\"'), ("$", "$$")):
        text = text.replace(character, written)
    return f'"{_escaped(text)}"'
