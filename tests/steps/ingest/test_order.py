"""The same answers give the same warehouse, in whatever order, how often and with whatever columns they arrive."""

import random
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import programmes

DAYS = range(1, 12)
ROWS = [programmes.answers(n, submitted=f"2026-10-{n:02d} 10:00:00") for n in DAYS]
FILES = {"a.csv": ROWS[:6], "b.csv": ROWS[:9], "c.csv": ROWS}
# What stays when an export is read again: all but the fingerprints of files and their row numbers.
_CURRENT = """
    select responses.response_id, responses.respondent, responses.collective_id, responses.submitted_at,
        responses.verdict, responses.reason,
        list((answers.item, answers.answer_text, answers.number) order by answers.item)
    from validated.responses as responses
    inner join validated.answers as answers
        on responses.sha256 = answers.sha256 and responses.row_number = answers.row_number
    where responses.verdict <> 'replaced'
    group by all order by all
"""


def _warehouse(programme) -> tuple[list, list]:
    programme.compute()
    return programme.query(_CURRENT), programme.query("from published.scale_levels order by all")


def _new(tmp_path_factory, has_ids: bool):
    """A programme; its folders have one name, so that the key is the same text wherever it lies."""
    programme = programmes.make(tmp_path_factory.mktemp("order") / "programme")
    programme.settings.key_file.write_text("k" * 64)
    programmes.plain_source(programme, programmes.ITEMS, response_id="id" if has_ids else "none")
    return programme


@pytest.fixture(scope="module")
def straight(tmp_path_factory) -> dict[bool, tuple[list, list]]:
    """With and without ids of responses: what the last export alone gives."""
    found = {}
    for has_ids in (True, False):
        programme = _new(tmp_path_factory, has_ids)
        programme.export("c.csv", ROWS)
        found[has_ids] = _warehouse(programme)
    return found


def _any_order(examples: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return settings(max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _arrives_as_one_file(tmp_path_factory, straight, chance: random.Random, has_ids: bool) -> None:
    programme = _new(tmp_path_factory, has_ids)
    arrivals = [*chance.sample(sorted(FILES), k=3), chance.choice(sorted(FILES))]
    for turn, name in enumerate(arrivals):
        columns = list(ROWS[0])
        chance.shuffle(columns)
        programme.export(f"{turn}-{name}", [{column: row[column] for column in columns} for row in FILES[name]])
        if chance.random() < 0.5:
            programme.ingest()
    assert _warehouse(programme) == straight[has_ids]


@pytest.mark.slow
@_any_order(2)
@given(st.randoms(use_true_random=False), st.booleans())
def test_any_order_of_columns_and_files_and_any_repetition(tmp_path_factory, straight, chance, has_ids):
    _arrives_as_one_file(tmp_path_factory, straight, chance, has_ids)


@pytest.mark.slow
@_any_order(10)
@given(st.randoms(use_true_random=False), st.booleans())
def test_any_order_of_columns_and_files_and_any_repetition_many_times(tmp_path_factory, straight, chance, has_ids):
    _arrives_as_one_file(tmp_path_factory, straight, chance, has_ids)
