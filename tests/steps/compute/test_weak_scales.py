"""Scales whose questions hang together badly are told to the steward, with their reliability."""

from tests import programmes


def test_a_scale_that_measures_badly_is_told_with_its_reliability(programme):
    programmes.plain_source(programme, programmes.ITEMS)
    rows = [programmes.answers(n, values=programmes.scattered(n)) for n in range(1, 41)]
    programme.export("answers.csv", rows)
    weak = programme.compute().weak_scales
    assert any(scale.withheld for scale in weak)
    assert [scale.alpha for scale in weak] == sorted(scale.alpha for scale in weak)
    assert max(scale.alpha for scale in weak) < 0.7


def test_nothing_is_told_where_every_scale_measures_well(programme):
    assert programmes.with_answers(programme, 40).compute().weak_scales == ()
