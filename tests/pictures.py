"""Pictures of pages in tests/golden/pages, compared as people see them."""

import os
from pathlib import Path

from PIL import Image, ImageChops

PICTURES = Path(__file__).parent / "golden" / "pages"


def looks_as_before(now: Image.Image, name: str) -> bool:
    """Whether a grey picture looks as the one that is kept; MOTIEFMIX_REWRITE_GOLDEN=1 keeps this one instead.

    Other anti-aliasing is let pass: fewer than one pixel in two hundred may differ by more than a quarter.
    """
    path = PICTURES / f"{name}.png"
    if os.environ.get("MOTIEFMIX_REWRITE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        now.quantize(16).save(path, optimize=True)
    then = Image.open(path).convert("L")
    if now.size != then.size:
        return False
    differing = sum(ImageChops.difference(now, then).point(lambda value: 255 * (value > 64)).histogram()[255:])
    return differing < now.width * now.height / 200
