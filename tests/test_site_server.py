"""The steward's page is served to those who know the login, and nothing else of the programme folder is."""

import urllib.request
from base64 import b64encode
from urllib.error import HTTPError

import pytest

from flows.releases import steward_site
from flows.site_server import site_served
from tests import programmes

LOGIN = "motiefmix:a password of the test"


@pytest.fixture(scope="module")
def made(shared, tmp_path_factory):
    programme = programmes.copied(shared("with-files", 14), tmp_path_factory.mktemp("served"))
    steward_site.write_site(programme.settings)
    return programme


@pytest.fixture(scope="module")
def address(made):
    with site_served(made.root, LOGIN, 0) as address:
        yield address.removesuffix("/site/index.html")


def _get(address: str, login: str = LOGIN) -> bytes:
    request = urllib.request.Request(address, headers={"Authorization": f"Basic {b64encode(login.encode()).decode()}"})
    with urllib.request.urlopen(request, timeout=60) as response:
        return response.read()


def test_the_page_and_what_it_links_to_are_served(made, address):
    assert _get(f"{address}/") == (made.root / "site" / "index.html").read_bytes()
    pdf = "releases/2026-10/v1/reports/town.pdf"
    assert _get(f"{address}/{pdf}") == (made.root / pdf).read_bytes()
    (picture,) = (made.root / "site" / "thumbnails").iterdir()
    assert _get(f"{address}/site/thumbnails/{picture.name}") == picture.read_bytes()


@pytest.mark.parametrize("login", ["", "motiefmix:a guess", "motiefmix", "é:é"])
def test_without_the_login_there_is_nothing(address, login):
    with pytest.raises(HTTPError, match="401"):
        _get(f"{address}/", login)


@pytest.mark.parametrize(
    "path",
    [
        "motiefmix.toml",
        "private/warehouse.duckdb",
        "site/../motiefmix.toml",
        "site/%2e%2e/motiefmix.toml",
        "releases/2026-10/v1/reports/..%2f..%2f..%2f..%2fmotiefmix.toml",
        "releases/2026-10/v1/manifest.json",
        "releases/2026-10/v1/reports/",
        "register/organisations.csv",
        "site/thumbnails/",
    ],
)
def test_nothing_else_of_the_programme_is_served(address, path):
    with pytest.raises(HTTPError, match="404"):
        _get(f"{address}/{path}")
