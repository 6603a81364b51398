"""What the owner decided is read back to the letter, whatever a survey tool puts into its ids."""

import pytest

from flows.foundation.errors import UserError
from flows.programme import decisions
from flows.programme.decisions import Decision


@pytest.mark.parametrize("key", ["R_1", "a,b", 'a "b"', "a\nb", "a\r\nb", "a\u2028b\u0085c", " a ", "=1+1"])
def test_decisions_are_read_back(tmp_path, key):
    path = tmp_path / "decisions.csv"
    first = Decision("late", "form", "R_0", "accept", "2026-10-01")
    second = Decision("unknown", "form", key, "refuse", "2026-10-02")
    decisions.add(path, [first])
    decisions.add(path, [second])
    assert decisions.load(path).made == (first, second)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_that_somebody_edited_is_told(tmp_path):
    path = tmp_path / "decisions.csv"
    path.write_text("kind,series,answer_key,verdict,decided_on\nlate,form,1,perhaps,2026-10-01\n")
    with pytest.raises(UserError, match="is no longer a list of decisions"):
        decisions.load(path)
