"""Disclosure rule 10: of no few people is a class proven, whatever was put together in whichever month."""

from flows.steps.disclosure.classes import Count, Table
from flows.steps.disclosure.nameable import CountedIn, small_sets
from flows.steps.disclosure.sums import System

FINEST = ("benefit", "community", "mixed")


def _table(atoms: dict[CountedIn, int], *published: tuple[int, tuple[str, ...], int]) -> tuple[Table, list]:
    groups = sorted({cell for atom in atoms for cell in atom.groups})
    system = System.of(atoms, groups)
    counts = [Count(groups.index(cell), frozenset(classes), people) for cell, classes, people in published]
    return Table.of(system, counts), small_sets(atoms, groups, groups, 5)


NEWCOMER = {CountedIn(frozenset([1, 2])): 20, CountedIn(frozenset([2])): 1}


def _proven(atoms, *published) -> set[tuple[str, ...]]:
    table, targets = _table(atoms, *published)
    return {tuple(sorted(classes)) for _, classes in table.proven(targets)}


def test_the_same_classes_in_two_months_prove_that_of_a_newcomer():
    published = [(1, (name,), count) for name, count in zip(FINEST, (10, 5, 5), strict=True)]
    published += [(2, (name,), count) for name, count in zip(FINEST, (11, 5, 5), strict=True)]
    assert ("benefit",) in _proven(NEWCOMER, *published)


def test_two_coarsening_levels_in_two_months_prove_it_too():
    published = [(1, (name,), count) for name, count in zip(FINEST, (10, 5, 5), strict=True)]
    published += [(2, ("benefit",), 11), (2, ("community", "mixed"), 10)]
    assert ("benefit",) in _proven(NEWCOMER, *published)


def test_seven_new_people_in_three_classes_prove_nothing_of_three_who_left():
    atoms = {CountedIn(frozenset([1, 2])): 20, CountedIn(frozenset([1])): 3, CountedIn(frozenset([2])): 7}
    published = [(1, (name,), count) for name, count in zip(FINEST, (11, 6, 6), strict=True)]
    published += [(2, (name,), count) for name, count in zip(FINEST, (11, 8, 8), strict=True)]
    assert _proven(atoms, *published) == set()


def test_numbers_that_contradict_each_other_prove_nothing():
    """Classes depend on how well the scales measure that month."""
    published = [(1, (name,), count) for name, count in zip(FINEST, (10, 5, 5), strict=True)]
    published += [(2, (name,), count) for name, count in zip(FINEST, (4, 5, 12), strict=True)]
    assert _proven(NEWCOMER, *published) == set()
