"""A programme folder of an older version is upgraded after a backup; one of a newer version is refused."""

from datetime import date

import pytest

from flows.foundation.errors import UserError
from flows.privacy.rotation import changing
from flows.programme import schema_version
from tests import programmes

TODAY = date(2026, 11, 27)


@pytest.fixture
def older(shared, tmp_path):
    """A programme with a release, as the first version left it: its record was called a ledger, without a version."""
    programme = programmes.copied(shared("released", 14), tmp_path)
    folder = programme.settings.folder
    folder.disclosure_record.rename(folder.private / "ledger")
    (folder.private / "schema-version").unlink(missing_ok=True)
    return programme


def test_an_older_folder_is_upgraded_by_the_first_command_that_changes_something(older):
    folder = older.settings.folder
    records = sorted(path.name for path in (folder.private / "ledger").iterdir())
    with changing(folder):
        assert sorted(path.name for path in folder.disclosure_record.iterdir()) == records
    assert schema_version.found(folder) == schema_version.VERSION
    # The next month is compared with the one before, as if nothing had happened.
    older.compute("2026-11")


def test_a_backup_is_made_first_and_kept_for_a_month(older):
    folder = older.settings.folder
    warehouse = folder.warehouse.read_bytes()
    schema_version.upgrade(folder, TODAY)
    backup = folder.backups / "schema-1-2026-11-27"
    assert (backup / "warehouse.duckdb").read_bytes() == warehouse
    assert (backup / "ledger").is_dir()
    assert not (backup / "landed").exists()
    schema_version.remove_old_backups(folder, date(2026, 12, 28))
    assert backup.exists()
    schema_version.remove_old_backups(folder, date(2026, 12, 29))
    assert not backup.exists()


def test_an_upgrade_that_was_interrupted_begins_again(older, monkeypatch):
    folder = older.settings.folder

    def die(_):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(schema_version, "_MIGRATIONS", {1: die})
        with pytest.raises(SystemExit):
            schema_version.upgrade(folder, TODAY)
    assert schema_version.found(folder) == 1
    schema_version.upgrade(folder, TODAY)
    assert folder.disclosure_record.exists()


def test_a_second_upgrade_changes_nothing(older):
    folder = older.settings.folder
    schema_version.upgrade(folder, TODAY)
    before = sorted(folder.private.rglob("*"))
    schema_version.upgrade(folder, date(2027, 1, 1))
    assert sorted(folder.private.rglob("*")) == before


def test_a_new_programme_needs_no_backup(programme):
    folder = programme.settings.folder
    with changing(folder):
        pass
    assert schema_version.found(folder) == schema_version.VERSION
    assert not folder.backups.exists()


def test_a_folder_of_a_newer_version_is_refused_with_a_sentence(programme):
    folder = programme.settings.folder
    (folder.private / "schema-version").write_text("99\n")
    with pytest.raises(UserError, match="newer version of Motiefmix"), changing(folder):
        pass


def test_a_version_that_somebody_changed_is_told(programme):
    folder = programme.settings.folder
    (folder.private / "schema-version").write_text("two")
    with pytest.raises(UserError, match="must hold one number"), changing(folder):
        pass
