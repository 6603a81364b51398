"""Serves the steward's page on the loopback interface, behind the same login as Prefect's pages."""

import hmac
import re
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

# The page, its pictures, and what it links to; nothing else of the programme folder.
_SERVED = re.compile(
    r"/(site/(index\.html|thumbnails/[0-9a-f]+\.png)"
    r"|releases/[0-9-]+/v\d+/(reports/[a-z0-9-]+\.pdf|quality/index\.html))"
)
_POLICY = "default-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
_HOME = "/site/index.html"


class _Handler(SimpleHTTPRequestHandler):
    """Answers those who know the login, and only for the files of the page."""

    def __init__(self, *given: Any, login: str, directory: str) -> None:
        self._login = f"Basic {b64encode(login.encode()).decode()}"
        super().__init__(*given, directory=directory)

    def send_head(self) -> Any:
        """The headers of an answer, and the file if there is one."""
        if not hmac.compare_digest(self.headers.get("Authorization", "").encode(), self._login.encode()):
            return self._refuse(401, ("WWW-Authenticate", 'Basic realm="Motiefmix"'))
        path = unquote(self.path.partition("?")[0])
        if path in ("/", "/site", "/site/"):
            return self._refuse(302, ("Location", _HOME))
        if not _SERVED.fullmatch(path):
            return self._refuse(404)
        return super().send_head()

    def end_headers(self) -> None:
        """Nothing may be kept by a browser, framed, or loaded from elsewhere."""
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Content-Security-Policy", _POLICY)
        super().end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing of who reads what."""

    def _refuse(self, status: int, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()


@contextmanager
def site_served(root: Path, login: str, port: int) -> Iterator[str]:
    """Serve the page of the programme in `root` while the context lasts; yields its address.

    `login` is ``name:password``. Port 0 is any free one.

    Raises:
        OSError: the port is taken.
    """

    def handler(*given: Any) -> _Handler:
        return _Handler(*given, login=login, directory=str(root))

    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{_HOME}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
