"""Who can be named (disclosure rule 10): the sets of few people that somebody who knows the members can tell apart.

An attacker knows who is in which group and who answered anew, and names people by a group, or by the difference of
groups. What the published figures tell of such a set is for `sums` and `classes`.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
_Sets = npt.NDArray[np.bool_]


class CountedIn(NamedTuple):
    """The groups in which people count with the same answers.

    `submissions` splits the groups where these people gave the same answers anew; it is empty where they did not. What
    they contribute is the same, but who answered anew is known to others.
    """

    groups: frozenset[int]
    submissions: frozenset[frozenset[int]] = frozenset()

    @property
    def parts(self) -> frozenset[frozenset[int]]:
        """The groups in which each submission counts."""
        return self.submissions or frozenset([self.groups])

    def submission_in(self, group: int) -> int:
        """The first group in which the same submission counts as in this one; 0 where there is only one submission."""
        return next((min(submission) for submission in self.submissions if group in submission), 0)


def small_sets(
    counts: Mapping[CountedIn, int], groups: Sequence[int], published: Collection[int], set_from: int
) -> list[Floats]:
    """Nameable sets of fewer than `set_from` people, as 0/1 over the atoms of `counts`.

    People whose submissions count in the same groups, a group minus another, and a group minus all groups inside it or
    minus the `published` ones; who answered anew may be known as such, or not.
    """
    sizes = np.array(list(counts.values()))
    if not (sizes < set_from).any():
        return []
    every = _nameable(list(counts), groups, published)
    people = every @ sizes
    few = every[(people > 0) & (people < set_from)]
    return list({chosen.tobytes(): chosen.astype(float) for chosen in few}.values())


def _nameable(atoms: Sequence[CountedIn], groups: Sequence[int], published: Collection[int]) -> _Sets:
    inside = np.array([[group in atom.groups for atom in atoms] for group in groups]).reshape(-1, len(atoms))
    submissions = np.array([[atom.submission_in(group) for atom in atoms] for group in groups]).reshape(inside.shape)
    is_published = np.array([group in published for group in groups], dtype=bool)
    shared = inside[:, None, :] & inside[None, :, :]
    anew = shared & (submissions[:, None, :] != submissions[None, :, :])
    ways = (shared, shared & ~anew) if anew.any() else (shared,)
    differences = (named for way in ways for named in _differences(inside, way, is_published))
    return np.vstack([np.eye(len(atoms), dtype=bool), _alike(atoms), *differences])


def _alike(atoms: Sequence[CountedIn]) -> _Sets:
    """For each combination of groups, everybody of whom a submission counts in exactly these."""
    parts = sorted({part for atom in atoms for part in atom.parts}, key=sorted)
    return np.array([[part in atom.parts for atom in atoms] for part in parts], dtype=bool)


def _differences(inside: _Sets, shared: _Sets, is_published: _Sets) -> Iterator[_Sets]:
    """Each group minus another, each minus all groups inside it, and each minus the published ones inside it.

    `shared` has the atoms common to each pair of groups.
    """
    differences = inside[:, None, :] & ~shared
    yield differences.reshape(-1, inside.shape[1])
    differ = np.asarray(differences.any(axis=2))
    is_inner = ~differ.T & differ
    for chosen in (is_inner, is_inner & is_published):
        yield inside & ~(chosen[:, :, None] & inside[None, :, :]).any(axis=1)
