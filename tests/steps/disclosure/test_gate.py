"""Disclosure rule 10: no set of fewer than five people is pinned down by what is told together."""

import pytest

from flows.steps.disclosure.gate import Domain, Part, Told, feasible_sum, leaks, unsafe

WATCH, OTHER, TOWN = ("collective", "watch"), ("collective", "other"), ("organisation", "town")


def _part(people: int, *domains: Domain) -> Part:
    return Part(frozenset(domains), "11", people)


def _told(release: int, unit, mean: float, people: int, step: float) -> Told:
    return Told(Domain(release, unit), people * (mean - step / 2), people * (mean + step / 2))


def _counted(told: Told, people: int) -> Told:
    return Told(told.domain, people, people)


THIRTEENTH = [
    _part(12, Domain(1, WATCH), Domain(0, WATCH)),
    _part(1, Domain(0, WATCH)),
]


def _found(parts, told, most=100):
    return [leak.people for leak in leaks(parts, told, most, 5, 0.5 if most > 1 else None)]


def test_two_exact_means_pin_down_the_newcomer():
    told = [_told(1, WATCH, 50, 12, 0.01), _told(0, WATCH, 53.85, 13, 0.01)]
    assert _found(THIRTEENTH, told) == [1]
    assert unsafe(THIRTEENTH, told, 100, 5, 0.5) == (WATCH,)


def test_two_rounded_means_leave_the_newcomer_open():
    told = [_told(1, WATCH, 50, 12, 5), _told(0, WATCH, 50, 13, 5)]
    assert _found(THIRTEENTH, told) == []
    assert unsafe(THIRTEENTH, told, 100, 5, 0.5) == ()


def test_a_withheld_collective_follows_from_a_total_less_the_other():
    parts = [_part(3, Domain(0, WATCH), Domain(0, TOWN)), _part(40, Domain(0, OTHER), Domain(0, TOWN))]
    told = [_told(0, OTHER, 50, 40, 0.5), _told(0, TOWN, 47, 43, 0.5)]
    assert _found(parts, told) == [3]
    assert unsafe(parts, told, 100, 5, 0.5) == (TOWN,)


def test_what_one_figure_tells_alone_is_no_leak():
    """The mean of five says much of any four of them; the threshold settles that, not the gate."""
    parts = [_part(4, Domain(0, WATCH), Domain(1, OTHER)), _part(1, Domain(0, WATCH))]
    assert _found(parts, [_told(0, WATCH, 30, 5, 10)]) == []


def test_a_class_that_is_proven_for_all_of_few_is_a_leak():
    parts = [_part(20, Domain(1, WATCH), Domain(0, WATCH)), _part(2, Domain(0, WATCH))]
    told = [_counted(_told(1, WATCH, 0, 1, 0), 12), _counted(_told(0, WATCH, 0, 1, 0), 14)]
    assert _found(parts, told, most=1) == [2]
    assert unsafe(parts, told, 1, 5, None) == (WATCH,)


def test_what_earlier_releases_tell_by_themselves_withholds_nothing_now():
    parts = [
        _part(12, Domain(1, WATCH), Domain(2, WATCH), Domain(0, WATCH)),
        _part(1, Domain(2, WATCH), Domain(0, WATCH)),
    ]
    told = [_told(1, WATCH, 50, 12, 0.01), _told(2, WATCH, 53.85, 13, 0.01), _told(0, WATCH, 53.85, 13, 0.01)]
    assert _found(parts, told) == [1]
    assert unsafe(parts, told, 100, 5, 0.5) == ()


def test_a_leak_that_this_release_completes_is_found_where_only_others_are_counted():
    """Who left is in no figure of today; what stays tells of them all the same."""
    parts = [_part(3, Domain(1, WATCH)), _part(40, Domain(1, WATCH), Domain(0, WATCH))]
    told = [_told(1, WATCH, 53.49, 43, 0.01), _told(0, WATCH, 50, 40, 0.01)]
    assert unsafe(parts, told, 100, 5, 0.5) == (WATCH,)


def test_figures_that_contradict_each_other_tell_nothing():
    told = [_told(0, WATCH, 10, 13, 0.5), _told(0, WATCH, 90, 13, 0.5)]
    (target,) = {part.domains for part in THIRTEENTH if part.people == 1}
    assert feasible_sum({part.domains: part.people for part in THIRTEENTH}, told, frozenset([target]), 100) == (
        0,
        100,
    )


@pytest.mark.parametrize("people", [5, 6])
def test_sets_of_five_people_are_no_concern_of_the_gate(people):
    parts = [_part(12, Domain(1, WATCH), Domain(0, WATCH)), _part(people, Domain(0, WATCH))]
    told = [_told(1, WATCH, 50, 12, 0.01), _told(0, WATCH, 53.85, 12 + people, 0.01)]
    assert _found(parts, told) == []
