"""The branding of reports: a logo and the colour of headings."""

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

from flows.foundation.errors import UserError

# The colour of the dots in charts.
ACCENT = "#1d2f5e"
# WCAG 2.2, success criterion 1.4.3, for text of any size on white.
LEAST_CONTRAST = 4.5
LOGO_BYTES = 1_000_000
LOGO_PIXELS = 4_000_000


@dataclass(frozen=True)
class Branding:
    """The colour of headings as `#rrggbb`, and the logo as PNG."""

    accent: str = ACCENT
    logo: bytes = b""

    @property
    def sha256(self) -> str:
        """A hash that is equal for equal branding."""
        return hashlib.sha256(self.accent.encode() + self.logo).hexdigest()


PLAIN = Branding()


def contrast_on_white(colour: str) -> float:
    """The contrast ratio of a colour `#rrggbb` on white, 1 to 21 (WCAG 2.2, relative luminance)."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 1.05 / (luminance + 0.05)


def load(accent: str, logo: str, folder: Path) -> Branding:
    """Load the branding that the settings name.

    The logo is re-encoded from its pixels, so that no other content of the file gets into a report.

    Raises:
        UserError: the colour is too pale to read, or the logo is not a PNG or JPEG of reasonable size in the folder.
    """
    if accent and contrast_on_white(accent) < LEAST_CONTRAST:
        raise UserError(
            f"motiefmix.toml, field accent: {accent} on white has a contrast of {contrast_on_white(accent):.1f};"
            f" text needs {LEAST_CONTRAST}. Choose a darker colour."
        )
    return Branding(accent or ACCENT, _pixels(folder, logo) if logo else b"")


def _pixels(folder: Path, name: str) -> bytes:
    from PIL import Image, UnidentifiedImageError

    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise UserError(f"motiefmix.toml, field logo: {name} is not in the programme folder.")
    try:
        if path.stat().st_size > LOGO_BYTES:
            raise UserError(f"motiefmix.toml, field logo: {name} is larger than 1 MB; save it smaller.")
        with Image.open(path, formats=("PNG", "JPEG")) as image:
            if image.width * image.height > LOGO_PIXELS:
                raise UserError(f"motiefmix.toml, field logo: {name} has more than 4 million pixels; save it smaller.")
            drawn = io.BytesIO()
            image.convert("RGBA").save(drawn, "PNG")
    except FileNotFoundError:
        raise UserError(f"motiefmix.toml, field logo: there is no file {name} in the programme folder.") from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise UserError(f"motiefmix.toml, field logo: {name} is not a readable PNG or JPEG.") from None
    return drawn.getvalue()
