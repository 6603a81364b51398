"""What a programme may change of the look of its reports: a logo, and a colour that can be read."""

import io

import pikepdf
import pytest
from PIL import Image

from flows.foundation.errors import UserError
from flows.programme import branding
from flows.steps.render.documents import write_pdf

PAGE = (
    '<html lang="en"><head><title>x</title></head><body>'
    '<img src="logo:programme" alt="Programme" class="logo"/><h1>Heading</h1></body></html>'
)


def _image(path, kind="PNG", size=(40, 20), **options):
    Image.new("RGB", size, "#3a7d44").save(path, kind, **options)
    return path.name


@pytest.mark.parametrize(("colour", "ratio"), [("#000000", 21), ("#ffffff", 1), ("#767676", 4.54), ("#1d2f5e", 12.96)])
def test_contrast_is_that_of_wcag(colour, ratio):
    assert branding.contrast_on_white(colour) == pytest.approx(ratio, abs=0.01)


def test_a_colour_that_is_too_pale_is_refused_with_its_contrast(tmp_path):
    with pytest.raises(UserError, match=r"#e7b642 on white has a contrast of 1\.9; text needs 4\.5"):
        branding.load("#e7b642", "", tmp_path)
    assert branding.load("#8a2f4a", "", tmp_path).accent == "#8a2f4a"


def test_headings_have_the_accent_and_the_logo_stands_on_the_page(tmp_path):
    chosen = branding.load("#8a2f4a", _image(tmp_path / "logo.png"), tmp_path)
    pdf, _ = write_pdf(PAGE, {}, chosen)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        (page,) = document.pages
        assert page.get_images()
        drawn = page.Contents.read_bytes()
        assert b"0.541176 0.184314 0.290196" in drawn or b"0.541 0.184 0.29" in drawn
    assert write_pdf(PAGE, {}, chosen)[0] == pdf


def test_nothing_of_a_logo_but_its_pixels_comes_into_a_report(tmp_path):
    details = Image.Exif()
    details[0x010E] = "taken at home by Marijtje"
    name = _image(tmp_path / "logo.jpg", "JPEG", exif=details)
    assert b"Marijtje" in (tmp_path / name).read_bytes()
    assert b"Marijtje" not in branding.load("", name, tmp_path).logo


def test_a_logo_lies_in_the_programme_folder(tmp_path):
    _image(tmp_path / "outside.png")
    inside = tmp_path / "programme"
    inside.mkdir()
    (inside / "link.png").symlink_to(tmp_path / "outside.png")
    for name in ("../outside.png", "link.png"):
        with pytest.raises(UserError, match="is not in the programme folder"):
            branding.load("", name, inside)


@pytest.mark.parametrize("content", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"", b"\x89PNG\r\n\x1a\nbroken"])
def test_what_is_no_picture_is_refused(tmp_path, content):
    (tmp_path / "logo.png").write_bytes(content)
    with pytest.raises(UserError, match=r"logo\.png is not a readable PNG or JPEG"):
        branding.load("", "logo.png", tmp_path)


def test_a_missing_or_huge_logo_is_told(tmp_path):
    with pytest.raises(UserError, match="there is no file logo.png"):
        branding.load("", "logo.png", tmp_path)
    name = _image(tmp_path / "wide.png", size=(4001, 1000))
    with pytest.raises(UserError, match="more than 4 million pixels"):
        branding.load("", name, tmp_path)
    (tmp_path / "large.png").write_bytes(bytes(branding.LOGO_BYTES + 1))
    with pytest.raises(UserError, match="larger than 1 MB"):
        branding.load("", "large.png", tmp_path)
