"""Names that occur twice, or nearly so, under different ids."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from flows.foundation.messages import printable
from flows.foundation.text_comparison import differ_in_number, same_text

# Of 100; "Gemeente Ede" and "Gemeente Epe" are below, a missing letter in a name of that length is above.
_ALIKE_FROM = 92
# Each is compared with all others: a thousand names are half a million comparisons, which take a second.
MOST_COMPARED = 1_000


def same_names(noun: str, names: Mapping[str, str]) -> Iterator[str]:
    """Sentences about one name under several ids; `names` has the name by id, and `noun` is what they name."""
    for ids in _by_text(names).values():
        if len(ids) > 1:
            yield f"{noun} {_listed(ids)} have the same name, '{printable(names[ids[0]])}'."


def alike_names(noun: str, names: Mapping[str, str], group: str = "") -> Iterator[str]:
    """Sentences about names that are nearly the same; `group` says where in the register they stand."""
    by_text = _by_text(names)
    if len(by_text) > MOST_COMPARED:
        yield f"{noun}{group}: more than {MOST_COMPARED:,} names, so they were not compared for likeness."
        return
    for one, other in _alike(by_text):
        first, second = by_text[one][0], by_text[other][0]
        yield (
            f"{noun} {_listed((first, second))}{group} have names that are alike:"
            f" '{printable(names[first])}' and '{printable(names[second])}'."
        )


def _by_text(names: Mapping[str, str]) -> dict[str, list[str]]:
    ids: dict[str, list[str]] = {}
    for identifier, name in names.items():
        ids.setdefault(same_text(name), []).append(identifier)
    return ids


def _alike(texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    from rapidfuzz import fuzz

    for one, other in combinations(texts, 2):
        is_near = fuzz.ratio(one, other, score_cutoff=_ALIKE_FROM) > 0
        if is_near and not differ_in_number(one, other) and not _differ_in_a_letter(one, other):
            yield one, other


def _differ_in_a_letter(one: str, other: str) -> bool:
    """Whether names differ in words of one letter only: group A and group B are two groups."""
    words, others = one.split(), other.split()
    if len(words) != len(others):
        return False
    return all(len(word) == len(also) == 1 for word, also in zip(words, others, strict=True) if word != also)


def _listed(ids: Iterable[str]) -> str:
    return " and ".join(f"'{identifier}'" for identifier in ids)
