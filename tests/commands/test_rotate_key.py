"""A new pseudonym key: other names for everybody, and yet the same members, figures, decisions and erased people."""

import pytest

from flows.commands import erase, rotate_key
from flows.foundation.errors import UserError
from flows.privacy import rotation
from flows.privacy.rotation import changing
from flows.programme import decisions
from flows.programme.pseudonym_key import PseudonymKeys
from tests import programmes


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    made = programmes.make(tmp_path_factory.mktemp("rotating") / "programme")
    programmes.plain_source(made, programmes.ITEMS)
    made.export("september.csv", [programmes.answers(n, submitted="2026-09-05 12:00:00") for n in range(1, 21)])
    with pytest.MonkeyPatch.context() as patch:
        programmes.readable_bytes(patch)
        programmes.release(made, "2026-09")
    return made


@pytest.fixture
def programme(released, tmp_path, monkeypatch):
    programmes.readable_bytes(monkeypatch)
    return programmes.copied(released, tmp_path)


def _respondents(programme) -> dict[str, str]:
    return dict(programme.query("select response_id, respondent from raw.responses"))


def test_everybody_gets_another_pseudonym_and_no_old_one_is_left(programme):
    before = _respondents(programme)
    rotated = rotate_key.rotate(programme.settings)
    after = _respondents(programme)
    assert rotated.answers == 20
    assert set(before) == set(after)
    assert not set(before.values()) & set(after.values())
    kept = [path for path in programme.settings.folder.private.rglob("*") if path.is_file()]
    found = b"\n".join(path.read_bytes() for path in kept)
    assert not any(name.encode() in found for name in before.values())


def test_the_next_month_knows_the_same_members_again(programme):
    """Nothing changed since the release, so nothing is carried forward; with two more answers it is."""
    rotate_key.rotate(programme.settings)
    programme.compute("2026-10")
    assert programme.query("select * from disclosure.carried_forward") == []
    programme.export("october.csv", [programmes.answers(n, submitted="2026-10-05 12:00:00") for n in range(20, 22)])
    programme.compute("2026-10")
    assert programme.query("select distinct unit_id from disclosure.carried_forward") == [("watch",)]


def test_the_former_key_is_kept_to_recognise_those_who_were_erased(programme):
    former = programme.settings.pseudonym_keys().current
    erase.erase(programme.settings, "m7", None, None)
    rotate_key.rotate(programme.settings)
    assert programme.settings.pseudonym_keys().retired == (former,)
    assert programme.settings.key_file.stat().st_mode & 0o777 == 0o600
    programme.export("october.csv", [programmes.answers(7, submitted="2026-10-05 12:00:00")])
    programme.ingest()
    assert "r7" not in _respondents(programme)


def test_decisions_on_answers_without_an_id_of_the_tool_follow_them(tmp_path):
    made = programmes.make(tmp_path / "programme")
    programmes.plain_source(made, programmes.ITEMS, response_id="none")
    made.export("answers.csv", [programmes.answers(n) for n in range(1, 6)])
    made.ingest()
    (series, key), *_ = made.query(
        "select series, response_id from raw.responses inner join raw.exports using (sha256) order by row_number"
    )
    decisions.add(made.settings.folder.decisions, [decisions.Decision("late", series, key, "accept", "2026-11-02")])
    rotate_key.rotate(made.settings)
    ((_, following), *_) = made.query("select row_number, response_id from raw.responses order by row_number")
    (decided,) = decisions.load(made.settings.folder.decisions).made
    assert decided.answer_key == following != key


def test_without_a_kept_copy_the_key_stays_as_it_is(programme):
    before, key = _respondents(programme), programme.settings.pseudonym_keys()
    for path in programme.settings.folder.landed.iterdir():
        path.unlink()
    with pytest.raises(UserError, match=r"The key stays as it is: september\.csv"):
        rotate_key.rotate(programme.settings)
    assert (_respondents(programme), programme.settings.pseudonym_keys()) == (before, key)


def test_a_change_that_was_stopped_half_way_is_finished_by_whoever_comes_next(programme):
    settings = programme.settings
    keys = PseudonymKeys(b"n" * 40, settings.pseudonym_keys().every)
    from flows.programme.loading import load_programme

    rotation.prepare(settings.folder, load_programme(settings).sources, keys, settings.key_file)
    before = _respondents(programme)
    assert settings.pseudonym_keys() != keys
    with changing(settings.folder):
        pass
    assert settings.pseudonym_keys() == keys
    assert not set(before.values()) & set(_respondents(programme).values())


def test_a_key_of_the_environment_is_followed_by_one_of_the_environment(programme, monkeypatch):
    former = programme.settings.pseudonym_keys().current.decode()
    monkeypatch.setenv("MOTIEFMIX_PSEUDONYM_KEY", former)
    with pytest.raises(UserError, match="MOTIEFMIX_NEW_PSEUDONYM_KEY"):
        rotate_key.rotate(programme.settings)
    monkeypatch.setenv("MOTIEFMIX_NEW_PSEUDONYM_KEY", "n" * 40)
    rotated = rotate_key.rotate(programme.settings)
    assert "a space, and the former one" in rotate_key.describe(rotated)
    monkeypatch.setenv("MOTIEFMIX_PSEUDONYM_KEY", f"{'n' * 40} {former}")
    before = _respondents(programme)
    programme.ingest()
    assert _respondents(programme) == before
