"""`motiefmix serve`: keeps the monthly schedule on a Prefect server."""

from flows.commands.options import HERE, ProgrammeOption
from flows.commands.telling import say
from flows.programme import settings


def command(*, port: int = 4200, programme: ProgrammeOption = HERE) -> None:
    """Serve until stopped."""
    chosen = settings.load(programme)
    settings.prepare_environment(chosen.folder)
    from flows.deployments import serve
    from flows.prefect_server import local_server

    following = chosen.schedule.next_run(chosen.now())
    if url := settings.prefect_api_url():
        say(f"Schedule on {url}; next run {following:%Y-%m-%d %H:%M}.")
        serve(chosen)
        return
    say("Starting a local Prefect server …")
    with local_server(chosen.folder, settings.server_login(), port) as server:
        settings.use_prefect_server(server.url, server.login)
        say(
            f"Schedule on {server.url.removesuffix('/api')}; next run {following:%Y-%m-%d %H:%M}. Stop with Ctrl-C.\n"
            "Its pages ask for the login in private/prefect/server.json."
        )
        serve(chosen)
