"""An id is a person only while nothing contradicts it, and what a held file says helps."""

from random import Random

import pytest

from flows.foundation.contracts import Validated
from flows.foundation.errors import UserError
from flows.programme import decisions
from tests import programmes
from tests.selection import ordinarily


def _row(number: int, identity: int | str = "", **changes: object) -> dict[str, object]:
    values = Random(number).choices(range(1, 6), k=len(programmes.ITEMS))
    return programmes.answers(number, values=values, **{"id": identity or number, **changes})


def _export(programme, name: str, rows, **lines: str) -> None:
    programmes.plain_source(programme, programmes.ITEMS, **lines)
    programme.export(name, rows)


def _verdicts(validated: Validated) -> dict[str, str]:
    return {file.file_name: file.verdict for file in validated.files}


def _failed(validated: Validated, name: str) -> set[str]:
    [found] = [file for file in validated.files if file.file_name == name]
    return {check.check for check in found.failed_checks}


SEPTEMBER = [_row(number, submitted=f"2026-09-{number:02} 12:00:00") for number in range(1, 21)]


@pytest.mark.parametrize("respondent", ordinarily(["member", "none"]))
def test_ids_that_begin_anew_hold_their_file_until_it_has_a_series_of_its_own(programme, respondent):
    october = [_row(100 + n, identity=n, submitted=f"2026-10-{n:02} 12:00:00") for n in range(1, 11)]
    _export(programme, "september.csv", SEPTEMBER, respondent=respondent)
    programme.export("october.csv", october)
    validated = programme.validate()
    assert _verdicts(validated) == {"september.csv": "accepted", "october.csv": "held"}
    assert "ids_stay_with_their_people" in _failed(validated, "october.csv")
    later = [*october, _row(111, identity=11, submitted="2026-10-28 12:00:00")]
    programme.export("october-2.csv", later)
    assert _verdicts(programme.validate())["october-2.csv"] == "held"
    programmes.plain_source(programme, programmes.ITEMS, respondent=respondent, series='{again: "october*.csv"}')
    validated = programme.validate()
    assert (set(_verdicts(validated).values()), validated.accepted) == ({"accepted"}, 31)


@pytest.mark.slow
def test_who_mends_answers_stays_the_same_person(programme):
    mended = [
        {**row, "learning_1": 6 - int(row["learning_1"]), "submitted": "2026-10-02 12:00:00"} for row in SEPTEMBER
    ]
    _export(programme, "september.csv", SEPTEMBER, respondent="none")
    programme.export("october.csv", mended)
    validated = programme.validate()
    assert (set(_verdicts(validated).values()), validated.accepted) == ({"accepted"}, 20)


@pytest.mark.slow
def test_answers_that_were_imported_anew_under_other_ids_count_once_and_are_not_late(programme):
    _export(programme, "september.csv", SEPTEMBER, respondent="none")
    programme.pretend_release("2026-09")
    anew = [{**row, "id": 500 + place} for place, row in enumerate(reversed(SEPTEMBER))]
    programme.export("october.csv", [*anew, _row(30, submitted="2026-10-03 12:00:00")])
    validated = programme.validate()
    assert (validated.waiting, validated.accepted) == ((), 21)


@pytest.mark.slow
def test_answers_that_were_imported_anew_under_each_other_s_ids_hold_nothing(programme):
    _export(programme, "september.csv", SEPTEMBER, respondent="none")
    anew = [{**row, "id": identity} for identity, row in enumerate(reversed(SEPTEMBER), start=1)]
    programme.export("october.csv", [*anew, _row(30, submitted="2026-10-03 12:00:00")])
    validated = programme.validate()
    assert (set(_verdicts(validated).values()), validated.accepted) == ({"accepted"}, 21)


@pytest.mark.slow
def test_two_people_who_answer_alike_on_one_day_both_count_where_no_time_is_kept(programme):
    alike = {**SEPTEMBER[0], "submitted": "2026-10-05"}
    _export(programme, "first.csv", [{**alike, "id": 1}, {**_row(2), "submitted": "2026-10-01"}], respondent="none")
    programme.export("second.csv", [{**alike, "id": 3}, {**_row(4), "submitted": "2026-10-09"}])
    assert programme.validate().accepted == 4


def test_two_people_who_answer_alike_in_one_second_both_count(programme):
    alike = [{**SEPTEMBER[0], "id": number, "member": f"m{number}"} for number in (1, 2)]
    _export(programme, "september.csv", alike)
    programme.export("october.csv", [*alike, _row(3)])
    assert programme.validate().accepted == 3


@pytest.mark.slow
@pytest.mark.parametrize("column", ordinarily(["id", "member"]))
def test_rounded_ids_hold_their_file(programme, column):
    rows = [{**_row(number), column: "1,14512E+11"} for number in range(1, 9)]
    _export(programme, "answers.csv", rows)
    [unread] = programme.validate().unread
    assert "rounded" in unread.sentence
    programme.export("answers.csv", [{**row, column: 114512000000 + n} for n, row in enumerate(rows)])
    assert programme.validate().accepted == 8


def test_one_id_above_many_rows_holds_the_file_and_none_at_all_helps(programme):
    rows = [_row(number, identity=1 + number % 3) for number in range(1, 13)]
    _export(programme, "answers.csv", rows)
    assert "ids_mostly_unique" in _failed(programme.validate(), "answers.csv")
    programmes.plain_source(programme, programmes.ITEMS, response_id="none")
    assert programme.validate().accepted == 12


@pytest.mark.slow
def test_one_value_for_many_members_holds_the_file_and_no_member_at_all_helps(programme):
    rows = [_row(number, member="bestuur@wijk.nl") for number in range(1, 13)]
    _export(programme, "answers.csv", rows)
    assert "members_are_single_people" in _failed(programme.validate(), "answers.csv")
    programmes.plain_source(programme, programmes.ITEMS, respondent="none")
    assert programme.validate().accepted == 12


def test_who_answers_every_month_is_one_member(programme):
    rows = [
        _row(10 * month + person, member=f"m{person}", submitted=f"2026-{month:02}-05 12:00:00")
        for month in range(3, 11)
        for person in range(1, 5)
    ]
    _export(programme, "answers.csv", rows)
    validated = programme.validate()
    assert (_failed(validated, "answers.csv"), validated.accepted) == (set(), 4)


@pytest.mark.parametrize("nobody", ordinarily(["n.v.t.", "anonymous", "-", "geen idee", "?"]))
def test_placeholders_make_nobody_a_member_twice(programme, nobody):
    _export(programme, "answers.csv", [_row(number, member=nobody) for number in range(1, 13)])
    assert programme.validate().accepted == 12


CONSENT = "{column: consent, yes: [Ja], no: [Nee]}"


def _asked(number: int, consent: str, **changes: object) -> dict[str, object]:
    return {**_row(number, **changes), "consent": consent}


@pytest.mark.parametrize("other", ordinarily(["Ja, maar niet voor deze rapporten", "1", "Ja;Nee;", "Yes"]))
def test_an_unknown_answer_to_the_consent_question_holds_the_file_until_the_source_names_it(programme, other):
    rows = [_asked(number, other if number % 2 else "Ja") for number in range(1, 11)]
    _export(programme, "answers.csv", rows, consent=CONSENT)
    assert "consent_known" in _failed(programme.validate(), "answers.csv")
    named = f'{{column: consent, yes: [Ja], no: [Nee, "{other}"]}}'
    programmes.plain_source(programme, programmes.ITEMS, consent=named)
    assert programme.validate().accepted == 5


def test_a_source_without_a_no_is_read_and_asked_for_one(programme):
    rows = [_asked(number, "nee" if number == 1 else "Ja") for number in range(1, 6)]
    _export(programme, "answers.csv", rows, consent="{column: consent, yes: [Ja]}")
    validated = programme.validate()
    assert (_failed(validated, "answers.csv"), validated.accepted) == ({"consent_names_no"}, 4)
    programmes.plain_source(programme, programmes.ITEMS, consent=CONSENT)
    assert _failed(programme.validate(), "answers.csv") == set()


def test_a_text_cannot_mean_yes_and_no(programme):
    _export(programme, "answers.csv", [_asked(1, "Ja")], consent="{column: consent, yes: [Ja], no: [ja]}")
    with pytest.raises(UserError, match="cannot mean yes and no"):
        programme.validate()


def test_a_fall_of_consent_is_told(programme):
    september = [_asked(number, "Ja", submitted="2026-09-05 12:00:00") for number in range(1, 31)]
    october = [_asked(number, "Ja" if number % 2 else "Nee") for number in range(31, 43)]
    _export(programme, "september.csv", september, consent=CONSENT)
    programme.export("october.csv", [*september, *october])
    validated = programme.validate()
    assert "consent_steady" in _failed(validated, "october.csv")
    assert _failed(validated, "september.csv") == set()


def test_numbers_off_the_scale_refuse_their_response_and_not_the_file(programme):
    rows = [_row(number) for number in range(1, 41)]
    rows[3]["learning_1"], rows[7]["learning_2"] = "4,5", 9
    _export(programme, "answers.csv", rows)
    validated = programme.validate()
    assert (_failed(validated, "answers.csv"), validated.accepted) == ({"answers_in_range"}, 38)


@pytest.mark.slow
def test_many_numbers_off_the_scale_hold_the_file_for_it_may_be_another_scale(programme):
    rows = [{**_row(number), "learning_1": number % 4} for number in range(1, 41)]
    _export(programme, "answers.csv", rows)
    assert "answers_mostly_in_range" in _failed(programme.validate(), "answers.csv")


def _with_odd_rows(programme, odd: int) -> None:
    rows = [_asked(number, "Ja") for number in range(1, 41)]
    for row in rows[:odd]:
        row["learning_1"] = "gelezen"
    rows[-1]["consent"] = "misschien"
    _export(programme, "answers.csv", rows, consent=CONSENT)


@pytest.mark.slow
def test_a_few_unknown_answers_in_a_large_file_can_be_given_up_one_by_one(programme):
    _with_odd_rows(programme, 2)
    validated = programme.validate()
    assert (validated.accepted, [(entry.kind, entry.count) for entry in validated.waiting]) == (0, [("unknown", 3)])
    keys = programme.query("select series, answer_key from validated.waiting")
    made = [decisions.Decision("unknown", *key, "accept", "2026-11-02") for key in keys]
    decisions.add(programme.settings.folder.decisions, made)
    validated = programme.validate()
    assert (validated.accepted, validated.waiting) == (37, ())
    assert programme.query("select count(*) from validated.responses where reason = 'unknown_answer'") == [(3,)]


@pytest.mark.slow
def test_an_answer_that_stands_often_is_for_the_source_to_name(programme):
    _with_odd_rows(programme, 3)
    validated = programme.validate()
    assert (validated.accepted, validated.waiting) == (0, ())


NAMES = ("care", "park", "watch")


def _collectives(**members: object) -> list[dict[str, object]]:
    return [
        {**programmes.COLLECTIVES[0], "collective_id": name, "name": name.title(), "valid_until": "",
         "members": members.get(name, 40)}
        for name in NAMES
    ]  # fmt: skip


def _held(validated: Validated) -> set[tuple[str, str, int]]:
    return {(entry.name, entry.reason, entry.answers) for entry in validated.held_collectives}


def _shifted(programme, **moved: str) -> None:
    """Six members of each collective answer in September and in October, when codes have moved."""
    members = [(name, f"{name}-{number}") for name in NAMES for number in range(6)]
    rows = [
        _row(100 * month + place, member=member, group=name if month == 9 else moved.get(name, name),
             submitted=f"2026-{month:02}-12 12:00:00")
        for month in (9, 10)
        for place, (name, member) in enumerate(members)
    ]  # fmt: skip
    _export(programme, "answers.csv", rows)


def test_answers_under_another_collective_than_before_are_held_by_its_name(programme):
    programme.register(collectives=_collectives())
    _shifted(programme, care="park", park="watch")
    validated = programme.validate()
    moved = {("Park", "members_of_another", 12), ("Watch", "members_of_another", 12)}
    assert (_held(validated), validated.accepted) == (moved, 6)
    _shifted(programme)
    assert _held(programme.validate()) == set()


@pytest.mark.slow
def test_collectives_that_merge_keep_their_answers_when_the_register_ends_the_old_one(programme):
    programme.register(collectives=_collectives())
    _shifted(programme, care="park")
    assert {name for name, *_ in _held(programme.validate())} == {"Park"}
    ended = [{**row, "valid_until": "2026-09-30"} if row["collective_id"] == "care" else row for row in _collectives()]
    programme.register(collectives=ended)
    assert _held(programme.validate()) == set()


@pytest.mark.slow
def test_members_of_two_collectives_are_members_of_both(programme):
    programme.register(collectives=_collectives())
    rows = [
        _row(10 * number + place, member=f"m{number}", group=group, submitted=f"2026-10-{day:02} 12:00:00")
        for number in range(1, 7)
        for place, (group, day) in enumerate([("care", 1), ("park", 20), ("care", 25)])
    ]
    _export(programme, "answers.csv", rows)
    assert _held(programme.validate()) == set()


def test_more_answers_than_members_are_held_until_the_register_is_right(programme):
    programme.register(collectives=_collectives(watch=5))
    _export(programme, "answers.csv", [_row(number, group="watch") for number in range(1, 8)])
    assert _held(programme.validate()) == {("Watch", "more_than_members", 7)}
    programme.register(collectives=_collectives(watch=7))
    validated = programme.validate()
    assert (_held(validated), validated.accepted) == (set(), 7)


def test_more_answers_than_members_without_ids_only_warn_for_a_member_may_send_several(programme):
    programme.register(collectives=_collectives(watch=5))
    _export(programme, "answers.csv", [_row(number, group="watch") for number in range(1, 8)], respondent="none")
    validated = programme.validate()
    assert (validated.held_collectives, validated.accepted) == ((), 7)
    assert "not_more_answers_than_members" in {check.check for check in validated.failed_checks}


@pytest.mark.slow
def test_members_who_came_and_left_over_a_year_are_not_too_many(programme):
    programme.register(collectives=_collectives(watch=5))
    rows = [_row(number, group="watch", submitted=f"2026-{number + 2:02}-12 12:00:00") for number in range(1, 9)]
    _export(programme, "answers.csv", rows)
    validated = programme.validate()
    assert (_held(validated), validated.accepted) == (set(), 8)
