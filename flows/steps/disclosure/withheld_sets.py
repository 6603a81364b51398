"""Withholds what would tell of few people beside everything else that is or was published.

`complementary` (rule 6) and `gate` (rule 10) are pure functions over plain values; this brings them the figures. What
one withholds the other has to look at again, until nothing is left to withhold.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from flows.steps import warehouse
from flows.steps.disclosure import evidence
from flows.steps.disclosure.complementary import Group, Tree, withheld_beside
from flows.steps.disclosure.evidence import in_steps, set_range
from flows.steps.disclosure.gate import Domain, Told, unsafe
from flows.steps.policy import SET_FROM

Unit = tuple[str, str]
Figure = tuple[str, str]
_GROUPS = """
    with figures as (
        select 'scale_levels' as figure, scale, unit_type, unit_id, respondents, detail <> 'nothing' as is_shown
        from statistics.first_decisions where figure = 'scale_levels'
        union all
        select figure, '' as scale, unit_type, unit_id, max(respondents) as respondents,
            bool_or(detail = 'full') as is_shown
        from statistics.first_decisions where figure in ('motive_mix', 'diversity')
        group by figure, unit_type, unit_id
        union all
        select distribution as figure, '' as scale, unit_type, unit_id, respondents, rung is not null as is_shown
        from statistics.first_rungs
    )
    select figures.figure, figures.scale, figures.unit_type, figures.unit_id, units.organisation_id,
        figures.respondents, figures.is_shown
    from figures inner join statistics.units as units
        on figures.unit_type = units.unit_type and figures.unit_id = units.unit_id
    where figures.respondents > 0
    order by figures.figure, figures.scale, figures.respondents, figures.unit_id
"""
_TOLD = """
    select 0 as release, unit_type, unit_id, figure, "key", low, high from statistics.told_sums
    union all
    select release, unit_type, unit_id, figure, "key", low, high from released.told_sums
"""


def fill_withheld_sets(connection: warehouse.Connection) -> None:
    """Withhold what would tell of few people beside everything else that is or was published."""
    trees = _trees(connection)
    gate = _Gate(connection)
    withheld: dict[tuple[Figure, Unit], str] = {}
    while True:
        for figure, tree in trees.items():
            for unit, rule in withheld_beside(tree).items():
                tree.hide(unit)
                withheld[figure, unit] = rule
        found = [(figure, unit) for figure, unit in gate.unsafe(withheld) if (figure, unit) not in withheld]
        for figure, unit in found:
            withheld[figure, unit] = "gate"
            if figure in trees:
                trees[figure].hide(unit)
        if not found:
            break
    warehouse.append(connection, "statistics.withheld_sets", _rows(withheld))


def _rows(withheld: dict[tuple[Figure, Unit], str]) -> Iterator[dict[str, str]]:
    for ((figure, scale), (unit_type, unit_id)), rule in sorted(withheld.items()):
        yield {"unit_type": unit_type, "unit_id": unit_id, "figure": figure, "scale": scale, "rule": rule}


def _trees(connection: warehouse.Connection) -> dict[Figure, Tree]:
    trees: dict[Figure, Tree] = defaultdict(Tree)
    for figure, scale, unit_type, unit_id, owner, respondents, is_shown in connection.execute(_GROUPS).fetchall():
        trees[figure, scale].add(Group((unit_type, unit_id), owner or "", respondents, is_shown))
    return trees


class _Gate:
    """Everything that the gate looks at: who is counted where, and what is told of them."""

    def __init__(self, connection: warehouse.Connection) -> None:
        self._evidence = evidence.collect(connection)
        self._told: dict[Figure, list[Told]] = defaultdict(list)
        self._looked_at: dict[tuple[Figure, frozenset[Unit]], list[Unit]] = {}
        for release, unit_type, unit_id, figure, key, low, high in connection.execute(_TOLD).fetchall():
            if figure == "score" and key not in self._evidence.scales:
                continue
            steps = in_steps(figure, self._evidence.steps(figure, key))
            self._told[figure, key].append(Told(Domain(release, (unit_type, unit_id)), low * steps, high * steps))

    def unsafe(self, withheld: Iterable[tuple[Figure, Unit]]) -> Iterator[tuple[Figure, Unit]]:
        """What of this run has to be withheld too."""
        hidden: dict[Figure, set[Unit]] = defaultdict(set)
        for name, unit in withheld:
            hidden[name].add(unit)
        for figure, key in self._told:
            name = ("scale_levels", key) if figure == "score" else (figure, "")
            for unit in self._units(figure, key, frozenset(hidden[name])):
                yield name, unit

    def _units(self, figure: str, key: str, hidden: frozenset[Unit]) -> list[Unit]:
        """The same for one figure; once for the same that is withheld."""
        asked = (figure, key), hidden
        if asked not in self._looked_at:
            told = self._told[figure, key]
            shown = [entry for entry in told if entry.domain.release or entry.domain.unit not in hidden]
            most = self._evidence.steps(figure, key)
            self._looked_at[asked] = [
                unit
                for parts in self._evidence.counted(figure, key)
                for unit in unsafe(parts, shown, most, SET_FROM, set_range(figure))
            ]
        return self._looked_at[asked]
