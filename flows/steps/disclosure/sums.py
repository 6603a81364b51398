"""Disclosure rule 10 for means: bounds on the mean of few people, from all published means of a cluster.

An attacker who can name a set of fewer than five people (see `nameable`) can solve for their mean. Over all values
consistent with the published means, that mean must span at least half of the scale, unless a single permitted figure
already narrows it further.

A quick sufficient test avoids most of the solving: from one consistent solution it walks in a direction that changes no
published sum. Sets that it cannot clear are solved by a linear programme, for any values and for sums of whole steps of
a score, and by an integer programme where fractions of steps remain. Many are solved at once: a solver takes longer to
start than to solve.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from flows.steps.disclosure.nameable import CountedIn, Floats

# Solver results that differ by less than this are equal.
_SAME = 1e-6
# Tolerance for rounding to a whole number of steps.
_WHOLE = 1e-3
# The integer range is at most this many steps narrower than that of its relaxation: one at each end, one to spare.
_ROUNDING = 3
_PROJECTIONS = 60
# This many pairs of figure and set are solved as one programme.
_BLOCKS = 50
# Programmes of this size are solved twice as fast without the solver's search for redundant rows and columns.
_SOLVER = {"presolve": False}


@dataclass(frozen=True)
class PublishedBounds:
    """Published bounds of one figure: the lowest and highest sum of each group, in units of one person's maximum.

    `steps` is the number of whole steps of a person's value; None when the value is continuous.
    """

    low: Floats
    high: Floats
    steps: int | None

    def in_whole_steps(self) -> "PublishedBounds":
        """The bounds that the same figure puts on sums of whole steps; the same where values are continuous."""
        if self.steps is None:
            return self
        steps = self.steps
        low, high = np.ceil(self.low * steps - _WHOLE), np.floor(self.high * steps + _WHOLE)
        return PublishedBounds(low / steps, high / steps, self.steps)


class _Range(NamedTuple):
    """The range of the sum over a set, and whether both its ends are reached by values of whole steps."""

    low: float
    high: float
    is_whole: bool = False

    def is_below(self, needed: float) -> bool:
        """Whether the range is narrower than needed."""
        return self.high - self.low < needed - _SAME


@dataclass(frozen=True)
class System:
    """A system of equations: groups (rows) and atoms (columns, with their numbers of people).

    Each person contributes from 0 to 1 to a sum.
    """

    inside: Floats
    sizes: Floats

    @classmethod
    def of(cls, counts: Mapping[CountedIn, int], groups: Sequence[int]) -> "System":
        """Build a system from the number of people in each combination of groups."""
        inside = np.array([[float(group in atom.groups) for atom in counts] for group in groups]).reshape(
            len(groups), len(counts)
        )
        return cls(inside, np.array(list(counts.values()), dtype=float))

    def pinned(
        self, published: Sequence[PublishedBounds], targets: Sequence[Floats], set_range: float
    ) -> Iterator[tuple[int, int]]:
        """Yield each figure (index in `published`) that pins down a set (index in `targets`)."""
        if not targets or not published:
            return
        values, agree = self._values([entry.in_whole_steps() for entry in published])
        asked: list[tuple[int, int]] = []
        for place, target in enumerate(targets):
            enough = np.array([self._enough(entry, target, set_range) for entry in published])
            open_ = agree & (self._walk(values, target) >= enough)
            asked += [(int(number), place) for number in np.flatnonzero(~open_)]
        yield from self._too_narrow(published, targets, [pair for pair in asked if agree[pair[0]]], set_range)
        for number, place in (pair for pair in asked if not agree[pair[0]]):
            if self.is_pinned(published[number], targets[place], set_range):
                yield number, place

    def _too_narrow(
        self,
        published: Sequence[PublishedBounds],
        targets: Sequence[Floats],
        asked: Sequence[tuple[int, int]],
        set_range: float,
    ) -> Iterator[tuple[int, int]]:
        """Each pair of figure and set, of figures with a consistent solution, whose range is narrower than needed.

        Sums of whole steps are narrower than continuous ones by up to a step for each group. Both are looked at: scores
        of people who skipped an item are no whole steps.
        """
        in_steps = self._ranges([(published[number].in_whole_steps(), targets[place]) for number, place in asked])
        doubtful = []
        for (number, place), found in zip(asked, in_steps, strict=True):
            one, target = published[number], targets[place]
            if self._is_narrow_in_steps(one, target, found, set_range):
                yield number, place
            # Continuous sums range at least as widely.
            elif one.steps and found.is_below(self._needed(one, target, set_range)):
                doubtful.append((number, place))
        ranges = self._ranges([(published[number], targets[place]) for number, place in doubtful])
        for (number, place), found in zip(doubtful, ranges, strict=True):
            if found.is_below(self._needed(published[number], targets[place], set_range)):
                yield number, place

    def _is_narrow_in_steps(self, published: PublishedBounds, target: Floats, found: _Range, set_range: float) -> bool:
        """Whether sums of whole steps range too narrowly; `found` is the range of their relaxation."""
        whole = published.in_whole_steps()
        needed = self._needed(whole, target, set_range)
        if found.is_below(needed) or found.is_whole or whole.steps is None:
            return found.is_below(needed)
        # A range that only fractions of steps reach may be narrower still.
        exact = self._range(whole, target, whole.steps)
        return exact is not None and exact.is_below(needed)

    def is_pinned(self, published: PublishedBounds, target: Floats, set_range: float) -> bool:
        """Whether the figure narrows the set's sum below the required width."""
        found = self._range(published, target)
        # Without a consistent solution the figures do not describe these people, so nothing follows from them.
        if found is None:
            return False
        if found.is_below(self._needed(published, target, set_range)) or published.steps is None:
            return found.is_below(self._needed(published, target, set_range))
        whole = published.in_whole_steps()
        exact = self._range(whole, target, whole.steps)
        return exact is not None and exact.is_below(self._needed(whole, target, set_range))

    def _needed(self, published: PublishedBounds, target: Floats, set_range: float) -> float:
        """The required width of the bounds: `set_range` per person, or the width left by the tightest single figure if
        that is less, because rules 1 to 4 already accept that much disclosure.
        """
        people = float(target @ self.sizes)
        inside = self.inside @ (target * self.sizes)
        others = self.inside @ self.sizes - inside
        low = np.maximum(0, published.low - others)
        high = np.minimum(inside, published.high) + (people - inside)
        single = float(np.min(high - low, initial=people))
        return min(set_range * people, single)

    def _values(self, published: Sequence[PublishedBounds]) -> tuple[Floats, npt.NDArray[np.bool_]]:
        """For each figure sums per atom from a few projections onto all bounds, and whether they satisfy the bounds."""
        low, high = (np.array([getattr(entry, end) for entry in published]) for end in ("low", "high"))
        totals = self.inside @ self.sizes
        middle = np.clip(((low + high) / 2).sum(axis=1) / max(totals.sum(), 1), 0.02, 0.98)
        values = middle[:, None] * self.sizes[None, :]
        for _ in range(_PROJECTIONS):
            for row, members in enumerate(self.inside):
                sums = values @ members
                missing = np.clip(sums, low[:, row], high[:, row]) - sums
                room = np.where(missing[:, None] > 0, self.sizes - values, values) * members
                total = room.sum(axis=1)
                share = np.divide(missing, total, out=np.zeros_like(missing), where=total > 0)
                values += np.clip(share, -1, 1)[:, None] * room
            sums = values @ self.inside.T
            agree = ((sums >= low - _SAME) & (sums <= high + _SAME)).all(axis=1)
            if agree.all():
                break
        return values, agree

    def _walk(self, values: Floats, target: Floats) -> Floats:
        """The width over which a set's sum can move from these values without changing any published sum."""
        conditions = np.vstack([self.inside, target])
        weighted = conditions * self.sizes**2
        wanted = np.zeros(len(conditions))
        wanted[-1] = 1.0
        direction = weighted.T @ (self._inverse_with(target) @ wanted)
        if not np.allclose(conditions @ direction, wanted, atol=1e-7):
            return np.zeros(len(values))
        up, down = self.sizes - values, values
        with np.errstate(divide="ignore", invalid="ignore"):
            forward = np.where(direction > 1e-9, up / direction, np.where(direction < -1e-9, down / -direction, np.inf))
            back = np.where(direction > 1e-9, down / direction, np.where(direction < -1e-9, up / -direction, np.inf))
        return np.asarray(np.maximum(forward.min(axis=1), 0) + np.maximum(back.min(axis=1), 0))

    def _inverse_with(self, target: Floats) -> Floats:
        conditions = np.vstack([self.inside, target])
        return np.asarray(np.linalg.pinv((conditions * self.sizes**2) @ conditions.T, rcond=1e-10))

    def _enough(self, published: PublishedBounds, target: Floats, set_range: float) -> float:
        """A continuous width that is certainly sufficient in whole steps too."""
        needed = self._needed(published, target, set_range)
        return needed + (_ROUNDING / published.steps if published.steps else 0.0) - _SAME

    def _ranges(self, asked: Sequence[tuple[PublishedBounds, Floats]]) -> list[_Range]:
        """The ranges of sums, for figures with a consistent solution; solved in blocks, not one by one."""
        blocks = [asked[start : start + _BLOCKS] for start in range(0, len(asked), _BLOCKS)]
        return [found for block in blocks for found in self._ranges_of_block(block)]

    def _ranges_of_block(self, block: Sequence[tuple[PublishedBounds, Floats]]) -> list[_Range]:
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import identity, kron

        count = 2 * len(block)
        ends = [np.concatenate([getattr(published, end) for published, _ in block] * 2) for end in ("low", "high")]
        directions = np.array([target for _, target in block] + [-target for _, target in block])
        solved = milp(
            directions.ravel(),
            constraints=LinearConstraint(kron(identity(count), self.inside, format="csr"), *ends),
            bounds=Bounds(0, np.tile(self.sizes, count)),
            options=_SOLVER,
        )
        if solved.x is None:
            everybody = [_Range(0.0, float(target @ self.sizes)) for _, target in block]
            return [self._range(*pair) or whole for pair, whole in zip(block, everybody, strict=True)]
        values = solved.x.reshape(directions.shape)
        reached = (values * directions).sum(axis=1)
        in_steps = values * np.array([published.steps or np.nan for published, _ in block] * 2)[:, None]
        whole = (abs(in_steps - np.round(in_steps)) < _SAME).all(axis=1)
        return [
            _Range(float(reached[place]), float(-reached[end]), bool(whole[place] and whole[end]))
            for place, end in enumerate(range(len(block), count))
        ]

    def _range(self, published: PublishedBounds, target: Floats, steps: int | None = None) -> _Range | None:
        """The range of the sum over a set, in whole steps if given; None when there is no consistent solution."""
        low, high = (self._end(published, sign * target, steps) for sign in (1, -1))
        return None if low is None or high is None else _Range(low, -high)

    def _end(self, published: PublishedBounds, direction: Floats, steps: int | None) -> float | None:
        from scipy.optimize import Bounds, LinearConstraint, milp

        unit = steps or 1
        limits: list[Any] = []
        if len(self.inside):
            bounds = published.in_whole_steps() if steps else published
            limits = [LinearConstraint(self.inside, bounds.low * unit, bounds.high * unit)]
        solved = milp(
            direction,
            constraints=limits,
            bounds=Bounds(0, self.sizes * unit),
            integrality=np.full(len(self.sizes), 1 if steps else 0),
        )
        return float(solved.fun) / unit if solved.success else None


def in_units(low: Sequence[float], high: Sequence[float], most: float, steps: int | None) -> PublishedBounds:
    """Published bounds on sums, in units of one person's maximum."""
    return PublishedBounds(np.array(low) / most, np.array(high) / most, steps)
