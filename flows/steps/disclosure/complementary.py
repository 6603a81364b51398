"""Disclosure rule 6: what is withheld under a published total must not follow from the total less the others.

Bottom-up over programme > organisation > collective, for one figure: the collectives that are withheld under a total
are none, or at least two with ten respondents together; else the smallest that is shown is withheld too. Where even all
of them would not be enough, the total is told over the shown ones only: its own figure is withheld.
"""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from flows.steps.policy import WITHHELD_GROUPS, WITHHELD_PEOPLE

Unit = tuple[str, str]
Rule = Literal["complementary", "last_resort"]
PROGRAMME: Unit = ("programme", "programme")


@dataclass
class Group:
    """A unit with a figure: whose, over how many respondents (at least 1), and whether it is shown."""

    unit: Unit
    organisation_id: str
    respondents: int
    is_shown: bool


@dataclass
class Tree:
    """All units with one figure; collectives from the smallest on."""

    collectives: dict[str, list[Group]] = field(default_factory=dict)
    organisations: dict[str, Group] = field(default_factory=dict)
    programme: Group | None = None
    _by_unit: dict[Unit, Group] = field(default_factory=dict)

    def add(self, group: Group) -> None:
        """Put a unit in its place."""
        self._by_unit[group.unit] = group
        if group.unit[0] == "collective":
            self.collectives.setdefault(group.organisation_id, []).append(group)
        elif group.unit[0] == "organisation":
            self.organisations[group.organisation_id] = group
        else:
            self.programme = group

    def hide(self, unit: Unit) -> None:
        """Withhold the figure of a unit."""
        if unit in self._by_unit:
            self._by_unit[unit].is_shown = False


def is_safe(withheld: Iterable[Group]) -> bool:
    """Whether the sum over these collectives may be known."""
    groups = list(withheld)
    return not groups or (
        len(groups) >= WITHHELD_GROUPS and sum(group.respondents for group in groups) >= WITHHELD_PEOPLE
    )


def withheld_beside(tree: Tree) -> dict[Unit, Rule]:
    """The units to withhold beside those that already are, so that every total that stays is safe.

    `last_resort` are the totals that can be told over their shown collectives only.
    """
    hidden: dict[Unit, Rule] = {}
    for organisation, total in tree.organisations.items():
        if total.is_shown:
            hidden.update(_beside(total, tree.collectives.get(organisation, []), hidden))
    if tree.programme and tree.programme.is_shown:
        hidden.update(_under_programme(tree, hidden))
    return hidden


def _beside(total: Group, collectives: list[Group], hidden: Container[Unit]) -> Iterator[tuple[Unit, Rule]]:
    withheld = [group for group in collectives if not _shows(group, hidden)]
    chosen: list[tuple[Unit, Rule]] = []
    for group in collectives:
        if is_safe(withheld):
            yield from chosen
            return
        if group not in withheld:
            withheld.append(group)
            chosen.append((group.unit, "complementary"))
    if is_safe(withheld):
        yield from chosen
    else:
        yield total.unit, "last_resort"


def _under_programme(tree: Tree, hidden: Container[Unit]) -> Iterator[tuple[Unit, Rule]]:
    """The same over the collectives of organisations whose own totals are withheld."""
    silent = [name for name, total in tree.organisations.items() if not _shows(total, hidden)]
    withheld = [g for name in silent for g in tree.collectives.get(name, []) if not _shows(g, hidden)]
    chosen: list[tuple[Unit, Rule]] = []
    speaking = sorted(
        (total for total in tree.organisations.values() if _shows(total, hidden)),
        key=lambda total: (total.respondents, total.unit),
    )
    spare = sorted(
        (g for name in silent for g in tree.collectives.get(name, []) if _shows(g, hidden)),
        key=lambda group: (group.respondents, group.unit),
    )
    while not is_safe(withheld):
        if spare:
            group = spare.pop(0)
            withheld.append(group)
            chosen.append((group.unit, "complementary"))
        elif speaking:
            total = speaking.pop(0)
            chosen.append((total.unit, "complementary"))
            below = tree.collectives.get(total.organisation_id, [])
            withheld += [group for group in below if not _shows(group, hidden)]
            spare = [group for group in below if _shows(group, hidden)]
        else:
            yield PROGRAMME, "last_resort"
            return
    yield from chosen


def _shows(group: Group, hidden: Container[Unit]) -> bool:
    return group.is_shown and group.unit not in hidden
