"""`motiefmix serve`: keeps the monthly schedule on a Prefect server."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from flows.commands.options import HERE, ProgrammeOption
from flows.commands.telling import say
from flows.foundation.exit_codes import ExitCode
from flows.foundation.signals import stopped_in_order
from flows.programme import environment, settings
from flows.programme.settings import Settings


def command(
    *,
    port: Annotated[int, Parameter(help="The port of the local server.")] = 4200,
    only_server: Annotated[
        bool, Parameter(negative=(), help="Run the local server, and leave the schedule to another process.")
    ] = False,
    write_units: Annotated[
        Path | None,
        Parameter(help="Write systemd units for server, schedule and weekly pre-flight to a folder, and end."),
    ] = None,
    write_deployment: Annotated[
        Path | None, Parameter(help="Write a prefect.yaml for a work pool and its workers to a folder, and end.")
    ] = None,
    programme: ProgrammeOption = HERE,
) -> int:
    """Serve until stopped."""
    chosen = settings.load(programme)
    if write_units or write_deployment:
        return _write(chosen, write_units, write_deployment, port)
    environment.prepare(chosen.folder)
    with suppress(KeyboardInterrupt), stopped_in_order():
        _run_server(chosen, port) if only_server else _keep_schedule(chosen, port)
    what = (
        "The Prefect server has stopped" if only_server else "Nothing runs by itself until motiefmix serve runs again"
    )
    say(f"Stopped. {what}.")
    return ExitCode.INTERRUPTED


def _run_server(chosen: Settings, port: int) -> None:
    from flows.prefect_server import local_server

    say("Starting a local Prefect server …")
    with local_server(chosen.folder, port) as server:
        say(f"Server on {server.url.removesuffix('/api')}. Its pages ask for the login in private/prefect/server.json.")
        threading.Event().wait()


def _keep_schedule(chosen: Settings, port: int) -> None:
    """Keep the schedule until somebody stops it; a server that is lost is waited for, or started again."""
    from flows.deployments import ServerLost, serve
    from flows.prefect_server import answers, schedule_kept, tell_where

    given = environment.prefect_api_url()
    with schedule_kept(chosen.folder):
        while True:
            with _server(chosen, given, port) as url:
                tell_where(chosen.folder, url)
                _tell(chosen, url)
                try:
                    with _page(chosen, port):
                        serve(chosen, lambda url=url: answers(url), say)  # type: ignore[misc]
                    return
                except ServerLost as problem:
                    say(str(problem))


@contextmanager
def _server(chosen: Settings, given: str | None, port: int) -> Iterator[str]:
    """The server that the environment names, or a local one; its address."""
    from flows.prefect_server import local_server, server_of

    if given:
        say(f"Waiting for the Prefect server at {given} …")
        server = server_of(chosen.folder, given)
        if server.login:
            environment.use_prefect_server(server.url, server.login)
        yield given
        return
    say("Starting a local Prefect server …")
    with local_server(chosen.folder, port) as server:
        environment.use_prefect_server(server.url, server.login)
        yield server.url


@contextmanager
def _page(chosen: Settings, port: int) -> Iterator[None]:
    """Serve the steward's page beside the server, where a login protects it."""
    from flows.site_server import site_served

    login = environment.prefect_login()
    if not login:
        yield
        return
    with ExitStack() as served:
        try:
            address = served.enter_context(site_served(chosen.root, login, port + 1))
            say(f"The steward's page: {address}  (the same login)")
        except OSError:
            say(f"The steward's page is not served: port {port + 1} is taken. It is the file site/index.html.")
        yield


def _tell(chosen: Settings, url: str) -> None:
    following = chosen.schedule.next_run(chosen.now())
    say(
        f"Schedule on {url.removesuffix('/api')}; next run {following:%Y-%m-%d %H:%M}. Stop with Ctrl-C.\n"
        f"To make a month now: motiefmix run --programme {chosen.root}\n"
        "or fill in the form under Deployments on that page. Its login is in private/prefect/server.json."
    )


def _write(chosen: Settings, units: Path | None, deployment: Path | None, port: int) -> int:
    from flows.commands.serve import deployment_file, unit_files

    for folder, written in ((units, unit_files.write), (deployment, deployment_file.write)):
        if folder:
            paths, steps = written(chosen, folder, port)
            for path in paths:
                print(path)
            say(steps)
    return ExitCode.OK
