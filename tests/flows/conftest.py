"""One real Prefect server for the tests of the flow, and only for them."""

import os
import shutil

import pytest

from flows import prefect_database
from tests import programmes

os.environ.pop("PREFECT_API_URL", None)


@pytest.fixture(scope="package", autouse=True)
def prefect_server(tmp_path_factory):
    from prefect.settings import get_current_settings
    from prefect.testing import utilities

    home = tmp_path_factory.mktemp("prefect-server")
    shutil.copy2(prefect_database.empty(), home / "prefect-test.db")
    with pytest.MonkeyPatch.context() as patch:
        # Prefect's harness makes its database anew; in this folder it finds one.
        patch.setattr(utilities, "mkdtemp", lambda: str(home))
        # As the server of a run has it: what only a permanent server needs is off.
        for service in ("SERVICES_TRIGGERS_ENABLED", "SERVICES_EVENT_PERSISTER_ENABLED", "REGISTER_BLOCKS_ON_START"):
            patch.setenv(f"PREFECT_SERVER_{service}", "false")
        with utilities.prefect_test_harness(server_startup_timeout=programmes.PATIENCE):
            patch.setenv("PREFECT_API_URL", get_current_settings().api.url)
            yield
