"""Profiles: types of motive mixes in the programme, fitted once and frozen, so that months are comparable.

Found by k-means (Lloyd, 1982; k-means++ starts: Arthur and Vassilvitskii, 2007) on the standardised relative
importances of the respondents of one window; later months only assign the nearest profile.
"""

import json
import warnings
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from flows import warehouse
from flows.foundation.atomic_files import created
from flows.programme.policy import PROFILE_SHARE_FROM, PROFILE_STABILITY_WARN, PROFILES_FROM

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
MOST_PROFILES = 6
# More respondents would take longer without changing the published digits of a centroid.
SAMPLE = 5_000
_STARTS = 10
_ROUNDS = 20
_BOOTSTRAPS = 25
# A motive is part of the name of a profile from half a standard deviation above the average respondent.
_NAMED_FROM = 0.5
_MOST_NAMED = 2
_POOLED = """
    select count(*) from mixes.motive_scores
"""
_SAMPLE = """
    select relative_importances from mixes.motive_scores where response % $step = 0 order by response
"""
_INSTRUMENT = "select instrument, instrument_version, period from reference.run"
_MOTIVES = "select scale from measurement.motives_in_mix order by position"


@dataclass(frozen=True)
class Profiles:
    """A frozen typology: `centroids` (profiles x motives) in standard deviations of the relative importances.

    `means` and `sds` of the relative importances, in POMP points, standardise a respondent. `silhouette` (-1 to 1) says
    how well separated the profiles are, `stability` (adjusted Rand index over bootstraps, 1 = always the same) how
    reproducible they are.
    """

    version: int
    instrument: str
    instrument_version: str
    fitted_on: str
    respondents: int
    motives: tuple[str, ...]
    means: tuple[float, ...]
    sds: tuple[float, ...]
    names: tuple[str, ...]
    centroids: tuple[tuple[float, ...], ...]
    silhouette: float
    stability: float


def fill_profile_centroids(connection: warehouse.Connection, folder: Path, refit: bool = False) -> None:
    """Fill the frozen profiles that fit this month's motives; fits new ones if there are none, or with `refit`.

    No rows below 300 pooled respondents, or if the frozen profiles are for other motives or another instrument.
    """
    instrument, instrument_version, period = connection.execute(_INSTRUMENT).fetchone() or ("", "", "")
    motives = tuple(row[0] for row in connection.execute(_MOTIVES).fetchall())
    found = newest(folder)
    if found is None or refit:
        pooled = int(warehouse.one(connection, _POOLED))
        if pooled >= PROFILES_FROM and (fitted := fit(_sample(connection, pooled), motives)):
            version = found.version + 1 if found else 1
            found = Profiles(version, instrument, instrument_version, period, pooled, motives, **fitted)
            _freeze(found, folder)
    if found and (found.instrument, found.instrument_version, found.motives) == (
        instrument,
        instrument_version,
        motives,
    ):
        warehouse.append(connection, "mixes.profile_centroids", _rows(found))


def _sample(connection: warehouse.Connection, pooled: int) -> Floats:
    step = -(-pooled // SAMPLE)
    rows = connection.execute(_SAMPLE, {"step": step}).fetchnumpy()["relative_importances"]
    return np.stack(list(rows)).astype(float)


def newest(folder: Path) -> Profiles | None:
    """The most recently frozen profiles, or None."""
    versions = sorted(folder.glob("v*.json"), key=lambda path: int(path.stem[1:]))
    if not versions:
        return None
    document = json.loads(versions[-1].read_text(encoding="utf-8"))
    tuples = {name: tuple(document[name]) for name in ("motives", "means", "sds", "names")}
    return Profiles(**{**document, **tuples, "centroids": tuple(map(tuple, document["centroids"]))})


def _freeze(profiles: Profiles, folder: Path) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"v{profiles.version}.json"
    with created(path) as file:
        file.write(json.dumps(asdict(profiles), ensure_ascii=False, indent=2).encode())


def _rows(profiles: Profiles) -> list[dict[str, Any]]:
    return [
        {
            "version": profiles.version,
            "stability": profiles.stability,
            "position": position,
            "profile": name,
            "centroid": list(centroid),
            "means": list(profiles.means),
            "sds": list(profiles.sds),
        }
        for position, (name, centroid) in enumerate(zip(profiles.names, profiles.centroids, strict=True), start=1)
    ]


def fit(importances: Floats, motives: Sequence[str]) -> dict[str, Any] | None:
    """Profiles of respondents (rows) by their relative importances (columns: motives, POMP points).

    The number of profiles, 2 to 6, has the highest simplified silhouette (Hruschka, Campello and de Castro, 2004) among
    the stable solutions in which each profile has at least a tenth of the respondents; if none is stable, the most
    stable solution is used. None when every solution has a smaller profile, or a motive has the same importance for
    everybody.
    """
    means, sds = importances.mean(axis=0), importances.std(axis=0, ddof=1)
    if not np.all(sds > 1e-9):
        return None
    points = (importances - means) / sds
    candidates = [_kmeans(points, count, _STARTS) for count in range(2, MOST_PROFILES + 1)]
    balanced = [centroids for centroids in candidates if _least_share(points, centroids) >= PROFILE_SHARE_FROM]
    if not balanced:
        return None
    stabilities = [stability(points, centroids) for centroids in balanced]
    stable = [entry for entry, found in zip(balanced, stabilities, strict=True) if found >= PROFILE_STABILITY_WARN]
    centroids = (
        max(stable, key=lambda centroids: silhouette(points, centroids))
        if stable
        else balanced[int(np.argmax(stabilities))]
    )
    sizes = np.bincount(nearest(points, centroids), minlength=len(centroids))
    centroids = centroids[np.argsort(-sizes, kind="stable")]
    return {
        "means": tuple(map(float, means)),
        "sds": tuple(map(float, sds)),
        "names": tuple(_names(centroids, motives)),
        "centroids": tuple(tuple(map(float, centroid)) for centroid in centroids),
        "silhouette": silhouette(points, centroids),
        "stability": max(stabilities) if not stable else stability(points, centroids),
    }


def _kmeans(points: Floats, count: int, starts: int) -> Floats:
    """The best of several starts with fixed seeds, so that the same answers give the same profiles."""
    from scipy.cluster.vq import kmeans2

    with warnings.catch_warnings():
        # SciPy warns of empty clusters; such a start is never the best one.
        warnings.simplefilter("ignore", UserWarning)
        fits = [kmeans2(points, count, iter=_ROUNDS, minit="++", rng=seed)[0] for seed in range(starts)]
    return min(fits, key=lambda centroids: float(_distances(points, centroids).min(axis=1).sum()))


def _distances(points: Floats, centroids: Floats) -> Floats:
    return np.asarray(((points[:, None, :] - centroids[None, :, :]) ** 2).sum(axis=2))


def nearest(points: Floats, centroids: Floats) -> Integers:
    """The index of the nearest centroid for each point; the first one on a tie."""
    return np.asarray(_distances(points, centroids).argmin(axis=1), dtype=np.int64)


def _least_share(points: Floats, centroids: Floats) -> float:
    return float(np.bincount(nearest(points, centroids), minlength=len(centroids)).min() / len(points))


def silhouette(points: Floats, centroids: Floats) -> float:
    """Mean of (b - a) / max(a, b), a and b being the distances to the nearest and the second nearest centroid."""
    distances = np.sqrt(np.sort(_distances(points, centroids), axis=1)[:, :2])
    own, other = distances[:, 0], distances[:, 1]
    return float(np.mean(np.divide(other - own, other, out=np.zeros_like(own), where=other > 0)))


def stability(points: Floats, centroids: Floats) -> float:
    """Mean adjusted Rand index between the profiles and those fitted to bootstrap samples, over all respondents."""
    chance = np.random.default_rng(0)
    reference = nearest(points, centroids)
    indices = []
    for _ in range(_BOOTSTRAPS):
        drawn = points[chance.integers(0, len(points), len(points))]
        indices.append(adjusted_rand_index(reference, nearest(points, _kmeans(drawn, len(centroids), 2))))
    return float(np.mean(indices))


def adjusted_rand_index(first: Integers, second: Integers) -> float:
    """Agreement of two partitions beyond chance: 1 when identical, around 0 by chance (Hubert and Arabie, 1985).

    1 for two partitions that both have a single class.
    """
    table = np.zeros((first.max() + 1, second.max() + 1))
    np.add.at(table, (first, second), 1)

    def pairs(counts: Floats) -> float:
        return float((counts * (counts - 1) / 2).sum())

    both, rows, columns = pairs(table), pairs(table.sum(axis=1)), pairs(table.sum(axis=0))
    expected = rows * columns / pairs(np.array([float(len(first))]))
    most = (rows + columns) / 2
    return 1.0 if most == expected else (both - expected) / (most - expected)


def _names(centroids: Floats, motives: Sequence[str]) -> list[str]:
    """Name profiles by their outstanding motives, highest first, or ``even``; duplicate names get a number."""
    names: list[str] = []
    for centroid in centroids:
        order = [place for place in np.argsort(-centroid, kind="stable") if centroid[place] >= _NAMED_FROM]
        name = "+".join(motives[place] for place in order[:_MOST_NAMED]) or "even"
        names.append(name if name not in names else f"{name}-{1 + sum(n.startswith(name) for n in names)}")
    return names
