"""Who is counted where: what a reader who knows the members of a group can know beside the figures."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flows.steps import warehouse
from flows.steps.disclosure.gate import Domain, Part
from flows.steps.policy import SET_FROM

PROGRAMME = ("programme", "programme")
# Collectives in which few people are counted in the same groups.
_WITH_SMALL_SETS = """
    select distinct collective_id
    from (
        select collective_id
        from statistics.set_parts, range(1, length(answered) + 1) as figures (place)
        where substr(answered, place, 1) = '1'
        group by collective_id, places, place
        having sum(people) < $set_from
    )
"""
_PARTS = """
    select collective_id, places, answered, people from statistics.set_parts
    where collective_id in (select unnest($collectives))
    order by all
"""
_OWNERS = """
    select 0 as release, collective_id, organisation_id from reference.collectives
    union all
    select release, collective_id, organisation_id from released.collectives
"""
_SCALES = "select scale from reference.scales order by position"
_OF_RELEASES = """
    create table scored.set_members as from released.members where false;
    alter table scored.set_members drop column release;
    create table reference.collectives as
        select collective_id, arg_max(organisation_id, release) as organisation_id
        from released.collectives group by collective_id;
    insert into reference.run by name
        select period, date '0001-01-01' as window_start, date '0001-01-01' as window_end, '' as timezone,
            split_part(instrument, ' ', 1) as instrument, split_part(instrument, ' ', 2) as instrument_version
        from released.releases order by release desc limit 1;
    insert into reference.scales by name
        select unnest(scales) as scale, generate_subscripts(scales, 1) as position, '' as kind, '' as orientation,
            0 as minimum, 0 as maximum, 0 as items, [] as item_positions
        from (select scales from released.releases order by release desc limit 1);
"""
Place = dict[str, Any]


@dataclass(frozen=True)
class Evidence:
    """People, together with all who share a total with them now or ever did, and the order of the scales."""

    parts: tuple[tuple[Part, ...], ...]
    scales: tuple[str, ...]

    def counted(self, figure: str, key: str) -> Iterator[tuple[Part, ...]]:
        """The people who are part of a figure, by whom they share totals with."""
        place = self._place(figure, key)
        for parts in self.parts:
            yield tuple(part for part in parts if part.answered[place] == "1")

    def people(self, domain: Domain, figure: str, key: str) -> int:
        """How many people of these organisations are part of a figure of a group."""
        return sum(part.people for parts in self.counted(figure, key) for part in parts if domain in part.domains)

    def _place(self, figure: str, key: str) -> int:
        return self.scales.index(key) if figure == "score" else -1


def collect(connection: warehouse.Connection) -> Evidence:
    """What the tables of a run, and of the releases before it, say of who is counted where.

    Only where few people are counted in the same groups: elsewhere no set of few can be named.
    """
    owners = {(release, collective): owner for release, collective, owner in connection.execute(_OWNERS).fetchall()}
    home = _homes(owners)
    small = connection.execute(_WITH_SMALL_SETS, {"set_from": SET_FROM}).fetchall()
    near = {home[collective] for (collective,) in small}
    collectives = [collective for collective, root in home.items() if root in near]
    parts: dict[str, list[Part]] = defaultdict(list)
    for collective, places, answered, people in connection.execute(_PARTS, {"collectives": collectives}).fetchall():
        parts[home[collective]].append(Part(_domains(collective, places, owners), answered, people))
    scales = tuple(row[0] for row in connection.execute(_SCALES).fetchall())
    return Evidence(tuple(map(tuple, parts.values())), scales)


def _homes(owners: dict[tuple[int, str], str]) -> dict[str, str]:
    """For each collective one of the organisations with which it shares totals, the same for all that hang together.

    A collective that moves from one organisation to another ties both.
    """
    tied: dict[str, str] = {}

    def root(organisation: str) -> str:
        while tied.setdefault(organisation, organisation) != organisation:
            organisation = tied[organisation]
        return organisation

    first: dict[str, str] = {}
    for (_, collective), owner in owners.items():
        tied[root(owner)] = root(first.setdefault(collective, owner))
    return {collective: root(owner) for collective, owner in first.items()}


def of_releases(connection: warehouse.Connection) -> Evidence:
    """The same of releases alone, in a database that holds nothing but the schema `released`."""
    connection.execute(_OF_RELEASES)
    model = warehouse.read_models(["statistics"])["statistics.set_parts"]
    connection.execute("create table statistics.set_parts as " + model.sql)
    return collect(connection)


def _domains(collective: str, places: list[Place], owners: dict[tuple[int, str], str]) -> frozenset[Domain]:
    """Every group in which people with these places are counted."""
    domains = set()
    for place in places:
        release = place["release"]
        domains.add(Domain(release, ("collective", collective)))
        if place["in_organisation"]:
            domains.add(Domain(release, ("organisation", owners.get((release, collective), ""))))
        if place["in_programme"]:
            domains.add(Domain(release, PROGRAMME))
    return frozenset(domains)
