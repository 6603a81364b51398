"""Disclosure rule 6: nothing that is withheld follows from a total less the others."""

from hypothesis import given
from hypothesis import strategies as st

from flows.steps.disclosure.complementary import PROGRAMME, Group, Tree, is_safe, withheld_beside

Sizes = dict[str, dict[str, tuple[int, bool]]]


def _tree(sizes: Sizes, silent: frozenset[str] = frozenset()) -> Tree:
    """Organisations with their collectives: how many people, and whether their figure may stand by itself."""
    tree = Tree()
    total = 0
    for organisation, collectives in sizes.items():
        for name, (people, is_shown) in sorted(collectives.items(), key=lambda entry: entry[1]):
            tree.add(Group(("collective", name), organisation, people, is_shown))
        people = sum(size for size, _ in collectives.values())
        tree.add(Group(("organisation", organisation), organisation, people, organisation not in silent))
        total += people
    tree.add(Group(PROGRAMME, "", total, True))
    return tree


def test_without_anything_withheld_all_stands():
    assert withheld_beside(_tree({"town": {"a": (12, True), "b": (15, True)}})) == {}


def test_beside_one_withheld_collective_the_smallest_other_is_withheld():
    tree = _tree({"town": {"a": (3, False), "b": (20, True), "c": (9, True)}})
    assert withheld_beside(tree) == {("collective", "c"): "complementary"}


def test_two_withheld_collectives_of_ten_people_together_are_enough():
    assert withheld_beside(_tree({"town": {"a": (3, False), "b": (7, False), "c": (20, True)}})) == {}


def test_two_withheld_collectives_of_nine_people_need_a_third():
    tree = _tree({"town": {"a": (3, False), "b": (6, False), "c": (20, True), "d": (30, True)}})
    assert withheld_beside(tree) == {("collective", "c"): "complementary"}


def test_where_nothing_is_left_to_withhold_the_total_goes():
    withheld = withheld_beside(_tree({"town": {"a": (4, False)}, "city": {"b": (30, True), "c": (9, False)}}))
    assert withheld["organisation", "town"] == "last_resort"


def test_a_total_of_few_people_is_told_over_its_one_shown_collective():
    withheld = withheld_beside(_tree({"town": {"a": (3, False), "b": (6, True)}}))
    assert withheld["organisation", "town"] == "last_resort"
    assert ("collective", "b") not in withheld


def test_the_programme_less_its_organisations_tells_nothing_either():
    sizes = {"town": {"a": (4, False)}, "city": {"b": (30, True)}, "village": {"c": (40, True)}}
    withheld = withheld_beside(_tree(sizes, silent=frozenset({"town"})))
    assert set(withheld) == {("organisation", "city"), ("collective", "b")}


@st.composite
def _programmes(draw) -> Sizes:
    names = iter(range(1000))
    sizes: Sizes = {}
    for organisation in range(draw(st.integers(1, 4))):
        count = draw(st.integers(1, 5))
        sizes[f"o{organisation}"] = {
            f"c{next(names)}": draw(st.tuples(st.integers(1, 30), st.booleans())) for _ in range(count)
        }
    return sizes


@given(_programmes())
def test_whatever_is_withheld_every_total_that_stays_is_safe(sizes):
    tree = _tree(sizes)
    for unit in withheld_beside(tree):
        tree.hide(unit)
    for organisation, total in tree.organisations.items():
        if total.is_shown:
            assert is_safe(group for group in tree.collectives[organisation] if not group.is_shown)
    silent = [name for name, total in tree.organisations.items() if not total.is_shown]
    if tree.programme.is_shown:
        assert is_safe(group for name in silent for group in tree.collectives[name] if not group.is_shown)
    assert withheld_beside(tree) == {}, "a second look finds nothing more"


@given(_programmes())
def test_under_a_total_of_the_last_resort_at_most_one_collective_is_shown(sizes):
    for sizes_of in sizes.values():
        for name, (people, is_shown) in sizes_of.items():
            sizes_of[name] = (people, is_shown and people >= 5)
    tree = _tree(sizes)
    withheld = withheld_beside(tree)
    for unit in withheld:
        tree.hide(unit)
    for organisation, groups in tree.collectives.items():
        if withheld.get(("organisation", organisation)) == "last_resort":
            assert sum(group.is_shown for group in groups) <= 1
