"""The flow as a whole on a real Prefect server: releases, second runs, failures that stay where they are."""

import errno
import json
import re
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from flows import monthly_run
from flows.cli import app
from flows.commands import run
from flows.foundation.errors import UserError
from flows.programme import approvals, environment, manifest, run_record, settings
from flows.programme.loading import load_programme
from flows.programme.tags import tags_of
from flows.run_outcomes import chosen
from flows.steps import render as render_stage
from tests import programmes
from tests.selection import ordinarily
from tests.steps.render.reading import words

pytestmark = pytest.mark.prefect
TODAY = date(2026, 11, 2)


@pytest.fixture
def made(programme):
    return programmes.with_two_organisations(programme)


@pytest.fixture(scope="module")
def first_run(tmp_path_factory):
    """A programme after its first run, and what came of it."""
    programme = programmes.with_two_organisations(programmes.make(tmp_path_factory.mktemp("released") / "programme"))
    return programme, _run(programme)


@pytest.fixture
def released(first_run, tmp_path):
    return programmes.copied(first_run[0], tmp_path)


def _run(programme, **changes):
    return run.monthly_run(programme.settings, today=TODAY, **changes)


def test_a_month_becomes_a_release(first_run):
    _, first = first_run
    assert (first.exit_code, first.period, first.release.version) == (0, "2026-10", 1)
    assert [report.status for report in first.release.reports] == ["ready", "ready"]
    reports = first.release.folder / "reports"
    assert {path.name for path in reports.iterdir()} == {
        f"{organisation}{ending}"
        for organisation in ("city", "town")
        for ending in (".pdf", ".xlsx", ".csv", "_leaflets")
    }


def test_a_second_run_changes_nothing(released):
    before = {path: path.stat().st_mtime_ns for path in released.root.rglob("*.pdf")}
    again = _run(released)
    assert again.exit_code == 0
    assert again.message.startswith("Nothing new")
    assert {path: path.stat().st_mtime_ns for path in released.root.rglob("*.pdf")} == before
    newest, first = run_record.read_all(released.settings.folder)[:2]
    assert list(newest["stages"]) == ["ingest"]
    assert newest["counts"] == first["counts"]


def test_the_next_month_is_drawn_with_the_one_before_it_and_knows_what_was_suggested(released, monkeypatch):
    given = []
    ordinary = render_stage.workers.each

    def watched(make, orders, processes):
        materials = list(orders)
        given.extend(material.setting.recent_suggestions for material in materials)
        return ordinary(make, materials, processes)

    monkeypatch.setattr(render_stage.workers, "each", watched)
    before = {report.organisation_id: set(report.suggestions) for report in _run(released).release.reports}
    outcome = run.monthly_run(released.settings, today=date(2026, 12, 2))
    assert outcome.period == "2026-11"
    assert given == [{name: suggested} for name, suggested in before.items()]
    text = words((outcome.release.folder / "reports" / "city.pdf").read_bytes())
    assert "Over time" in text
    assert re.search(r"Oct\s+Nov", text)


@pytest.mark.slow
def test_the_command_says_that_there_is_nothing_new(released, capsys, monkeypatch):
    monkeypatch.setattr(environment, "prepare", lambda folder: None)
    assert app(["run", "--period", "2026-10", "-p", str(released.root)], result_action="return_value") == 0
    assert capsys.readouterr().out.startswith("Nothing new")


@pytest.mark.slow
def test_new_answers_make_a_new_version_of_the_same_month(released):
    released.export("late.csv", [programmes.answers(n) for n in range(50, 56)])
    assert _run(released).release.version == 2


@pytest.mark.slow
def test_a_month_that_a_cluster_draws_has_the_same_reports(made, first_run, tmp_path):
    from distributed import LocalCluster

    address = {"dashboard_address": "127.0.0.1:0", "host": "127.0.0.1", "local_directory": tmp_path / "dask"}
    with LocalCluster(n_workers=2, threads_per_worker=1, **address) as cluster:
        toml = made.root / "motiefmix.toml"
        toml.write_text(f'cluster = "{cluster.scheduler_address}"\n{toml.read_text()}')
        outcome = _run(made)
    assert outcome.exit_code == 0, outcome.message
    assert outcome.release.reports == first_run[1].release.reports


@pytest.mark.slow
def test_a_cluster_that_does_not_answer_ends_the_run_before_anything_is_published(made, monkeypatch):
    monkeypatch.setattr("flows.steps.render.dask_cluster._CONNECT_SECONDS", 1)
    toml = made.root / "motiefmix.toml"
    toml.write_text(f'cluster = "tcp://127.0.0.1:1"\n{toml.read_text()}')
    outcome = _run(made)
    assert outcome.exit_code == 2
    assert outcome.message.startswith("The cluster tcp://127.0.0.1:1 does not answer.")
    assert outcome.release is None
    assert manifest.newest(made.settings.folder, "2026-10") is None


def test_an_organisation_that_is_asked_for_twice_gets_one_report():
    assert chosen(("city", "town"), ("town", "city", "town")) == ("town", "city")
    assert chosen(("city", "town"), ()) == ("city", "town")


@pytest.mark.slow
def test_one_organisation_that_fails_does_not_stop_the_others(made, monkeypatch):
    ordinary = render_stage.workers.each

    def city_dies(make, orders, processes):
        died = render_stage.workers.Failure("the process that made it died")
        for report in ordinary(make, orders, processes):
            yield died if report.organisation_id == "city" else report

    monkeypatch.setattr(render_stage.workers, "each", city_dies)
    outcome = _run(made)
    assert outcome.exit_code == 1
    assert {report.organisation_id: report.status for report in outcome.release.reports} == {
        "city": "failed",
        "town": "ready",
    }
    assert "Not made: city; the others are not affected" in outcome.message
    assert "the process that made it died" in outcome.quality_page.read_text()


def test_a_dry_run_leaves_everything_as_it_was(made, monkeypatch):
    loaded = []
    monkeypatch.setattr(monthly_run, "load_programme", lambda chosen: loaded.append(1) or load_programme(chosen))
    outcome = _run(made, dry_run=True)
    assert loaded == [1], "the flow goes on with the programme that the command opened"
    assert outcome.exit_code == 0
    assert outcome.message.startswith("Dry run: 40 answers of 2026-10 would count, 2 reports")
    assert not (made.root / "public").exists()
    assert not (made.root / "private" / "warehouse.duckdb").exists()
    assert list((made.root / "private" / "landed").iterdir()) == []


@pytest.mark.slow
def test_only_some_organisations(made):
    assert [report.organisation_id for report in _run(made, only=["city"]).release.reports] == ["city"]


@pytest.mark.slow
def test_a_next_version_takes_over_the_reports_in_which_nothing_changed(released):
    (before,) = manifest.every(released.settings.folder)
    file = released.root / "register" / "organisations.csv"
    file.write_text(file.read_text().replace("City", "Metropolis"))
    outcome = _run(released)
    assert outcome.message == "Release 2026-10 v2: 2 reports, 1 of them as in v1."
    city, town = outcome.release.reports
    assert town == before.made_reports(["town"])[0]
    assert city.sha256 != before.made_reports(["city"])[0].sha256
    first = before.folder_in(released.settings.folder) / "reports" / "town.pdf"
    assert first.samefile(outcome.release.folder / "reports" / "town.pdf")


@pytest.mark.slow
def test_a_report_that_is_made_again_leaves_those_of_the_others_in_the_release(released):
    (before,) = manifest.every(released.settings.folder)
    again = _run(released, only=["city"]).release
    kept = {report.organisation_id: report for report in before.reports}["town"]
    assert again.version == 2
    assert [report.organisation_id for report in again.reports] == ["city", "town"]
    assert again.reports[1] == kept
    assert approvals.are_unchanged(again.folder / "reports", kept)


def test_an_organisation_that_nobody_knows_is_told_with_the_one_that_was_meant(made):
    wrong = _run(made, only=["cty"])
    assert wrong.exit_code == 2
    assert "No organisation 'cty' has a collective on the register this month (did you mean 'city'?)" in wrong.message


def test_an_empty_inbox_is_exit_4(programme):
    outcome = _run(programme)
    assert outcome.exit_code == 4
    assert outcome.message.startswith("The inbox is empty")


def test_without_input_only_what_lies_in_the_inbox_is_named(made):
    """What was landed before is counted, and what is passed over is not told as if it were an export."""
    made.ingest()
    (made.root / "inbox" / "answers.csv").unlink()
    for path in (made.root / "sources").glob("*.yaml"):
        path.unlink()
    (made.root / "inbox" / "big.csv.part").write_text("half of it")
    outcome = _run(made)
    assert outcome.exit_code == 4
    first, passed_over, kept, page = outcome.message.splitlines()
    assert first.startswith("The inbox has no complete export: drop the exports")
    assert passed_over == "Skipped (markers or incomplete files): big.csv.part."
    assert kept == "Kept from earlier runs but no longer readable: 1 export."
    assert "answers.csv" not in outcome.message
    shown = Path(page.removeprefix("See ")).read_text()
    assert "bewaard van een eerdere run, niet meer in de inbox" in shown
    programmes.write_csv(made.root / "inbox" / "other.csv", [{"a": 1}])
    outcome = _run(made)
    assert outcome.message.startswith("No file in the inbox could be read:\nother.csv: ")
    assert "answers.csv" not in outcome.message


def test_a_month_without_answers_is_exit_3_and_makes_no_release(made):
    outcome = _run(made, period="2020-01")
    assert outcome.exit_code == 3
    assert "Not one answer counts this month." in outcome.message
    assert outcome.quality_page.exists()
    assert not (made.root / "releases" / "2020-01").exists()


def test_a_defect_says_where_the_details_are_and_nothing_of_them(made, monkeypatch):
    from flows import monthly_reports

    def stumble(*_):
        raise ValueError("Zeer geheim antwoord")

    monkeypatch.setattr(monthly_reports.validate_stage, "validate", stumble)
    outcome = _run(made)
    assert outcome.exit_code == 1
    assert "geheim" not in outcome.message
    record = run_record.read_all(made.settings.folder)[0]
    assert "geheim" not in json.dumps(record)
    details = made.root / "private" / "runs" / outcome.run_id / "error.txt"
    assert "geheim" in details.read_text()
    assert details.stat().st_mode & 0o777 == 0o600


def test_the_run_record_is_the_truth(first_run):
    made, outcome = first_run
    record = run_record.read_all(made.settings.folder)[0]
    assert record["run_id"] == outcome.run_id
    assert list(record["stages"]) == ["ingest", "validate", "compute", "render", "publish"]
    assert record["counts"] == {
        "accepted": 40, "held": 0, "refused": 0, "outside_window": 0, "held_files": 0, "waiting": 0, "reports": 2,
    }  # fmt: skip


def test_prefect_keeps_counts_and_no_answers(first_run):
    from prefect.client.orchestration import get_client

    made, _ = first_run
    with get_client(sync_client=True) as client:
        artifacts = client._client.post("/artifacts/filter", json={"limit": 50}).json()
        runs = client._client.post("/flow_runs/filter", json={"limit": 50}).json()
    keys = {artifact["key"] for artifact in artifacts}
    assert {"summary", "quality", "reports"} <= keys
    assert f"{made.root.name}-2026-10" in {entry["name"] for entry in runs}
    assert "m1" not in {str(value) for artifact in artifacts for value in artifact.values()}


def test_deployments_fit_the_flow(made):
    from prefect.schedules import Cron

    from flows.deployments import ENTRYPOINT, deployments
    from flows.monthly_reports import monthly_reports

    (entry,) = deployments(made.settings)
    assert (entry.cron, entry.timezone) == ("0 6 2 * *", "Europe/Amsterdam")
    assert Cron(entry.cron, timezone=entry.timezone).cron == "0 6 2 * *"
    assert f"{monthly_reports.fn.__module__}.{monthly_reports.fn.__name__}" == ENTRYPOINT


def test_the_form_asks_what_a_steward_knows_and_explains_each_field():
    from flows.monthly_reports import monthly_reports

    fields = monthly_reports.parameters.properties
    assert list(fields) == ["period", "organisations", "dry_run", "unfinished", "refit_profiles", "deliver"]
    assert all(field["description"].endswith(".") for field in fields.values())
    assert not monthly_reports.parameters.required
    assert [kind.get("pattern") for kind in fields["period"]["anyOf"]] == ["^(19|20|21)\\d{2}-(0[1-9]|1[0-2])$", None]


@pytest.fixture
def scheduled(monkeypatch):
    """Makes a run as a schedule starts it: the flow alone, without the command line's look before."""
    from prefect.runtime import flow_run

    from flows.monthly_reports import monthly_reports

    now = datetime(TODAY.year, TODAY.month, TODAY.day, 6, tzinfo=ZoneInfo("Europe/Amsterdam"))
    monkeypatch.setattr(settings.Settings, "now", lambda _: now)

    def run_of(programme, scheduled_for=now, **parameters):
        monkeypatch.setitem(flow_run.FIELDS, "scheduled_start_time", lambda: scheduled_for)
        monkeypatch.setenv(environment.PROGRAMME_VARIABLE, str(programme.root))
        return monthly_reports(**parameters, return_state=True).result(raise_on_failure=False)

    return run_of


def test_a_run_that_starts_late_makes_the_month_that_it_was_scheduled_for(made, scheduled):
    late = scheduled(made, scheduled_for=datetime(2026, 9, 30, 22, 30, tzinfo=UTC))
    assert (late.period, late.exit_code) == ("2026-09", 3)
    assert "Not one answer counts this month." in late.message


def test_what_keeps_a_scheduled_run_from_beginning_is_notified_and_holds_no_address(made, scheduled, monkeypatch):
    from flows import notifications

    told = []
    monkeypatch.setattr(notifications, "send", lambda _, subject, text: told.append((subject, text)) or ())
    made.register(organisations=[{**programmes.ORGANISATIONS[0], "recipients": "ann@example.org bo@example.org"}])
    outcome = scheduled(made)
    assert (outcome.exit_code, "is not a mail address" in outcome.message) == (3, True)
    assert told == [("2026-10 stopped", outcome.message)]
    (record,) = run_record.read_all(made.settings.folder)
    assert not [text for text in (outcome.message, record["message"]) if "example.org" in text]


def test_a_run_of_no_programme_says_what_is_missing(scheduled, made, monkeypatch):
    from flows.monthly_reports import monthly_reports

    monkeypatch.delenv(environment.PROGRAMME_VARIABLE, raising=False)
    with pytest.raises(UserError, match="MOTIEFMIX_PROGRAMME names no programme"):
        monthly_reports()


def test_runs_that_were_killed_are_crashed_in_prefect_once_another_run_begins(made):
    """Prefect hears nothing of a process that was killed, and would show it as running for ever."""
    from prefect.client.orchestration import get_client
    from prefect.states import Running

    from flows.monthly_reports import monthly_reports

    others = programmes.make(made.root.parent / "elsewhere" / made.root.name)
    with get_client(sync_client=True) as client:
        killed, of_others = (
            client.create_flow_run(monthly_reports, state=Running(), tags=tags_of(programme.settings))
            for programme in (made, others)
        )
        _run(made, dry_run=True)
        assert client.read_flow_run(killed.id).state_name == "Crashed"
        assert "The next run completes the month" in client.read_flow_run(killed.id).state.message
        assert client.read_flow_run(of_others.id).state_name == "Running"
        client.delete_flow_run(of_others.id)


@pytest.mark.parametrize("stage", ordinarily(["validate", "publish"]))
def test_a_full_disk_is_told_as_what_it_is(made, monkeypatch, stage):
    from flows import monthly_reports

    def fill(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    name = {"validate": "validate", "publish": "complete"}[stage]
    monkeypatch.setattr(getattr(monthly_reports, f"{stage}_stage"), name, fill)
    outcome = _run(made)
    assert outcome.exit_code == 1
    assert outcome.message.startswith(f"The disk of {made.root}/private")
    assert "is full" in outcome.message
    assert "Make room and run again." in outcome.message
    assert run_record.read_all(made.settings.folder)[0]["message"] == outcome.message


def test_a_disk_that_is_full_for_the_record_as_well_is_told(made, monkeypatch):
    def fill(self):
        if self.stages:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(run_record.RunRecord, "write", fill)
    assert "is full" in _run(made).message


@pytest.mark.slow
def test_a_scheduled_run_sees_what_somebody_did_in_public_and_releases_nothing(released, scheduled):
    released.export("more.csv", [programmes.answers(n) for n in range(50, 56)])
    log = released.root / "public" / "motiefmix.duckdb.wal"
    log.write_bytes(b"what it wrote")
    outcome = scheduled(released)
    assert outcome.exit_code == 2
    assert "public/motiefmix.duckdb.wal is beside the database" in outcome.message
    assert 2 in [entry["exit_code"] for entry in run_record.read_all(released.settings.folder)]
    assert [path.name for path in (released.root / "releases/2026-10").iterdir()] == ["v1"]
    log.unlink()
    assert scheduled(released).release.version == 2


@pytest.mark.parametrize(
    ("period", "asked", "sentence"),
    [
        ("2026-11", {}, "2026-11 has not ended: answers come in until 2026-11-30"),
        ("2026-12", {"unfinished": True}, "2026-12 has not begun"),
        pytest.param("2026-12", {}, "2026-12 has not begun: today is 2026-11-02.", marks=pytest.mark.slow),
        pytest.param("2026-12", {"dry_run": True}, "2026-12 has not begun", marks=pytest.mark.slow),
    ],
)
def test_a_scheduled_run_of_a_month_that_has_not_ended_is_refused(made, scheduled, period, asked, sentence):
    outcome = scheduled(made, period=period, **asked)
    assert outcome.exit_code == 2
    assert outcome.message.startswith(sentence)
    assert not (made.root / "releases").exists()


@pytest.mark.slow
def test_a_month_that_has_not_ended_can_be_tried(made):
    outcome = _run(made, period="2026-11", dry_run=True)
    assert (outcome.exit_code, outcome.release) == (0, None)


@pytest.mark.slow
def test_a_month_can_be_released_unfinished_and_is_released_anew_when_it_has_ended(made):
    made.export("answers.csv", [programmes.answers(n, submitted="2026-11-02 12:00:00") for n in range(1, 15)])
    early = run.monthly_run(made.settings, "2026-11", today=date(2026, 11, 5), unfinished=True)
    assert "The month ends on 2026-11-30; run it again after that." in early.message
    document = json.loads((early.release.folder / "manifest.json").read_text())
    assert document["unfinished_on"] == "2026-11-05"
    again = run.monthly_run(made.settings, "2026-11", today=date(2026, 11, 6), unfinished=True)
    assert again.message.startswith("Nothing new")
    ended = run.monthly_run(made.settings, "2026-11", today=date(2026, 12, 2))
    assert ended.release.version == 2


@pytest.mark.slow
def test_answers_are_not_late_for_having_come_after_an_unfinished_release(made):
    rows = [programmes.answers(n, submitted="2026-11-02 12:00:00") for n in range(1, 15)]
    made.export("answers.csv", rows)
    run.monthly_run(made.settings, "2026-11", today=date(2026, 11, 5), unfinished=True)
    days = {20: "2026-11-04", 21: "2026-11-05", 22: "2026-11-28"}
    later = [programmes.answers(number, submitted=f"{day} 12:00:00") for number, day in days.items()]
    made.export("answers.csv", [*rows, *later])
    made.validate("2026-11", made.ingest(date(2026, 12, 2)))
    late = made.query("select response_id from validated.responses where reason = 'late'")
    assert late == [("r20",)]
