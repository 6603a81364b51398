"""A run for some organisations takes the reports of the others over, or is refused where these would be outdated."""

import shutil
from dataclasses import replace

import pytest

from flows.foundation.errors import UserError
from flows.programme import approvals
from flows.steps.publish.kept_reports import kept_reports
from tests.releases.made import staged_reports

PERIOD = "2026-10"


@pytest.fixture
def released(programme, tmp_path):
    """A release with the reports of two organisations; the one of `town` has files, and was delivered."""
    (town,) = staged_reports(tmp_path / "made", 1)
    delivered = replace(town, status="delivered", channel="folder", delivered_on="2026-11-03")
    reports = (replace(town, organisation_id="city"), delivered)
    made = programme.write_manifest(PERIOD, inputs_hash="same", reports=reports)
    shutil.move(tmp_path / "made" / "reports", made.folder_in(programme.settings.folder) / "reports")
    return programme.settings.folder


def _kept(folder, only=("city",), inputs="same", has_ended=True):
    return kept_reports(folder, PERIOD, inputs, has_ended, only)


def test_the_reports_of_the_others_are_kept_and_have_to_be_approved_anew(released, tmp_path):
    (kept,) = [former.put_into(tmp_path / "reports") for former in _kept(released)]
    assert (kept.organisation_id, kept.status, kept.channel, kept.delivered_on) == ("town", "ready", "", "")


def test_their_files_are_the_same(released, tmp_path):
    (kept,) = _kept(released)
    kept.put_into(tmp_path / "reports")
    assert approvals.are_unchanged(tmp_path / "reports", kept.report)


def test_a_run_for_all_keeps_none(released):
    assert _kept(released, only=()) == ()


def test_a_month_without_a_release_has_none_to_keep(programme):
    assert _kept(programme.settings.folder) == ()


@pytest.mark.parametrize("changed", [{"inputs": "other"}, {"has_ended": False}])
def test_reports_that_would_disagree_with_the_new_database_are_not_kept(released, changed):
    with pytest.raises(UserError, match="changed since 2026-10 v1.*Run without --only"):
        _kept(released, **changed)


def test_where_all_are_made_again_nothing_can_disagree(released):
    assert _kept(released, only=("city", "town"), inputs="other") == ()
