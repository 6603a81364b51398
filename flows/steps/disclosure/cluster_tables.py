"""Reads the clusters of a release from the tables of disclosure control: groups, atoms and published bounds."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from flows import warehouse
from flows.steps.disclosure.clusters import THIS_RELEASE, Atom, Bound, Cell, Cluster, clusters

_CELLS = "select cell, release, family, unit_type, unit_id from disclosure.linked_cells"
_ATOMS = "select cells, answered, submissions, people from disclosure.atoms"
_PUBLISHED_BOUNDS = """
    with published_bounds as (
        select 0 as release, * from disclosure.proposed_bounds union all by name select * from released.bounds
    )
    select linked.cell, bounds.figure, bounds.scale, bounds.classes, bounds.low, bounds.high
    from published_bounds as bounds inner join disclosure.linked_cells as linked
        on bounds.release = linked.release and bounds.family = linked.family
        and bounds.unit_type = linked.unit_type and bounds.unit_id = linked.unit_id
"""
_BOUNDS = _PUBLISHED_BOUNDS + "where linked.cell in (select unnest($cells))"
_RENEWED = "select distinct cell from (" + _PUBLISHED_BOUNDS + "where bounds.release = $newest)"
_SCALES = "select release, scales from released.releases"
_SCALES_NOW = "select list(scale order by position) from reference.scales"


def read_clusters(connection: warehouse.Connection, newest: int) -> Iterator[Cluster]:
    """The clusters with new figures in a release, with the bounds of that release and the others."""
    cells = {row[0]: Cell(*row[1:]) for row in connection.execute(_CELLS).fetchall()}
    atoms = list(_linked(cells, connection.execute(_ATOMS).fetchall()))
    scales = {release: tuple(names) for release, names in connection.execute(_SCALES).fetchall()}
    scales.setdefault(THIS_RELEASE, tuple(warehouse.one(connection, _SCALES_NOW) or ()))
    tied = list(clusters(cells, atoms, (), scales))
    renewed = {cell for (cell,) in connection.execute(_RENEWED, {"newest": newest}).fetchall()}
    active = [found for found in tied if not renewed.isdisjoint(found.cells)]
    wanted = [number for found in active for number in found.cells]
    bounds: dict[int, list[Bound]] = defaultdict(list)
    for cell, figure, scale, classes, low, high in connection.execute(_BOUNDS, {"cells": wanted}).fetchall():
        bounds[cell].append(Bound(cell, figure, scale, tuple(classes), low, high))
    for found in active:
        published = tuple(bound for number in found.cells for bound in bounds[number])
        yield Cluster(found.cells, found.atoms, published, found.scales)


def _linked(cells: Mapping[int, Cell], rows: Iterable[tuple[list[int], list[str], list[int], int]]) -> Iterator[Atom]:
    """The atoms, each with only its groups among these."""
    for numbers, answered, submissions, people in rows:
        if places := [place for place, number in enumerate(numbers) if number in cells]:
            yield Atom(
                tuple(numbers[place] for place in places),
                tuple(answered[place] for place in places),
                tuple(submissions[place] for place in places),
                people,
            )
