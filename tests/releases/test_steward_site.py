"""The steward's page says what there is and what to do next, in a browser of any width, without script."""

import io
import re
from dataclasses import replace
from datetime import datetime

import pytest
from PIL import Image

from flows.foundation.contracts import FailedReport
from flows.programme import manifest, settings
from flows.releases import approving, choosing, steward_site
from flows.releases.next_steps import next_steps
from tests import browser, programmes
from tests.pictures import looks_as_before
from tests.releases.made import released
from tests.selection import ordinarily

NEEDS_A_BROWSER = pytest.mark.skipif(not browser.CHROMIUM, reason="Chromium is not installed")


@pytest.fixture(scope="module")
def made(shared, tmp_path_factory):
    return programmes.copied(shared("with-files", 14), tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def page(made):
    return steward_site.write_site(made.settings)


def _text(page) -> str:
    return re.sub(r"<[^>]+>", " ", page.read_text(encoding="utf-8"))


def test_it_names_each_organisation_its_state_and_the_next_commands(made, page):
    text = _text(page)
    assert "Gemeente Voorbeeldstad" in text
    assert "Concept: wacht op goedkeuring" in text
    assert "motiefmix approve 2026-10" in text
    assert "motiefmix withdraw 2026-10 v1 --reason TEXT" in text


def test_every_link_leads_to_a_file_and_nothing_comes_from_elsewhere(page):
    source = page.read_text(encoding="utf-8")
    assert "<script" not in source
    assert not re.search(r'(?:src|href)="(?:https?:)?//', source)
    paths = re.findall(r'(?:src|href)="([^"#]+)"', source)
    assert paths
    assert [path for path in paths if not (page.parent / path).exists()] == []


def test_it_is_for_its_owner_alone_and_holds_no_address(made, page):
    assert page.stat().st_mode & 0o077 == 0
    assert page.parent.stat().st_mode & 0o077 == 0
    assert not re.search(r"\w@\w", _text(page))


def test_it_follows_an_approval(made, tmp_path):
    programme = programmes.copied(made, tmp_path)
    approving.approve(programme.settings, choosing.standing(programme.settings))
    text = _text(steward_site.write_site(programme.settings))
    assert "Goedgekeurd, nog niet bezorgd" in text
    assert "motiefmix deliver 2026-10" in text


def test_a_programme_without_a_release_says_what_to_do(programme):
    text = _text(steward_site.write_site(programme.settings))
    assert "Er is nog geen uitgave" in text
    assert "motiefmix run --period" in text


def _steps(released, runs=(), due="2026-10", troubles=()):
    return {step.action: step for step in next_steps(released, runs, due, troubles)}


def test_each_state_has_its_next_step(made):
    (newest,) = manifest.every(made.settings.folder)
    report = newest.reports[0]

    def with_status(status):
        return replace(newest, reports=(replace(report, status=status),))

    assert set(_steps(with_status("ready"))) == {"approve"}
    assert set(_steps(with_status("approved"))) == {"deliver"}
    assert set(_steps(with_status("delivered"))) == set()
    assert _steps(with_status("unknown"))["ask"].command == "motiefmix deliver 2026-10 --arrived town"
    assert _steps(with_status("undelivered"))["retry"].command == "motiefmix deliver 2026-10 --only town"
    failed = replace(newest, reports=(FailedReport(organisation_id="town", failed_because="too long"),))
    assert set(_steps(failed)) == {"make_again"}
    assert _steps(None)["run"].command == "motiefmix run --period 2026-10"
    assert _steps(with_status("delivered"), due="2026-11")["run"].command == "motiefmix run --period 2026-11"
    waiting = [{"counts": {"waiting": 3, "held_files": 1}}]
    assert set(_steps(with_status("delivered"), waiting)) == {"decide", "fix_held"}


@NEEDS_A_BROWSER
@pytest.mark.parametrize("width", ordinarily([390, 1600]))
def test_it_fits_a_window_of_any_width_and_asks_nobody_else(page, width):
    with browser.opened(width) as window:
        asked = []
        window.on("request", lambda request: asked.append(request.url))
        window.goto(page.as_uri())
        assert window.evaluate("document.documentElement.scrollWidth") <= width
        # No column is so narrow that a word falls apart into letters.
        assert min(window.eval_on_selector_all("th, td", "cells => cells.map(cell => cell.clientWidth)")) > 30
        assert {url.partition(":")[0] for url in asked} == {"file"}


@NEEDS_A_BROWSER
@pytest.mark.visual
@pytest.mark.parametrize(("language", "width"), [("nl", 390), ("en", 1600)])
def test_it_looks_as_it_did(made, tmp_path, monkeypatch, language, width):
    programme = programmes.copied(made, tmp_path)
    toml = programme.root / "motiefmix.toml"
    toml.write_text(f'language = "{language}"\n{toml.read_text()}')
    zone = programme.settings.now().tzinfo
    monkeypatch.setattr(settings.Settings, "now", lambda _: datetime(2026, 11, 3, 9, tzinfo=zone))
    with browser.opened(width) as window:
        window.goto(steward_site.write_site(programme.settings).as_uri())
        picture = Image.open(io.BytesIO(window.screenshot(full_page=True))).convert("L")
    assert looks_as_before(picture, f"steward-{language}-{width}")


@NEEDS_A_BROWSER
def test_every_link_and_command_is_reached_by_keyboard_and_seen(page):
    with browser.opened() as window:
        window.goto(page.as_uri())
        wanted = window.locator("a, code[tabindex], summary, .scroll").count()
        reached = set()
        for _ in range(wanted):
            window.keyboard.press("Tab")
            reached.add(window.evaluate("document.activeElement.outerHTML"))
            assert window.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
        assert len(reached) == wanted


@NEEDS_A_BROWSER
@pytest.mark.slow
def test_a_collective_that_is_not_shown_in_full_says_how_many_answers_it_lacks(programme):
    programmes.with_answers(programme, 3).compute()
    with browser.opened() as window:
        window.goto(steward_site.write_site(released(programme).settings).as_uri())
        window.locator("summary").click()
        assert "Nog 2 antwoorden" in window.locator("details").inner_text()
