"""Describes a printed figure in one paragraph: what it is, of whom, of how many, how rounded, and what is withheld."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]
_TABLES = {
    "scale_levels": "its level",
    "motive_mix": "its share in the mix",
    "changes": "its change",
    "response_rates": "how many answered",
    "diversity": "how members differ",
    "orientations": "how many members take part for themselves or for others",
    "dominant_motives": "how many members have which strongest motive",
}
_REASONS = {
    "too_few": "too few people answered",
    "protects_people": "it would reveal what individual people answered",
    "unreliable_scale": "the questions about it are too weakly related",
}


@dataclass(frozen=True)
class Figure:
    """A reference with its released rows by table; `step` is the rounding step of the group's means."""

    reference: str
    period: str
    unit_type: str
    name: str
    label: str
    step: float
    rows: Mapping[str, Sequence[Row]]

    def first(self, table: str) -> Row:
        """The row of a table that is not withheld; empty when there is none."""
        shown = (row for row in self.rows.get(table, ()) if not row.get("withheld_because"))
        return next(shown, {})


def in_words(figure: Figure) -> str:
    """The explanation as one paragraph."""
    return " ".join((*(_of_scale(figure) if figure.label else _of_unit(figure)), *_withheld(figure)))


def _of_scale(figure: Figure) -> Iterator[str]:
    level, change = figure.first("scale_levels"), figure.first("changes")
    yield (
        f"{figure.reference} is the mean score for ‘{figure.label}’ in the {figure.unit_type} {figure.name} in"
        f" {figure.period}: {level['mean']:g} on a scale from 0 (every answer the lowest) to 100 (the highest)."
    )
    yield from _whose(level)
    yield from _how_rounded(figure)
    if level["ci_low"] is None:
        yield "There are too few answers to say between which limits the mean of all members lies."
    else:
        yield f"The mean of all members very likely lies between {level['ci_low']:g} and {level['ci_high']:g}."
    yield from _carried(level)
    if change.get("mean_then") is not None:
        verdict = "a change that is more than chance" if change["is_change"] else "a difference that may be chance"
        yield f"In {change['compared_with']} it was {change['mean_then']:g}, {verdict}."


def _of_unit(figure: Figure) -> Iterator[str]:
    rate, diversity = figure.first("response_rates"), figure.first("diversity")
    yield f"{figure.reference} is the reference of the {figure.unit_type} {figure.name} as a group in {figure.period}."
    if rate:
        yield from _whose(rate)
    if rate.get("response_rate") is not None:
        yield f"That is {rate['response_rate']:.0%} of the {rate['members']} members on the register."
    if diversity.get("motives_in_play") is not None:
        yield f"A typical member has {diversity['motives_in_play']:g} motives in play."
    yield from _how_rounded(figure)
    yield from _carried(rate or diversity)


def _whose(row: Row) -> Iterator[str]:
    people = row["respondents"] if row["respondents"] is not None else row["respondents_band"]
    if people is not None:
        yield f"It is based on {people} members who answered."
    if row.get("covered_share") is not None and row["covered_share"] < 1:
        yield f"It speaks for {row['covered_share']:.0%} of the members on the register."
    if row.get("computed_over"):
        yield f"It is based on one collective only, {row['computed_over']}."


def _how_rounded(figure: Figure) -> Iterator[str]:
    if figure.unit_type == "collective":
        points = "half a point" if figure.step == 0.5 else f"{figure.step:g} points"
        yield (
            f"Scores of a group of this size are rounded to {points}, so that nobody can work out the answers of one"
            " person."
        )
    else:
        yield (
            "It is put together from the rounded figures of the collectives, weighted by number of members, so it is no"
            " more exact than they are."
        )


def _carried(row: Row) -> Iterator[str]:
    if row.get("figures_of"):
        yield (
            f"It is the figure of {row['figures_of']}, carried forward: since then so few people came, went or changed"
            " an answer that a new figure would reveal what they answered."
        )


def _withheld(figure: Figure) -> Iterator[str]:
    """Which tables are withheld, and why."""
    for table, rows in figure.rows.items():
        reasons = sorted({row["withheld_because"] for row in rows if row.get("withheld_because")})
        if reasons and not figure.first(table):
            why = ", and ".join(_REASONS.get(reason, reason) for reason in reasons)
            yield f"Withheld is {_TABLES.get(table, table)}: {why}."
