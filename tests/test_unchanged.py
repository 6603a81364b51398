"""A run whose inputs are those of the figures in the warehouse reads and computes nothing."""

from datetime import date

import pytest

from flows import unchanged
from flows.monthly_run import RunRequest, opened
from flows.privacy import erasure
from flows.steps import compute, validate
from tests import programmes


@pytest.fixture
def programme(shared, tmp_path):
    """A month that was computed from the answers of fourteen."""
    made = programmes.copied(shared("computed", 14), tmp_path)
    with opened(made.settings, RunRequest(period="2026-10", today=date(2026, 11, 2))) as run:
        unchanged.mark_computed(run, made.ingest())
    return made


def _is_computed(programme, **asked) -> bool:
    request = RunRequest(**{"period": "2026-10", "today": date(2026, 11, 2), **asked})
    with opened(programme.settings, request) as run:
        return unchanged.is_computed(run, programme.ingest())


def test_the_same_inputs_are_computed_and_what_was_found_is_told_again(programme):
    assert _is_computed(programme)
    database, ingested = programme.settings.folder.warehouse, programme.ingest()
    assert validate.report(database, ingested).accepted == 14
    assert compute.summary(database).organisations == ("town",)


@pytest.mark.parametrize(
    "asked", [{"period": "2026-09"}, {"refit_profiles": True}, {"unfinished": True, "today": date(2026, 10, 20)}]
)
def test_another_request_is_not(programme, asked):
    assert not _is_computed(programme, **asked)


def _register_another(programme):
    programme.register(collectives=[{**programmes.COLLECTIVES[0], "members": "41"}])


def _export_another(programme):
    programme.export("more.csv", [programmes.answers(15)])


def _put_in_a_file_that_cannot_be_read(programme):
    (programme.root / "inbox" / "odd.csv").write_bytes(b"")


def _release(programme):
    programme.write_manifest("2026-09", inputs=programme.inputs())


def _forget(programme):
    erasure.erase(programme.settings, "m7", None, None)


def _validate_another_month(programme):
    programme.validate("2026-09")


@pytest.mark.parametrize(
    "change",
    [
        _register_another,
        _export_another,
        _put_in_a_file_that_cannot_be_read,
        _release,
        _forget,
        _validate_another_month,
    ],
)
def test_whatever_changes_is_computed_again(programme, change):
    change(programme)
    assert not _is_computed(programme)
