"""Another questionnaire goes all the way by writing YAML: six scales of five items on a scale from 1 to 7."""

import pytest

from flows import warehouse
from flows.steps.render.documents import write_pdf
from flows.steps.render.report import fill
from tests import programmes
from tests.steps.render.organisation import read_organisation
from tests.steps.render.settings import SETTING

SCALES = {
    "protective": "self",
    "career": "self",
    "understanding": "none",
    "enhancement": "none",
    "values": "community",
    "ties": "community",
}
ITEMS = [f"{scale}_{turn}" for scale in SCALES for turn in range(1, 6)]


def _yaml() -> str:
    labels = "".join(f"      {value}: {{nl: [punt {value}], en: [point {value}]}}\n" for value in range(1, 8))
    scales = "".join(
        f"  {name}: {{kind: motive, orientation: {side}, label: {{nl: {name}, en: {name}}},"
        f" items: [{', '.join(f'{name}_{turn}' for turn in range(1, 6))}]}}\n"
        for name, side in SCALES.items()
    )
    items = "".join(f"  {item}: {{text: {{en: {item}}}, response_scale: seven}}\n" for item in ITEMS)
    return (
        'instrument: functions\nversion: "1"\ntitle: {en: Functions}\nresponse_scales:\n  seven:\n    values:\n'
        + labels
        + f"scales:\n{scales}items:\n{items}"
    )


@pytest.fixture
def programme(tmp_path):
    made = programmes.make(tmp_path / "programme", instrument="functions.yaml")
    (made.root / "functions.yaml").write_text(_yaml())
    programmes.plain_source(made, ITEMS, answers="labels")
    rows = []
    for number in range(1, 41):
        levels = [1 + (number * (1 + scale) + scale) % 7 for scale in range(6)]
        values = [min(7, level + (number + turn) % 2) for level in levels for turn in range(5)]
        rows.append(programmes.answers(number, values=[f"Point {value}" for value in values], items=ITEMS))
    made.export("answers.csv", rows)
    return made


def test_it_is_computed_published_and_rendered(programme):
    programme.compute()
    assert programme.query("select count(distinct scale) from published.scale_levels where mean is not null") == [(6,)]
    low, high = programme.query("select min(pomp), max(pomp) from (select unnest(pomps) as pomp from scored.scores)")[0]
    assert 0 <= low < high <= 100
    assert programme.query("select minimum, maximum, items from published.scales group by all") == [(1, 7, 5)]
    with warehouse.opened(programme.settings.folder.warehouse, read_only=True) as connection:
        text, charts = fill(read_organisation(connection, "town"), SETTING)
    assert all(scale.capitalize() in text or scale in text for scale in SCALES)
    pdf, pages = write_pdf(text, charts)
    assert pdf.startswith(b"%PDF")
    assert pages >= 3
