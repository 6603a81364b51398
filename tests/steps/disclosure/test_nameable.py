"""Disclosure rule 10: which sets of few people somebody who knows the members can name."""

import pytest

from flows.steps.disclosure.nameable import CountedIn, small_sets

SET_FROM = 5


def test_who_gave_the_same_answers_anew_can_be_named():
    """Together with the newcomers, whom others cannot tell from them; and the newcomers by themselves."""
    anew = CountedIn(frozenset([1, 2]), frozenset([frozenset([1]), frozenset([2])]))
    counts = {CountedIn(frozenset([1, 2])): 8, anew: 1, CountedIn(frozenset([2])): 3}
    named = {tuple(chosen.astype(int)) for chosen in small_sets(counts, [1, 2], [1, 2], SET_FROM)}
    assert named == {(0, 1, 0), (0, 0, 1), (0, 1, 1)}


@pytest.mark.parametrize(("published", "people"), [((1, 2, 3, 4), [1, 2]), ((1, 2, 3), [1, 2, 3])])
def test_people_are_named_by_what_is_published_inside_a_group_and_by_all_that_is_inside(published, people):
    """Of a group of 21, ten and eight are in two others, and two in a fourth that may be withheld."""
    atoms = (({1, 2}, 10), ({1, 3}, 8), ({1, 4}, 2), ({1}, 1))
    counts = {CountedIn(frozenset(groups)): size for groups, size in atoms}
    found = small_sets(counts, [1, 2, 3, 4], published, SET_FROM)
    assert sorted(int(chosen @ list(counts.values())) for chosen in found) == people


def test_where_every_atom_is_large_nobody_is_named():
    assert small_sets({CountedIn(frozenset([1, 2])): 8, CountedIn(frozenset([2])): 5}, [1, 2], [1, 2], SET_FROM) == []
