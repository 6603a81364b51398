"""The pages for people: what they link to is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md"] + [
    page
    for room in ("flows", "sql", "expectations", "report_templates", "tests")
    for page in sorted((ROOT / room).rglob("*.md"))
]
_LINK = re.compile(r"\]\(([^)\s]+)\)")


def _anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page):
    lost = []
    for target in _LINK.findall(page.read_text(encoding="utf-8")):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        linked = (page.parent / path.replace("\\", "")).resolve() if path else page
        if not linked.exists() or (anchor and anchor not in _anchors(linked)):
            lost.append(target)
    assert lost == []


def test_the_readme_is_short():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").split()) <= 900


def test_the_page_on_sql_lists_every_model_that_sets_withheld_because():
    page = (ROOT / "sql" / "README.md").read_text(encoding="utf-8")
    section = page.partition("### Where is withheld_because set?")[2].partition("\n#")[0]
    listed = set()
    for names in re.findall(r"^\| (`[^|]+`) \|", section, re.MULTILINE):
        schema, _, _ = names.strip("`").partition("/")
        listed |= {f"{schema}/{name.rpartition('/')[2]}" for name in re.findall(r"`([^`]+)`", names)}
    reason = re.compile(r"'(?:too_few|protects_people|unreliable_scale)'")
    texts = {path.parent.name + "/" + path.stem: path.read_text() for path in (ROOT / "sql").glob("*/*.sql")}
    assert listed == {name for name, text in texts.items() if reason.search(text) and "as withheld_because" in text}
