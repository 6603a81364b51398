"""Every column that analysts get is either attacked, or arithmetic on what is, or says nothing of answers.

A new column fails here until somebody has decided which.
"""

import pytest

from tests import programmes

# What the attacker reads, as equations over people (attacker.py), and the audit (sql/handed_out/).
ATTACKED = {
    "scale_levels.mean", "motive_mix.mean_share", "diversity.entropy_within", "orientations.count",
    "dominant_motives.count", "profiles.count", "rest_groups.number",
}  # fmt: skip
# Follows from attacked columns and from numbers of people alone; the tests named show it.
ARITHMETIC = {
    # test_the_bounds_hold_whatever_was_rounded, test_totals
    "scale_levels": {"bound_low", "bound_high", "shrunken_mean", "reliability", "covered_collectives",
                     "covered_share", "computed_over"},
    "motive_mix": {"relative_importance"},
    "diversity": {"motives_in_play", "entropy_total", "entropy_between", "entropy_between_groups", "evenness_within",
                  "between_share", "balance", "blau"},
    "orientations": {"share", "share_low", "share_high", "covered_share"},
    "dominant_motives": {"share", "share_low", "share_high", "covered_share"},
    "profiles": {"share"},
    "changes": {"mean_then", "difference"},
    "benchmarks": {"compared_value", "peers", "p25", "median", "p75", "verdict"},
}  # fmt: skip
# Not linear in answers: how far they spread, from 10 or 30 people on and rounded to what the group can carry, and
# verdicts of one bit. Rules 2 and 4 settle what they may tell.
SPREAD = {
    "scale_levels": {"ci_low", "ci_high", "sd"},
    "motive_mix": {"centre_share"},
    "diversity": {"between_share_by_error", "members_differ", "balance_sd"},
    "changes": {"ci_low", "ci_high", "p_adjusted", "is_change"},
}
# About the whole programme: carried forward until ten people came, went or changed (test_carried_forward).
OF_PROGRAMME = {
    "reliability": {
        "coefficient", "estimate", "alpha", "alpha_low", "alpha_high", "omega", "icc1", "icc2", "is_reliable",
    },
    "item_statistics": {"item_mean", "item_sd", "missing_share", "item_rest_correlation", "loading"},
    "one_factor": {"chi_square", "degrees_of_freedom", "cfi", "rmsea", "srmr"},
    "agreement": {"collectives", "p25", "median", "p75"},
    "profiles": {"profiles_version", "stability"},
}  # fmt: skip
# Numbers of people, who they are, and what a row is about; who answered is no secret.
KEYS = {
    "period", "unit_type", "unit_id", "scale", "item", "orientation", "profile", "measure", "collective_id",
    "organisation_id", "table_name", "key", "figure", "respondents", "respondents_band", "members", "response_rate",
    "has_double_members", "counted_as", "state", "answers_short", "withheld_because", "figures_of", "compared_with",
    "respondents_both", "collectives",
}  # fmt: skip
NOT_OF_ANSWERS = {"organisations", "collectives", "scales", "source_versions", "about", "data_dictionary"}


@pytest.fixture(scope="module")
def columns(shared) -> set[tuple[str, str]]:
    made = shared("computed", 30)
    return set(made.query("select table_name, column_name from duckdb_columns() where schema_name = 'published'"))


def test_every_column_is_attacked_or_arithmetic_or_no_answer(columns):
    undecided = {
        f"{table}.{column}"
        for table, column in columns
        if table not in NOT_OF_ANSWERS
        and f"{table}.{column}" not in ATTACKED
        and column not in KEYS
        and not any(column in group.get(table, ()) for group in (ARITHMETIC, SPREAD, OF_PROGRAMME))
    }
    assert undecided == set()


def test_no_decision_is_about_a_column_that_is_gone(columns):
    named = {tuple(name.split(".")) for name in ATTACKED}
    for group in (ARITHMETIC, SPREAD, OF_PROGRAMME):
        named |= {(table, column) for table, inside in group.items() for column in inside}
    assert named <= columns


@pytest.fixture(scope="module")
def programme(tmp_path_factory) -> programmes.TestProgramme:
    """Two organisations with large and small collectives: everything is recomputed from what is published of them."""
    made = programmes.make(tmp_path_factory.mktemp("arithmetic") / "programme")
    sizes = {"town-a": 40, "town-b": 24, "town-c": 4, "town-d": 3, "city-a": 30, "city-b": 12}
    made.register(
        [{"organisation_id": name, "name": name, "language": "nl"} for name in ("town", "city")],
        [
            {
                "collective_id": name,
                "organisation_id": name[:4],
                "name": name,
                "type": "watch",
                "members": str(2 * size),
            }
            for name, size in sizes.items()
        ],
    )
    programmes.plain_source(made, programmes.ITEMS)
    rows = [
        programmes.answers(1000 * place + n, group=name)
        for place, (name, size) in enumerate(sizes.items())
        for n in range(size)
    ]
    made.export("answers.csv", rows)
    made.compute()
    return made


PARTS = """
    with parts as (
        select collectives.organisation_id, levels.scale, levels.mean as value, collectives.members
        from published.scale_levels as levels
        inner join published.collectives as collectives on levels.unit_id = collectives.collective_id
        where levels.unit_type = 'collective' and levels.mean is not null
        union all
        select rest.organisation_id, rest.key, rest.number, {members}
        from published.rest_groups as rest where rest.table_name = '{table}' and rest.figure = '{figure}'
    )
"""


def test_a_total_follows_from_published_levels_and_the_register(programme):
    """The rest group of the town has 14 members: those of its two collectives with three and four answers."""
    parts = PARTS.format(members=14, table="scale_levels", figure="mean")
    rows = programme.query(
        parts + "select totals.mean, sum(parts.value * parts.members) / sum(parts.members), totals.respondents"
        " from parts inner join published.scale_levels as totals"
        " on totals.unit_type = 'organisation' and totals.unit_id = parts.organisation_id"
        " and totals.scale = parts.scale group by totals.unit_id, totals.scale, totals.mean, totals.respondents"
    )
    assert len(rows) == 22
    for total_mean, mean, respondents in rows:
        step = next(step for step in (0.5, 1, 2.5, 5, 10) if (2 * respondents + 1) * step >= 100)
        assert abs(total_mean - mean) <= step / 2 + 1e-6


def test_the_partition_of_a_total_is_exact_on_published_numbers(programme):
    rows = programme.query(
        "select entropy_total, entropy_within, entropy_between, entropy_between_groups, exp(entropy_within),"
        " motives_in_play from published.diversity where entropy_total is not null"
    )
    assert rows
    for total, within, between, between_groups, effective, in_play in rows:
        assert total == pytest.approx(within + between, abs=1e-9)
        assert between_groups is None or -1e-4 <= between_groups <= between + 1e-4
        assert in_play == pytest.approx(effective, abs=0.051)


def test_counts_of_a_total_are_sums_of_published_ones(programme):
    rows = programme.query(
        "select totals.unit_id, totals.orientation, totals.count,"
        " (select sum(parts.count) from published.orientations as parts"
        "  inner join published.collectives as collectives on parts.unit_id = collectives.collective_id"
        "  where collectives.organisation_id = totals.unit_id and parts.orientation = totals.orientation)"
        " + coalesce((select sum(number) from published.rest_groups where organisation_id = totals.unit_id"
        "  and table_name = 'orientations' and key = totals.orientation), 0)"
        " from published.orientations as totals where totals.unit_type = 'organisation' and totals.count is not null"
    )
    for _, _, count, summed in rows:
        assert summed is None or count >= summed - 1e-9


def test_changing_the_answers_of_a_withheld_collective_changes_no_byte_of_the_others(tmp_path):
    """Four answered, alone in an organisation: nothing of them is told, so nothing that is told depends on them."""

    def published(values: list[int]) -> dict[str, list[tuple]]:
        made = programmes.make(tmp_path / str(values[0]))
        made.register(
            [{"organisation_id": name, "name": name, "language": "nl"} for name in ("town", "city")],
            [
                {"collective_id": name, "organisation_id": owner, "name": name, "type": "watch", "members": "40"}
                for name, owner in (("watch", "town"), ("few", "city"))
            ],
        )
        programmes.plain_source(made, programmes.ITEMS)
        rows = [programmes.answers(n) for n in range(30)]
        rows += [programmes.answers(100 + n, group="few", values=programmes.coherent(n)) for n in range(3)]
        made.export("answers.csv", [*rows, programmes.answers(200, group="few", values=values)])
        made.compute()
        return {
            table: made.query(f"select * from published.{table} where unit_type <> 'programme' order by all")
            for table in ("scale_levels", "motive_mix", "diversity", "response_rates")
        }

    first, second = published(programmes.coherent(7)), published([1 + value % 5 for value in programmes.coherent(7)])
    assert first == second
