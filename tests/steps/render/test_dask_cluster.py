"""Reports that a Dask cluster draws: a real scheduler and two workers on this machine, of which some die."""

import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from flows.commands.doctor import examine
from flows.foundation.errors import UserError
from flows.foundation.resources import resource
from flows.programme.former_reports import FormerReport
from flows.steps.render import dask_cluster, drawing, render
from flows.steps.render.report_inputs import drawn_with
from flows.steps.render.workers import DIED, Failure, Limits
from tests import programmes
from tests.steps.render.settings import SETTING_WITH_RULES as SETTING

ORGANISATIONS = ("city", "town")


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory):
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        dashboard_address="127.0.0.1:0",
        host="127.0.0.1",
        local_directory=tmp_path_factory.mktemp("dask"),
        silence_logs="CRITICAL",
        # Whoever starts a worker knows nothing of our fonts.
        env={"FONTCONFIG_FILE": "", "GX_ANALYTICS_ENABLED": ""},
    ) as made:
        yield made.scheduler_address


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    programme = programmes.make(tmp_path_factory.mktemp("cluster") / "programme")
    programmes.with_two_organisations(programme).compute()
    return programme.settings.folder.warehouse


def _files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _dies_once(order: drawing.Material) -> drawing.Drawn:
    """Draw, but kill the first process that is to draw the town."""
    mark = Path(order.setting.contact)
    if order.figures.organisation_id == "town" and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return drawing.draw(order)


def _dies(order: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return order


def _spins(order: int) -> int:
    while order == 1:
        pass
    return order


def _half(order: int) -> int:
    if order % 2:
        raise ValueError(f"{order} answers")
    return order // 2


def _fonts(_: int) -> str:
    return os.environ["FONTCONFIG_FILE"]


@pytest.mark.slow
def test_reports_are_the_same_as_those_of_this_machine_also_when_a_worker_dies(made, scheduler, tmp_path, monkeypatch):
    setting = replace(SETTING, contact=str(tmp_path / "died"))
    here = render(made, ORGANISATIONS, setting, tmp_path / "here", processes=1)
    monkeypatch.setattr(drawing, "draw", _dies_once)
    there = render(made, ORGANISATIONS, setting, tmp_path / "there", processes=1, dask_scheduler=scheduler)
    assert (tmp_path / "died").exists()
    assert there == here
    assert _files(tmp_path / "there") == _files(tmp_path / "here")


def test_a_worker_is_sent_nothing_of_other_organisations(made, tmp_path, monkeypatch):
    sent = []

    def each(make, materials, scheduler):
        sent.extend(materials)
        return map(make, sent)

    monkeypatch.setattr(dask_cluster, "each", each)
    about = {"take_part": {"watch": "of the watch", "other": "of the other"}}
    about["recent_suggestions"] = {"town": {"for the town"}, "city": {"for the city"}}
    render(made, ORGANISATIONS, replace(SETTING, **about), tmp_path / "reports", 1, dask_scheduler="tcp://nowhere:1")
    city, town = map(repr, sent)
    assert ("of the other" in city, "for the city" in city) == (True, True)
    assert ("of the watch" in town, "for the town" in town) == (True, True)
    assert [word for word in ("'watch'", "of the watch", "for the town", "'town'") if word in city] == []
    assert [word for word in ("of the other", "for the city", "'city'", "City") if word in town] == []


@pytest.mark.slow
def test_a_worker_draws_with_our_fonts_only(scheduler):
    assert list(dask_cluster.each(_fonts, [1], scheduler)) == [str(resource("report_templates", "fonts", "fonts.conf"))]


@pytest.mark.slow
def test_a_report_that_would_be_the_same_is_taken_over(made, scheduler, tmp_path):
    first = render(made, ["town"], SETTING, tmp_path / "v1", processes=1, dask_scheduler=scheduler)
    former = [FormerReport(report, tmp_path / "v1") for report in first]
    assert render(made, ["town"], SETTING, tmp_path / "v2", 1, former=former, dask_scheduler=scheduler) == first
    assert (tmp_path / "v2" / "town.pdf").samefile(tmp_path / "v1" / "town.pdf")


@pytest.mark.slow
def test_what_is_wrong_with_one_report_stays_with_it_and_quotes_nothing(scheduler):
    undrawn, unread = Failure("it could not be drawn (ValueError)"), Failure("it could not be read")
    assert list(dask_cluster.each(_half, [0, 1, unread, 3, 4, 5], scheduler)) == [
        0,
        undrawn,
        unread,
        undrawn,
        2,
        undrawn,
    ]


@pytest.mark.slow
def test_a_report_whose_worker_dies_each_time_fails_and_the_others_are_made(scheduler):
    assert list(dask_cluster.each(_dies, [1], scheduler)) == [DIED]
    assert list(dask_cluster.each(_half, [4], scheduler)) == [2]


@pytest.mark.slow
def test_doctor_tells_how_many_workers_there_are_or_what_is_wrong(programme, scheduler, monkeypatch):
    toml = programme.root / "motiefmix.toml"
    text = toml.read_text()
    toml.write_text(f'cluster = "{scheduler}"\n{text}')
    (found,) = (entry for entry in examine(programme.root) if entry.what == "cluster")
    assert found.ok
    # One that another test killed may not be back yet.
    assert found.found in {f"1 worker at {scheduler}", f"2 workers at {scheduler}"}
    monkeypatch.setattr(dask_cluster, "_CONNECT_SECONDS", 1)
    toml.write_text(f'cluster = "tcp://127.0.0.1:1"\n{text}')
    (found,) = (entry for entry in examine(programme.root) if entry.what == "cluster")
    assert not found.ok
    assert found.advice.startswith("The cluster tcp://127.0.0.1:1 does not answer.")


@pytest.mark.slow
def test_what_keeps_a_worker_busy_is_ended_and_the_others_are_made(scheduler):
    assert list(dask_cluster.each(_spins, [1, 4], scheduler, Limits(processor=1))) == [DIED, 4]


@pytest.mark.slow
def test_where_the_scheduler_stops_the_reports_that_were_made_stay(tmp_path, monkeypatch):
    from distributed import LocalCluster

    monkeypatch.setattr(dask_cluster, "_CONNECT_SECONDS", 1)
    address = {"dashboard_address": "127.0.0.1:0", "host": "127.0.0.1", "local_directory": tmp_path}
    with LocalCluster(n_workers=1, threads_per_worker=1, **address) as made:
        outcomes = dask_cluster.each(_half, [4, *range(6, 26, 2)], made.scheduler_address)
        assert next(outcomes) == 2
    left = list(outcomes)
    assert len(left) == 10
    assert left[-1] == Failure("the cluster stopped while it was made")


def test_without_the_packages_for_it_a_cluster_is_told_with_its_cure(monkeypatch):
    monkeypatch.setitem(sys.modules, "prefect_dask.client", None)
    with pytest.raises(UserError, match="Install them with: make cluster"):
        list(dask_cluster.each(_half, [4], "tcp://127.0.0.1:1"))


def test_a_worker_with_other_software_draws_nothing():
    found = dask_cluster._on_worker(_half, 4, 60, "another version")
    assert found == Failure("a worker of the cluster has another version of Motiefmix, or of what it draws with")
    assert dask_cluster._on_worker(_half, 4, 60, drawn_with()) == 2


def test_a_cluster_that_does_not_answer_or_has_no_worker_is_told(monkeypatch, tmp_path):
    from distributed import LocalCluster

    monkeypatch.setattr(dask_cluster, "_CONNECT_SECONDS", 1)
    with pytest.raises(UserError, match=r"The cluster tcp://127\.0\.0\.1:1 does not answer\. Start it, or set"):
        list(dask_cluster.each(_half, [4], "tcp://127.0.0.1:1"))
    with (
        LocalCluster(n_workers=0, dashboard_address="127.0.0.1:0", host="127.0.0.1", local_directory=tmp_path) as empty,
        pytest.raises(UserError, match="has no worker"),
    ):
        list(dask_cluster.each(_half, [4], empty.scheduler_address))
