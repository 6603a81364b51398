"""A mistake in a file of the programme names file, line and field, and suggests the nearest known name."""

from pathlib import Path

import pytest

from flows.foundation import strict_yaml
from flows.foundation.errors import RegisterError, UserError
from flows.programme import instrument, register
from flows.programme.loading import load_programme
from tests import programmes


def _message(programme) -> str:
    with pytest.raises(UserError) as caught:
        load_programme(programme.settings)
    return str(caught.value)


def test_yaml_is_text_whatever_it_looks_like(tmp_path: Path):
    path = tmp_path / "form.yaml"
    path.write_text("labels: [No, Yes, 01, 12:30, 1e3, ~]\n")
    assert strict_yaml.read(path).data == {"labels": ["No", "Yes", "01", "12:30", "1e3", "~"]}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\na: 2\n", "form.yaml, line 2: 'a' appears twice."),
        ("a: &x 1\nb: *x\n", "form.yaml, line 1: anchors and aliases"),
        ("a: [1\n", "form.yaml, line 2: this is not valid YAML"),
        ("a: *x\n", "form.yaml, line 1"),
    ],
)
def test_yaml_that_hides_something_is_refused(tmp_path: Path, text, message):
    path = tmp_path / "form.yaml"
    path.write_text(text)
    with pytest.raises(UserError) as caught:
        strict_yaml.read(path)
    assert message in str(caught.value)


def test_a_source_with_anchors_is_refused_before_they_multiply(programme):
    laughs = [
        "a: &a [ha, ha]",
        *(f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)),
    ]
    (programme.root / "sources" / "bomb.yaml").write_text("\n".join(laughs))
    with pytest.raises(UserError, match="anchors and aliases"):
        load_programme(programme.settings)


def test_a_source_runs_nothing(programme, tmp_path):
    source = programmes.plain_source(programme, programmes.ITEMS)
    source.write_text(source.read_text() + f'consent: !!python/object/apply:os.mkdir ["{tmp_path}/made"]\n')
    with pytest.raises(UserError):
        load_programme(programme.settings)
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: " + "[" * 3_000 + "]" * 3_000, "line 1: lists or names are nested more than 20 levels deep"),
        ("a: b\n" * 300_000, "this file is larger than 1 MB"),
    ],
)
def test_yaml_is_bounded(tmp_path, text, message):
    path = tmp_path / "form.yaml"
    path.write_text(text)
    with pytest.raises(UserError, match=message):
        strict_yaml.read(path)


def test_settings_name_line_and_field(programme):
    (programme.root / "motiefmix.toml").write_text('name = "Test"\nwindow_month = 3\n')
    with pytest.raises(UserError) as caught:
        programme.settings
    assert str(caught.value) == (
        "motiefmix.toml, line 2, field window_month: unknown name 'window_month' (did you mean 'window_months'?)."
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('timezone = "Europe"', "unknown time zone 'Europe'; write it as Europe/Amsterdam."),
        ('cluster = "host:8786"', "'host:8786' must be written with an address such as tcp://host:8786."),
        ("window_months = true", "field window_months: must be a whole number."),
        ("window_months = 0", "field window_months: must be at least 1."),
        ('language = "fr"', "field language: must be 'nl' or 'en'."),
        ('[schedule]\ntime = "6 uur"', "'6 uur' must be written with hours and minutes, as 06:00."),
        ("[disclosure]\nlevels_from = 12", "the thresholds must rise: levels_from, then full_from"),
    ],
)
def test_settings_say_in_plain_words_what_they_must_be(programme, line, message):
    (programme.root / "motiefmix.toml").write_text(f'name = "Test"\n{line}\n')
    with pytest.raises(UserError) as caught:
        programme.settings
    assert message in str(caught.value)


def test_settings_may_begin_with_a_byte_order_mark(programme):
    (programme.root / "motiefmix.toml").write_text('name = "Test"\n', encoding="utf-8-sig")
    assert programme.settings.name == "Test"


@pytest.mark.parametrize("name", ["register/organisations.csv", "sources/form.yaml"])
def test_a_folder_in_the_place_of_a_file_is_told(programme, name):
    (programme.root / name).unlink(missing_ok=True)
    (programme.root / name).mkdir()
    assert Path(name).name in _message(programme)


def test_a_source_names_an_encoding_that_exists_and_columns_that_are_not_empty(programme):
    path = programmes.plain_source(programme, ["benefit_1"])
    text = path.read_text()
    path.write_text("encoding: cp125\n" + text)
    assert "unknown encoding 'cp125'" in _message(programme)
    path.write_text(text.replace('benefit_1: "benefit_1"', "benefit_1:"))
    assert "field columns.benefit_1: must not be empty." in _message(programme)


def test_an_organisation_with_a_mistake_does_not_make_its_collectives_look_wrong(programme):
    programme.register(organisations=[{"organisation_id": "town", "name": "Stad", "language": "de"}])
    assert _message(programme) == "register/organisations.csv, line 2, field language: must be 'nl' or 'en'."


def test_an_unknown_instrument_suggests_the_shipped_one(tmp_path):
    programme = programmes.make(tmp_path / "programme", instrument="motivs")
    assert "no instrument 'motivs' (did you mean 'motives'?)" in _message(programme)


def test_a_source_names_line_and_field_of_an_unknown_item(programme):
    programmes.plain_source(programme, ["benefit_1", "benfit_2"])
    assert "form.yaml, line 10, field columns.benfit_2: 'benfit_2' is no item" in _message(programme)
    assert "did you mean 'benefit_2'?" in _message(programme)


def test_a_source_may_only_name_collectives_of_the_register(programme):
    programmes.plain_source(
        programme, programmes.ITEMS, collective="collective: {from: column, column: group, values: {X: wacth}}"
    )
    assert "the register has no collective 'wacth' (did you mean 'watch'?)" in _message(programme)


def test_the_register_names_every_mistake_at_once(programme):
    programme.register(
        organisations=[{"organisation_id": "town", "name": "Stad", "language": "de"}],
        collectives=[
            {**programmes.COLLECTIVES[0], "members": "many"},
            {**programmes.COLLECTIVES[0], "collective_id": "Watch 2"},
        ],
    )
    with pytest.raises(RegisterError) as caught:
        load_programme(programme.settings)
    message = str(caught.value)
    assert "register/organisations.csv, line 2, field language" in message
    assert "register/collectives.csv, line 2, field members" in message
    assert "register/collectives.csv, line 3, field collective_id" in message


def test_the_register_knows_its_organisations_and_has_one_row_a_day(programme):
    programme.register(
        collectives=[
            programmes.COLLECTIVES[0],
            {**programmes.COLLECTIVES[0], "organisation_id": "twon"},
        ]
    )
    message = _message(programme)
    assert "line 3, field organisation_id: unknown organisation 'twon' (did you mean 'town'?)" in message
    assert "line 3: 'watch' has two rows for the same days (the other is line 2)" in message


HIDDEN = [
    "bidi\u202ename",
    "zero\u200bwidth",
    "bell\u0007",
    "join\u200dline",
    "\u200cخانه",
    "👪\u200d",
    "tag\U000e0067",
]


@pytest.mark.parametrize("name", HIDDEN)
def test_names_hold_no_invisible_characters(programme, name):
    programme.register(organisations=[{"organisation_id": "town", "name": name, "language": "nl"}])
    assert "holds a character that cannot be printed" in _message(programme)


@pytest.mark.parametrize(
    "name",
    [
        "👨‍👩‍👧",
        "🏳️‍🌈",
        "👩🏽‍🌾",
        "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f",
        "کتاب\u200cخانه",
        "क्\u200dष",
        "🩷",
    ],
)
def test_names_hold_characters_that_join_what_is_seen(programme, name):
    programme.register(organisations=[{"organisation_id": "town", "name": name, "language": "nl"}])
    assert load_programme(programme.settings).register.organisations[0].name == name


@pytest.mark.parametrize(
    "recipients",
    [
        "a@example.org, b@example.org",
        "a@example.org\nBcc: x@example.org",
        "a@example.org\r\nBcc: x@example.org",
        "a@example.org;\nb@example.org",
        "Jan <a@example.org>",
        "a@example.org> <b@example.org",
        "nobody",
        "a@",
        ".@ [",
    ],
)
def test_a_recipient_is_exactly_one_mail_address(programme, recipients):
    programme.register(organisations=[{**programmes.ORGANISATIONS[0], "channel": "folder", "recipients": recipients}])
    with pytest.raises(RegisterError, match=r"organisations\.csv, line \d, field recipients"):
        register.load(programme.settings.folder.register)


def test_several_recipients_stand_between_semicolons(programme):
    two = {"channel": "folder", "recipients": "a@example.org; b@example.org"}
    programme.register(organisations=[{**programmes.ORGANISATIONS[0], **two}])
    assert register.load(programme.settings.folder.register).organisations[0].recipients == two["recipients"]


@pytest.mark.parametrize("identifier", ["../../x", "/etc/passwd", "a b", "a.b", "a" * 41, "<script>", "'; drop table"])
def test_an_id_that_could_be_a_path_or_markup_is_refused(programme, identifier):
    programme.register(organisations=[{**programmes.ORGANISATIONS[0], "organisation_id": identifier}])
    with pytest.raises(RegisterError, match="field organisation_id"):
        register.load(programme.settings.folder.register)


def test_a_name_of_ten_thousand_characters_is_refused(programme):
    programme.register(organisations=[{**programmes.ORGANISATIONS[0], "name": "x" * 10_000}])
    with pytest.raises(RegisterError, match="field name"):
        register.load(programme.settings.folder.register)


def test_the_shipped_instrument_has_both_languages_and_a_reversed_item_in_every_condition():
    model = instrument.load("motives", Path()).model
    assert len(model.items) == 32
    for item in model.items.values():
        assert set(item.text) == {"nl", "en"}
    for scale in model.scales.values():
        if scale.kind == "condition":
            assert any(model.items[item].reverse for item in scale.items)


def test_readings_of_an_answer():
    loaded = instrument.load("motives", Path())
    assert loaded.read_label("benefit_1", "  Heel\u00a0BELANGRIJK ").value == 5
    assert loaded.read_label("benefit_1", "Very important").value == 5
    assert loaded.read_label("benefit_1", "n.v.t. / weet ik niet").missing == "not_applicable"
    assert loaded.read_label("benefit_1", "").missing == "not_answered"
    assert not loaded.read_label("benefit_1", "5").known
    assert loaded.read_number("benefit_1", "4.0").value == 4
    assert loaded.read_number("benefit_1", "6").out_of_range
    assert not loaded.read_number("benefit_1", "four").known
