"""Disclosure control over several figures at once: what each may tell by itself is settled in SQL before.

`complementary` is rule 6, `gate` rule 10; each is a pure function over plain values, and this module brings them the
figures. What one withholds the other has to look at again, until nothing is left to withhold.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from flows.steps import warehouse
from flows.steps.compute.disclosure.complementary import Group, Tree, withheld_beside
from flows.steps.compute.disclosure.gate import Domain, Part, Told, unsafe
from flows.steps.policy import SET_FROM, SET_RANGE

PROGRAMME = ("programme", "programme")
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
# People of organisations where few are counted in the same groups: who is counted in which totals of which releases.
_PARTS = """
    select parts.collective_id, parts.places, parts.answered, parts.people
    from statistics.set_parts as parts
    where parts.organisation_id in (
        select organisation_id
        from statistics.set_parts, range(1, length(answered) + 1) as figures (place)
        where substr(answered, place, 1) = '1'
        group by organisation_id, collective_id, places, place
        having sum(people) < $set_from
    )
    order by all
"""
_OWNERS = """
    select 0 as release, unit_id as collective_id, organisation_id from statistics.units where unit_type = 'collective'
    union all
    select release, collective_id, organisation_id from released.collectives
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
            for unit in withheld_beside(tree):
                tree.hide(unit)
                withheld[figure, unit] = "complementary"
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
    """Everything that the gate looks at, by organisation; only organisations with a small set are looked at closely."""

    def __init__(self, connection: warehouse.Connection) -> None:
        self._scales = [
            row[0] for row in connection.execute("select scale from reference.scales order by position").fetchall()
        ]
        owners = {(release, collective): owner for release, collective, owner in connection.execute(_OWNERS).fetchall()}
        self._parts: dict[str, list[Part]] = defaultdict(list)
        for collective, places, answered, people in connection.execute(_PARTS, {"set_from": SET_FROM}).fetchall():
            domains, home = _domains(collective, places, owners)
            self._parts[home].append(Part(domains, answered, people))
        self._told: dict[Figure, list[Told]] = defaultdict(list)
        for release, unit_type, unit_id, figure, key, low, high in connection.execute(_TOLD).fetchall():
            self._told[figure, key].append(Told(Domain(release, (unit_type, unit_id)), low, high))

    def unsafe(self, withheld: Iterable[tuple[Figure, Unit]]) -> Iterator[tuple[Figure, Unit]]:
        """What of this run has to be withheld too."""
        hidden = set(withheld)
        for (figure, key), told in self._told.items():
            name = ("scale_levels", key) if figure == "score" else (figure, "")
            place = self._scales.index(key) if figure == "score" and key in self._scales else -1
            shown = [entry for entry in told if entry.domain.release or (name, entry.domain.unit) not in hidden]
            most = 100.0 if figure == "score" else 1.0
            for parts in self._parts.values():
                counted = [part for part in parts if part.answered[place] == "1"]
                for unit in unsafe(counted, shown, most, SET_FROM, SET_RANGE / 100):
                    yield name, unit


def _domains(
    collective: str, places: list[dict[str, object]], owners: dict[tuple[int, str], str]
) -> tuple[frozenset[Domain], str]:
    """Every published group in which people are counted, and the organisation that they belong to now."""
    domains = set()
    owner = ""
    for place in places:
        release = int(str(place["release"]))
        owner = owners.get((release, collective), owner) if release == 0 or not owner else owner
        domains.add(Domain(release, ("collective", collective)))
        if place["in_organisation"]:
            domains.add(Domain(release, ("organisation", owners.get((release, collective), ""))))
        if place["in_programme"]:
            domains.add(Domain(release, PROGRAMME))
    return frozenset(domains), owner
