"""The built package works outside the checkout: SQL, templates, suites and instruments travel inside it."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from ast import literal_eval
from pathlib import Path

import pytest

from flows.steps.render.language import language
from tests import programmes

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """An environment that holds the wheel and, apart from the checkout, the packages it depends on."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = folder.glob("*.whl")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder / "venv")], check=True)
    packages = next((folder / "venv" / "lib").glob("python*/site-packages"))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    # A path named in a .pth file is searched, but its own .pth files, such as that of the checkout, are not.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder


def _python(installed: Path, *words: str) -> subprocess.CompletedProcess:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "COV"))}
    return subprocess.run(
        [str(installed / "venv" / "bin" / "python"), *words],
        cwd=installed, capture_output=True, text=True, env=environment, timeout=programmes.PATIENCE,
    )  # fmt: skip


def test_resources_lie_inside_the_package(installed):
    found = _python(
        installed, "-c", "from flows.foundation.resources import resource; print(resource('sql'))"
    ).stdout.strip()
    assert found.startswith(str(installed))
    for part in (
        "sql/tables/raw.sql",
        "report_templates/fonts/SourceSans3-OFL.txt",
        "report_templates/locale/nl/LC_MESSAGES/motiefmix.po",
        "report_templates/locale/nl/LC_MESSAGES/motiefmix.mo",
        "expectations/instruments/motives.yaml",
        "expectations/suggestions/motives.yaml",
        "demo/truth.yaml",
        "demo/gallery.yaml",
    ):
        assert (Path(found).parent / part).is_file()


def test_the_compiled_translations_are_those_of_the_checkout(installed):
    code = (
        "import sys\nfrom flows.steps.render.language import language\nprint(language('nl').translations._catalog)\n"
        "print([name for name in sys.modules if name.startswith('babel')])"
    )
    catalogue, babel = _python(installed, "-c", code).stdout.splitlines()
    assert (literal_eval(catalogue), babel) == (language("nl").translations._catalog, "[]")


@pytest.mark.slow
@pytest.mark.prefect
def test_a_new_programme_runs_there(installed):
    assert _python(installed, "-m", "flows.cli", "init", "programme").returncode == 0
    programme = installed / "programme" / "example"
    made = _python(installed, "-m", "flows.cli", "run", "-p", "programme/example")
    assert made.returncode == 0, made.stderr
    assert list(programme.glob("releases/*/v1/reports/*.pdf"))
    assert (programme / "public" / "motiefmix.duckdb").is_file()
