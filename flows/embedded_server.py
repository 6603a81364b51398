"""Prefect's API for the runs of one command, in a thread of its process.

Left to itself, Prefect starts its API in a process of its own, which imports Prefect a second time and stays behind
when a run is killed.
"""

import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flows.programme import environment
from flows.programme.environment import SERVER_START_SECONDS

if TYPE_CHECKING:
    import uvicorn

_HOST = "127.0.0.1"
# An orderly end takes a fraction of a second; what is still open then is closed.
_CLOSING_SECONDS = 1
_STOP_SECONDS = 15


@contextmanager
def embedded_server() -> Iterator[None]:
    """Serve Prefect's API on a free port of the loopback interface; once per process, before Prefect is imported.

    Raises:
        RuntimeError: it did not start.
    """
    with socket.create_server((_HOST, 0)) as listening:
        environment.use_embedded_server(f"http://{_HOST}:{listening.getsockname()[1]}/api")
        import uvicorn
        from prefect.server.api.server import create_app

        config = uvicorn.Config(
            create_app(ephemeral=True, final=True),
            lifespan="on",
            log_config=None,
            log_level=logging.CRITICAL,
            timeout_graceful_shutdown=_CLOSING_SECONDS,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listening],), name="prefect-api", daemon=True)
        thread.start()
        try:
            _wait_until_started(server, thread)
            yield
        finally:
            server.should_exit = True
            thread.join(_STOP_SECONDS)
            environment.leave_embedded_server()


def _wait_until_started(server: "uvicorn.Server", thread: threading.Thread) -> None:
    deadline = time.monotonic() + SERVER_START_SECONDS
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise RuntimeError("Prefect's API did not start.")
        time.sleep(0.02)
