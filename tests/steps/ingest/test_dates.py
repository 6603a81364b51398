"""A response belongs to the day on which it was submitted in Amsterdam.

Date orders are proven or declared; so is the clock of the times, or the tool states it.
"""

import pytest

from flows.steps.ingest.dates import lack_zone, proven_order
from tests import programmes
from tests.selection import ordinarily
from tests.steps.ingest.exports import KOBOTOOLBOX, QUALTRICS, QUALTRICS_LEGACY, TYPEFORM, as_csv


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["2026-10-05 12:00:00", "2026-10-06"], "ymd"),
        (["2026/10/05 3:30:45 PM GMT+2"], "ymd"),
        (["9/13/2019 13:29:55", "1/2/2019 8:00:00"], "mdy"),
        (["13-9-2019 13:29", "1-2-2019 8:00"], "dmy"),
        (["5.10.2026", "31.10.2026"], "dmy"),
        (["10/13/26 12:00"], "mdy"),
        (["1/2/2019", "3/4/2019"], None),
        (["9/13/2019", "13/9/2019"], None),
        (["2026-10-05", "13/9/2019"], None),
        (["26-10-05"], None),
        (["Oct 5, 2026 3:30:45 PM"], None),
        (["", None, " "], "ymd"),
        ([], "ymd"),
        (["", "1/2/2019"], None),
    ],
)
def test_an_order_is_proven_by_the_file_or_not_at_all(texts, order):
    assert proven_order(texts) == order


def _google(programme, moments, date="{timezone: Europe/Amsterdam}"):
    source = f"tool: google_forms\nanswers: numbers\ndate: {date}\ncollective: {{from: constant, constant: watch}}"
    programme.source("form", source, {"learning_1": "Leren"})
    rows = [{"Tijdstempel": moment, "Leren": 1 + number % 5} for number, moment in enumerate(moments)]
    programme.export("answers.csv", rows)
    return programme.ingest()


def test_american_dates_under_dutch_headings_are_read_as_the_file_proves(programme):
    ingested = _google(programme, ["10/5/2026 13:29:55", "10/13/2026 8:00:00"])
    programme.validate(ingested=ingested)
    days = programme.query("select cast(submitted_on as varchar) from validated.submissions order by all")
    assert days == [("2026-10-05",), ("2026-10-13",)]


@pytest.mark.slow
def test_dates_that_prove_nothing_hold_the_file_until_the_source_declares_their_order(programme):
    moments = ["5-10-2026 13:29:55", "6-10-2026 8:00:00"]
    assert "do not show whether the day or the month comes first" in _google(programme, moments).unread[0].sentence
    programme.validate(ingested=_google(programme, moments, date="{order: dmy, timezone: Europe/Amsterdam}"))
    days = programme.query("select cast(submitted_on as varchar) from validated.submissions order by all")
    assert days == [("2026-10-05",), ("2026-10-06",)]


@pytest.mark.slow
def test_an_export_without_ids_replaces_the_one_before_as_a_whole(programme):
    _google(programme, ["2026-10-05 13:29:55", "2026-10-06 8:00:00"])
    programme.export("later.csv", [{"Tijdstempel": f"2026-10-{day:02d} 9:00:00", "Leren": 3} for day in (5, 7, 9)])
    programme.validate()
    verdicts = programme.query("select verdict, reason, count(*) from validated.responses group by all order by all")
    assert verdicts == [("accepted", None, 3), ("replaced", "newer_export", 2)]


MOMENTS = {
    # declared order, zone of the form: the text, and the moment in Amsterdam
    ("ymd", ""): {
        "2026-10-05": "2026-10-05 00:00:00",
        "2026-10-31T23:30:00Z": "2026-11-01 00:30:00",
        "2026-10-05 12:00:00 UTC": "2026-10-05 14:00:00",
        "2026-10-05T12:00:00+02:00": "2026-10-05 12:00:00",
        "2026-10-05T12:00:00-0700": "2026-10-05 21:00:00",
        "2026-10-05 12:00:00.123000+01:00": "2026-10-05 13:00:00",
        "2026/10/05 3:30:45 PM GMT+2": "2026-10-05 15:30:45",
        "2026/10/05 3:30:45\u202fPM GMT+2": "2026-10-05 15:30:45",
        "2026/10/05 12:05:00 AM CEST": "2026-10-05 00:05:00",
        "2026/12/05 3:30:45 p.m. CET": "2026-12-05 15:30:45",
        "2026/12/05 3:30:45 p.\u00a0m. CET": "2026-12-05 15:30:45",
        "2026/12/05 3:30:45 nachm. MEZ": "2026-12-05 15:30:45",
        # The clock is set back in the night of 25 October 2026; an instant is never ambiguous.
        "2026-10-25T00:30:00Z": "2026-10-25 02:30:00",
        "2026-10-25T01:30:00Z": "2026-10-25 02:30:00",
        "2026-02-30": None,
        # Eastern time of America or of Australia?
        "2026-10-05 12:00:00 EST": None,
        "05-10-2026": None,
        "soon": None,
        "": None,
    },
    ("ymd", "Europe/Amsterdam"): {
        "2026-10-05 12:34": "2026-10-05 12:34:00",
        "2026-10-05T12:34:56.789": "2026-10-05 12:34:56",
        "2026-10-05T12:00:00-0700": "2026-10-05 21:00:00",
        "2026-10-05 25:00:00": None,
        "2026-10-05 15:30 PM": None,
        "2026-10-05 12:00:00 EST": None,
        "": None,
    },
    ("dmy", ""): {
        "5-10-2026": "2026-10-05 00:00:00",
        "5.10.26": "2026-10-05 00:00:00",
        "5-10-2026 9:05 CEST": "2026-10-05 09:05:00",
        "10/31/2026": None,
        "5-10-1": None,
    },
    ("dmy", "Europe/Amsterdam"): {
        "5-10-2026 9:05": "2026-10-05 09:05:00",
        "05/10/2026 12.30.15": "2026-10-05 12:30:15",
        "5.10.26 9:05": "2026-10-05 09:05:00",
        # A workbook has true dates, whatever the form's text export looks like.
        "2026-10-05 12:00:00": "2026-10-05 12:00:00",
        "10/31/2026": None,
        "5-10-1": None,
    },
    # In Tokyo it is seven or eight hours later; a day without a time is the day that it says.
    ("ymd", "Asia/Tokyo"): {
        "2026-10-05": "2026-10-05 00:00:00",
        "2026-11-01": "2026-11-01 00:00:00",
        "2026-11-01 06:00": "2026-10-31 22:00:00",
        "2026-11-01 00:00:00": "2026-10-31 16:00:00",
        "2026-10-31T23:30:00Z": "2026-11-01 00:30:00",
    },
    ("mdy", "America/New_York"): {
        "10/05/2026 09:33:21 AM": "2026-10-05 15:33:21",
        "10/31/2026 8:00 PM": "2026-11-01 01:00:00",
        "10/05/26 23:59": "2026-10-06 05:59:00",
        "31/10/2026": None,
    },
}


def _plain(programme, moments, order="ymd", zone=""):
    rule = f"{{column: submitted, order: {order}{f', timezone: {zone}' if zone else ''}}}"
    programmes.plain_source(programme, ["learning_1"], date=rule)
    rows = [programmes.answers(1, submitted=text) | {"id": f"r{number:02d}"} for number, text in enumerate(moments)]
    programme.export("answers.csv", rows)
    return programme.ingest()


@pytest.mark.parametrize(("order", "zone"), ordinarily(MOMENTS, only=[("ymd", ""), ("mdy", "America/New_York")]))
def test_a_moment_is_told_on_the_clock_of_amsterdam(programme, order, zone):
    expected = MOMENTS[order, zone]
    programme.validate(ingested=_plain(programme, expected, order, zone))
    found = programme.query(
        "select responses.submitted, cast(date_trunc('second', submitted_at) as varchar)"
        " from raw.responses as responses inner join validated.submissions as submissions"
        " on responses.sha256 = submissions.sha256 and responses.row_number = submissions.row_number"
    )
    assert dict(found) == expected


BARE_TIMES = [
    "2026-10-05 12:34",
    "2026-10-05T12:34:56.789",
    "2026-10-05 12:34:56,789",
    "2026/10/05, 3:30:45 PM",
    "2026/12/05 3:30:45\u202fPM",
    "2026/12/05 3:30:45 p.\u00a0m.",
    "2026/12/05 3:30:45 nachm.",
    "5-10-2026 9:05",
    "05/10/2026 12.30.15",
    "5.10.26 9:05",
    " 5.10.26 9:05 ",
    "10/05/2026 09:33:21am",
    "2026-10-05 25:00:00",
    "2026-10-05 15:30 PM",
]
TIMES_WITH_A_ZONE = [
    "2026-10-05T12:00:00Z",
    "2026-10-05T12:00:00z",
    "2026-10-05T12:00:00+02:00",
    "2026-10-05T12:00:00-0700",
    "2026-10-05 12:00:00.123000+01:00",
    "2026/10/05 3:30:45 PM GMT+2",
    "2026/10/05 3:30:45 PM CEST",
    "2026/12/05 3:30:45 nachm. MEZ",
]


@pytest.mark.parametrize(
    ("texts", "lacks"),
    [
        *(([text], True) for text in BARE_TIMES),
        *(([text], False) for text in TIMES_WITH_A_ZONE),
        (["2026-10-05", "5-10-2026", "5.10.26"], False),
        (["2026-10-05T12:00:00Z", "2026-10-05 12:00"], True),
        (["", None, " ", "soon"], False),
        ([], False),
    ],
)
def test_a_time_has_its_offset_or_lacks_a_zone(texts, lacks):
    assert lack_zone(texts) is lacks


@pytest.mark.parametrize("moment", BARE_TIMES)
def test_a_bare_time_holds_the_file(programme, moment):
    ingested = _plain(programme, [moment])
    assert ingested.exports == ()
    assert "does not state the time zone" in ingested.unread[0].sentence


def test_one_bare_time_is_enough_to_hold_the_file_until_the_source_says_on_which_clock_it_is(programme):
    moments = ["2026-10-05T12:00:00Z", "2026-10-31 20:00:00"]
    ingested = _plain(programme, moments)
    assert ingested.exports == ()
    (held,) = ingested.unread
    assert held.sentence == (
        "The file does not state the time zone of its submission times."
        " Write 'date: {timezone: Europe/Amsterdam}', or the zone of the survey tool's account, in sources/form.yaml."
    )
    programme.validate(ingested=_plain(programme, moments, zone="America/Denver"))
    days = programme.query("select cast(submitted_on as varchar) from validated.submissions order by all")
    assert days == [("2026-10-05",), ("2026-11-01",)]


@pytest.mark.parametrize("zone", ordinarily(["Asia/Tokyo", ""]))
def test_a_day_without_a_time_needs_no_zone_and_stays_that_day(programme, zone):
    days = ["2026-10-01", "2026-10-05", "2026-10-31"]
    programme.validate(ingested=_plain(programme, days, zone=zone))
    found = programme.query("select cast(submitted_on as varchar) from validated.submissions order by all")
    assert [day for (day,) in found] == days


def test_times_with_an_offset_or_the_letters_of_a_zone_need_no_zone(programme):
    programme.validate(ingested=_plain(programme, TIMES_WITH_A_ZONE))
    read = programme.query("select count(submitted_at) from validated.submissions")
    assert read == [(len(TIMES_WITH_A_ZONE),)]


def _drop(programme, tool, column, rows):
    source = f"tool: {tool}\nanswers: labels\ncollective: {{from: constant, constant: watch}}"
    programme.source("form", source, {"learning_1": column})
    (programme.root / "inbox" / "export.csv").write_bytes(as_csv(rows))
    return programme.ingest()


@pytest.mark.parametrize(
    ("tool", "column", "rows", "first"),
    ordinarily(
        [
            ("qualtrics", "Q1_1", QUALTRICS, "2026-10-05 10:00:01"),
            ("kobotoolbox", "motives/learning", KOBOTOOLBOX, "2026-10-05 12:00:00"),
            ("typeform", "Nieuwe dingen leren", TYPEFORM, "2026-10-05 12:00:00"),
        ]
    ),
)
def test_the_zone_that_a_tool_states_is_enough(programme, tool, column, rows, first):
    programme.validate(ingested=_drop(programme, tool, column, rows))
    assert programme.query("select cast(min(submitted_at) as varchar) from validated.submissions") == [(first,)]


def test_a_tool_that_may_state_its_zone_and_does_not_is_held(programme):
    (held,) = _drop(programme, "qualtrics", "Q1", QUALTRICS_LEGACY).unread
    assert "does not state the time zone" in held.sentence


def test_responses_without_a_date_lack_no_zone(programme):
    assert _plain(programme, ["2026-10-05T12:00:00Z", "", "soon"]).unread == ()


def test_a_form_with_one_date_needs_no_zone(programme):
    programmes.plain_source(programme, ["learning_1"], date="{constant: 2026-10-15}")
    programme.export("answers.csv", [programmes.answers(1, submitted="2026-10-05 12:00:00")])
    assert programme.ingest().unread == ()


@pytest.mark.slow
def test_limesurvey_of_1980_is_an_anonymised_survey_whose_source_must_give_a_day(programme):
    source = "tool: limesurvey\nanswers: numbers\n%s\ncollective: {from: constant, constant: watch}"
    programme.source("form", source % "", {"learning_1": "MOT_SQ001"})
    anonymous = {"submitdate": "1980-01-01 00:00:00", "lastpage": "3", "startlanguage": "nl", "seed": "536296554"}
    finished = [{"id": number, **anonymous, "MOT[SQ001]": 4} for number in (1, 2)]
    programme.export("answers.csv", [*finished, {**finished[0], "id": 3, "submitdate": ""}])
    assert "The survey is anonymised" in programme.ingest().unread[0].sentence
    programme.source("form", source % "date: {constant: 2026-10-15}", {"learning_1": "MOT_SQ001"})
    programme.validate()
    assert programme.query("select cast(submitted_on as varchar), reason from validated.responses order by all") == [
        ("2026-10-15", "partial"),
        ("2026-10-15", None),
        ("2026-10-15", None),
    ]


def test_the_day_that_stands_for_no_date_is_no_date_where_it_stands_below_real_ones(programme):
    source = "tool: limesurvey\nanswers: numbers\ndate: {timezone: UTC}\ncollective: {from: constant, constant: watch}"
    programme.source("form", source, {"learning_1": "MOT_SQ001"})
    dates = ["2026-10-05 12:00:00"] * 6 + ["1980-01-01 00:00:00"]
    own = {"lastpage": "3", "startlanguage": "nl", "seed": "536296554", "MOT[SQ001]": 4}
    programme.export(
        "answers.csv", [{"id": number, "submitdate": day, **own} for number, day in enumerate(dates, start=1)]
    )
    programme.validate()
    days = programme.query("select cast(submitted_on as varchar), count(*) from validated.submissions group by all")
    assert set(days) == {("2026-10-05", 6), (None, 1)}
