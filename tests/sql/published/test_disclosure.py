"""The small-group rules, one below, on and one above each threshold."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows import warehouse
from tests import programmes
from tests.selection import ordinarily

LEVEL = (
    "select mean, ci_low, bound_low, sd, respondents, respondents_band, withheld_because from published.scale_levels"
)


# One below, on and one above each threshold, and enough for distributions.
SIZES = (4, 5, 9, 10, 19, 20, 29, 30, 38)


def _alone(folder, members: dict[str, tuple[str, int]]) -> programmes.TestProgramme:
    """Collectives, each alone in an organisation of its own, by how many members they have and how many answered."""
    made = programmes.make(folder / "programme")
    made.register(
        [{"organisation_id": f"of-{name}", "name": name, "language": "nl"} for name in members],
        [
            {**programmes.COLLECTIVES[0], "collective_id": name, "organisation_id": f"of-{name}", "members": known}
            for name, (known, _) in members.items()
        ],
    )
    programmes.plain_source(made, programmes.ITEMS)
    made.export(
        "answers.csv",
        [
            programmes.answers(1000 * place + n, group=name, values=programmes.coherent(n))
            for place, (name, (_, count)) in enumerate(members.items(), start=1)
            for n in range(1, count + 1)
        ],
    )
    made.compute()
    return made


@pytest.fixture(scope="module")
def sizes(tmp_path_factory):
    """A collective of each size, named n4, n5 and so on."""
    return _alone(tmp_path_factory.mktemp("sizes"), {f"n{count}": ("40", count) for count in SIZES})


def _levels(sizes, count):
    found = sizes.query(LEVEL + " where unit_id = ? order by scale", f"n{count}")
    assert len(found) == len(programmes.INSTRUMENT.scales)
    return found


def _of(sizes, count, question):
    """A question about a collective and its organisation."""
    return sizes.query(f"{question} where unit_id in (?, ?)", f"n{count}", f"of-n{count}")


def test_of_four_answers_nothing_is_told(sizes):
    for mean, *rest, reason in _levels(sizes, 4):
        assert (mean, *rest) == (None, None, None, None, None, None)
        assert reason == "too_few"


@pytest.mark.parametrize("count", [5, 9])
def test_of_five_to_nine_only_levels_are_told(sizes, count):
    for mean, ci_low, bound_low, sd, respondents, band, _ in _levels(sizes, count):
        assert mean is not None
        assert (ci_low, bound_low, sd, respondents, band) == (None, None, None, None, "5–9")
    rate = "select response_rate from published.response_rates where unit_id = ?"
    assert sizes.query(rate, f"n{count}") == [(None,)]
    assert _of(sizes, count, "select count(mean_share) from published.motive_mix") == [(0,)]
    assert _of(sizes, count, "select count(motives_in_play) from published.diversity") == [(0,)]


def test_from_ten_on_everything_but_spread_and_counts_is_told(sizes):
    for mean, ci_low, bound_low, sd, respondents, band, reason in _levels(sizes, 10):
        assert None not in (mean, ci_low, bound_low)
        assert (sd, respondents, band, reason) == (None, 10, "10–19", None)
    assert _of(sizes, 10, "select count(count) from published.orientations") == [(0,)]


@pytest.mark.parametrize(("count", "is_shown"), [(19, False), (20, True)])
def test_people_are_counted_from_twenty_on(sizes, count, is_shown):
    reasons = {row[0] for row in _of(sizes, count, "select withheld_because from published.dominant_motives")}
    assert (reasons == {"too_few"}) is not is_shown
    reasons = {row[0] for row in _of(sizes, count, "select withheld_because from published.orientations")}
    assert ("too_few" in reasons) is not is_shown


@pytest.mark.parametrize(("count", "is_shown"), [(29, False), (30, True)])
def test_spread_is_told_from_thirty_on(sizes, count, is_shown):
    assert all((row[3] is not None) is is_shown for row in _levels(sizes, count))


@pytest.mark.parametrize("apart", ordinarily([1, 0]))
def test_a_group_that_answers_alike_is_withheld_also_when_one_stands_apart(programme, apart):
    programmes.plain_source(programme, programmes.ITEMS)
    rows = [programmes.answers(n, values=[4] * 32) for n in range(1, 12 - apart)]
    rows += [programmes.answers(20 + n, values=[2] * 32) for n in range(apart)]
    programme.export("answers.csv", rows)
    programme.compute()
    assert programme.query("select distinct mean, withheld_because from published.scale_levels") == [
        (None, "protects_people")
    ]
    assert programme.query("select count(mean_share) from published.motive_mix") == [(0,)]
    assert programme.query("select count(motives_in_play) from published.diversity") == [(0,)]


def test_no_class_of_a_published_distribution_has_one_to_four_people(sizes):
    for table in ("orientations", "dominant_motives"):
        counts = [row[0] for row in sizes.query(f"select count from published.{table} where count is not null")]
        assert counts
        assert all(count == 0 or count >= 5 for count in counts)


def test_a_scale_that_does_not_measure_is_withheld_from_all_and_leaves_the_mix(programme):
    programmes.plain_source(programme, programmes.ITEMS)
    programme.export("answers.csv", [programmes.answers(n, values=programmes.scattered(n)) for n in range(1, 37)])
    programme.compute()
    rows = programme.query("select scale, alpha_high, is_reliable from statistics.reliability")
    # Only where even the upper end of Feldt's interval lies below: a low estimate may be chance.
    weak = {scale for scale, alpha_high, _ in rows if alpha_high < 0.6}
    assert weak, "the made-up answers should hold a scale that does not hang together"
    assert weak == {scale for scale, _, reliable in rows if not reliable}
    withheld = programme.query(
        "select distinct scale from published.scale_levels where withheld_because = 'unreliable_scale'"
    )
    assert {scale for (scale,) in withheld} == weak
    in_mix = programme.query("select distinct scale from published.motive_mix where mean_share is not null")
    assert not weak & {scale for (scale,) in in_mix}


def test_a_total_of_less_than_ten_is_told_over_its_one_shown_collective(programme):
    watch, park = programmes.COLLECTIVES[0], {**programmes.COLLECTIVES[0], "collective_id": "park"}
    programme.register(collectives=[watch, park])
    programmes.plain_source(programme, programmes.ITEMS)
    rows = [programmes.answers(n, group="watch") for n in range(1, 7)]
    rows += [programmes.answers(n, group="park") for n in range(7, 10)]
    programme.export("answers.csv", rows)
    programme.compute()
    levels = {
        unit: programme.query(
            "select scale, mean, respondents, withheld_because, computed_over from published.scale_levels"
            " where unit_id = ? order by scale",
            unit,
        )
        for unit in ("watch", "park", "town", "programme")
    }
    assert {row[1:] for row in levels["park"]} == {(None, None, "too_few", None)}
    assert all(mean is not None for _, mean, *_ in levels["watch"])
    over_watch = [(*row[:4], "watch") for row in levels["watch"]]
    assert levels["town"] == over_watch
    assert levels["programme"] == over_watch


def test_published_shares_add_up_to_one(sizes):
    sums = sizes.query(
        "select sum(mean_share), sum(centre_share) from published.motive_mix where mean_share is not null"
        " group by unit_type, unit_id"
    )
    assert len(sums) > 12
    assert all(total == pytest.approx(1, abs=1e-9) for row in sums for total in row)


@pytest.fixture(scope="module")
def macros():
    with warehouse.opened(None) as connection:
        warehouse.load_macros(connection)
        yield connection


@settings(deadline=None, max_examples=80)
@given(n=st.integers(5, 400), mean=st.floats(0, 100))
def test_a_rounded_mean_leaves_half_of_the_scale_open_for_any_one_person(macros, n, mean):
    step, rounded, low, high = macros.execute(
        "select level_step($n), rounded_to($m, level_step($n)), rounded_down($m, level_step($n)),"
        " rounded_up($m, level_step($n))",
        {"n": n, "m": mean},
    ).fetchone()
    assert step == 10 or (2 * n + 1) * step >= 100
    assert abs(rounded - mean) <= step / 2 + 1e-6
    assert low - 1e-6 <= mean <= high + 1e-6


@pytest.fixture(scope="module")
def twelve_of(tmp_path_factory):
    """Collectives in which twelve answered of 13, 20 and 60 members."""
    return _alone(tmp_path_factory.mktemp("twelve"), {f"of{known}": (str(known), 12) for known in (13, 20, 60)})


@pytest.mark.parametrize("members", [13, 20, 60])
def test_the_bounds_hold_whatever_was_rounded_and_no_interval_ends_beyond_them(twelve_of, members):
    levels = twelve_of.query(
        "select shown.bound_low, exact.bound_low, exact.bound_high, shown.bound_high, shown.ci_low, shown.mean,"
        " shown.ci_high from published.scale_levels as shown inner join statistics.scale_levels as exact"
        " using (unit_type, unit_id, scale) where shown.mean is not null and shown.unit_id = ?",
        f"of{members}",
    )
    assert len(levels) == len(programmes.INSTRUMENT.scales)
    for lowest, exact_lowest, exact_highest, highest, low, mean, high in levels:
        assert lowest <= exact_lowest <= exact_highest <= highest
        assert lowest <= low <= mean <= high <= highest


def test_what_nobody_knows_is_null_and_never_0_or_100(programme):
    programme.register(collectives=[{**programmes.COLLECTIVES[0], "members": ""}])
    programmes.with_answers(programme, 24).compute()
    bounds = programme.query("select distinct bound_low, bound_high from published.scale_levels")
    assert bounds == [(None, None)]
    # With one collective nothing lies between collectives: that is unknown, not 0.
    assert programme.query("select distinct icc1, icc2 from statistics.reliability") == [(None, None)]


@pytest.mark.slow
def test_a_single_item_has_no_reliability_and_decides_nothing(tmp_path):
    made = programmes.make(tmp_path / "programme", instrument="single.yaml")
    (made.root / "single.yaml").write_text(
        'instrument: single\nversion: "1"\ntitle: {en: Single}\n'
        "response_scales:\n  five:\n    values:\n"
        + "".join(f'      {v}: {{en: ["p{v}"]}}\n' for v in range(1, 6))
        + "scales:\n  mine: {kind: motive, orientation: self, label: {en: Mine}, items: [a]}\n"
        "  ours: {kind: motive, orientation: community, label: {en: Ours}, items: [b]}\n"
        "items:\n  a: {text: {en: a}, response_scale: five}\n  b: {text: {en: b}, response_scale: five}\n"
    )
    programmes.plain_source(made, ["a", "b"])
    rows = [programmes.answers(n, values=[1 + n % 5, 5 - n % 3], items=["a", "b"]) for n in range(1, 41)]
    made.export("answers.csv", rows)
    made.compute()
    assert made.query(
        "select distinct coefficient, estimate, standard_error, is_reliable from statistics.reliability"
    ) == [("none", None, None, True)]
    assert made.query("select count(mean) > 0 from published.scale_levels") == [(True,)]
    assert made.query("select distinct dominant_motive from mixes.dominant_motives") == [("mixed",)]
    assert made.query("select count(*) from published.orientations") == [(0,)]


@pytest.mark.parametrize(
    ("people", "levels_from", "full_from", "band"),
    [
        (4, 5, 10, None), (5, 5, 10, "5–9"), (9, 5, 10, "5–9"), (10, 5, 10, "10–19"), (20, 5, 10, "20–29"),
        (6, 7, 12, None), (7, 7, 12, "7–11"), (11, 7, 12, "7–11"), (12, 7, 12, "12–19"), (20, 7, 12, "20–29"),
        (14, 5, 15, "5–14"), (15, 5, 15, "15–19"), (9, 10, 10, None), (10, 10, 10, "10–19"), (20, 10, 20, "20–29"),
    ],
)  # fmt: skip
def test_bands_of_respondents_start_at_the_thresholds(people, levels_from, full_from, band):
    with warehouse.opened(None) as connection:
        warehouse.load_macros(connection)
        query = "select people_band(?::bigint, ?::integer, ?::integer)"
        assert warehouse.one(connection, query, [people, levels_from, full_from]) == band


def test_a_raised_threshold_reaches_every_band_and_number(tmp_path):
    programme = programmes.make(tmp_path / "programme", "[disclosure]\nfull_from = 15\n")
    programmes.with_answers(programme, 12).compute()
    levels = programme.query(LEVEL + " where unit_type = 'collective'")
    assert levels
    for mean, ci_low, bound_low, sd, respondents, band, _ in levels:
        assert mean is not None
        assert (ci_low, bound_low, sd, respondents, band) == (None, None, None, None, "5–14")
    for table in ("response_rates", "diversity"):
        assert programme.query(
            f"select distinct respondents, respondents_band from published.{table} where unit_type = 'collective'"
        ) == [(None, "5–14")]
    assert programme.query("select distinct respondents_band from published.reliability") == [("5–14",)]


@pytest.mark.slow
def test_the_threshold_of_levels_can_be_raised(tmp_path):
    higher = programmes.make(tmp_path / "higher", "[disclosure]\nlevels_from = 8\n")
    programmes.with_answers(higher, 7).compute()
    assert higher.query(
        "select distinct withheld_because from published.scale_levels where unit_type = 'collective'"
    ) == [("too_few",)]


def test_no_threshold_can_be_lowered(programme):
    from flows.foundation.errors import UserError

    (programme.root / "motiefmix.toml").write_text('name = "Test"\n[disclosure]\nlevels_from = 4\n')
    with pytest.raises(UserError, match=r"line 3, field disclosure.levels_from: must be at least 5"):
        assert programme.settings
