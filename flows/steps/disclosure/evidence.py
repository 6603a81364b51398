"""Who is counted where: what a reader who knows the members of a group can know beside the figures."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flows.steps import warehouse
from flows.steps.disclosure.gate import Domain, Part
from flows.steps.policy import SET_FROM, SET_RANGE

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
_PARTS = "select collective_id, places, answered, people from statistics.set_parts order by all"
_OWNERS = """
    select 0 as release, collective_id, organisation_id from reference.collectives
    union all
    select release, collective_id, organisation_id from released.collectives
"""
_SCALES = "select scale, items * (maximum - minimum) from reference.scales order by position"
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
            0 as minimum, 1 as maximum, unnest(steps) as items, [] as item_positions
        from (select scales, steps from released.releases order by release desc limit 1);
"""


@dataclass(frozen=True)
class Evidence:
    """People, and the order of the scales.

    A system holds the people of organisations that share collectives, now or ever, group by group; and all others as
    far as they count in totals of organisations and of the programme.
    """

    systems: tuple[tuple[Part, ...], ...]
    # By scale how many whole steps its score has: items times the range of an answer.
    scales: dict[str, int]

    def counted(self, figure: str, key: str) -> Iterator[tuple[Part, ...]]:
        """The people who are part of a figure, system by system."""
        place = self._place(figure, key)
        for parts in self.systems:
            yield tuple(part for part in parts if part.answered[place] == "1")

    def steps(self, figure: str, key: str) -> int:
        """What a person adds at most to a sum of a figure: the steps of a score, or 1 where people are counted."""
        return self.scales[key] if figure == "score" else 1

    def people(self, domain: Domain, figure: str, key: str) -> int:
        """How many people are part of a figure of a group; 0 when no system looks at that group."""
        return max(
            (sum(part.people for part in parts if domain in part.domains) for parts in self.counted(figure, key)),
            default=0,
        )

    def _place(self, figure: str, key: str) -> int:
        return list(self.scales).index(key) if figure == "score" else -1


def in_steps(figure: str, steps: int) -> float:
    """What a POMP point of a score is in its steps; people are counted by ones."""
    return steps / 100 if figure == "score" else 1


def set_range(figure: str) -> float | None:
    """Over which part of its range the mean of a set must stay open; none where people are counted."""
    return SET_RANGE / 100 if figure == "score" else None


def collect(connection: warehouse.Connection) -> Evidence:
    """What the tables of a run, and of the releases before it, say of who is counted where.

    Systems only where few people are counted in the same groups: elsewhere no set of few can be named.
    """
    owners = {(release, collective): owner for release, collective, owner in connection.execute(_OWNERS).fetchall()}
    home = _homes(owners)
    small = connection.execute(_WITH_SMALL_SETS, {"set_from": SET_FROM}).fetchall()
    parts: dict[str, list[Part]] = defaultdict(list)
    if small:
        for collective, places, answered, people in connection.execute(_PARTS).fetchall():
            parts[home[collective]].append(Part(_domains(collective, places, owners), answered, people))
    totals = {name: _in_totals(found) for name, found in parts.items()}
    scales = dict(connection.execute(_SCALES).fetchall())
    systems = []
    for name in sorted({home[collective] for (collective,) in small}):
        others = (part for other, found in totals.items() if other != name for part in found)
        systems.append((*parts[name], *others))
    return Evidence(tuple(systems), scales)


def _in_totals(parts: Sequence[Part]) -> list[Part]:
    """The same people, told apart only by the totals in which they count."""
    people: Counter[tuple[frozenset[Domain], str]] = Counter()
    for part in parts:
        totals = frozenset(domain for domain in part.domains if domain.unit[0] != "collective")
        if totals:
            people[totals, part.answered] += part.people
    return [Part(domains, answered, count) for (domains, answered), count in people.items()]


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


def _domains(collective: str, places: str, owners: dict[tuple[int, str], str]) -> frozenset[Domain]:
    """Every group in which people with these places, such as ``1:11 0:10``, are counted."""
    domains = set()
    for place in places.split():
        number, _, totals = place.partition(":")
        release = int(number)
        domains.add(Domain(release, ("collective", collective)))
        if totals[0] == "1":
            domains.add(Domain(release, ("organisation", owners.get((release, collective), ""))))
        if totals[1] == "1":
            domains.add(Domain(release, PROGRAMME))
    return frozenset(domains)
