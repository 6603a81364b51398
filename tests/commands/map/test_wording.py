"""A question is found in whatever dress, by its words; what more than one column might be is found by nobody."""

# ruff: noqa: E501 rows of headings
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.commands.map.wording import found_by_wording
from tests import programmes

ITEMS = {item: list(about.text.values()) for item, about in programmes.INSTRUMENT.items.items()}
WORDING = {item: texts[0] for item, texts in ITEMS.items()}
STEM = "In hoeverre geldt dit voor u? Denk aan de afgelopen maand: niet aan eerder"


def _found(*headings: str, items: dict[str, list[str]] = ITEMS) -> dict[str, int]:
    return found_by_wording(items, [headings], ())


@pytest.mark.parametrize(
    "heading",
    [
        "Ik leer er nieuwe dingen", "1. Ik leer er nieuwe dingen.", "Q3: Ik leer er nieuwe dingen", "Q3 Ik leer er nieuwe dingen",
        "3a) Ik leer er nieuwe dingen!", "[Ik leer er nieuwe dingen]", "“Ik leer er nieuwe dingen.”", "1.2 Ik leer er nieuwe dingen",
        "'Ik leer er nieuwe dingen…'", "(4) Ik leer, er nieuwe dingen", "Vraag 12 - Ik leer er nieuwe dingen.",
        "Stelling 2: 'Ik leer er nieuwe dingen'", "2 – ik leer er  NIEUWE dingen", "b) Ik leer er nieuwe dingen",
        f"{STEM} [Ik leer er nieuwe dingen]", f"{STEM} - Ik leer er nieuwe dingen", f"{STEM} : 3. Ik leer er nieuwe dingen",
        f"Q7. {STEM} [1. Ik leer er nieuwe dingen.]",
    ],
)  # fmt: skip
def test_brackets_quotes_punctuation_and_numbers_make_no_difference(heading):
    assert _found("Groep", heading) == {"learning_1": 1}


@pytest.mark.parametrize("between", [": ", " - ", " | ", "? ", ". ", "… ", " > ", "?\n", " [", " – "])
def test_of_a_matrix_the_part_that_differs_is_compared(between):
    end = "]" if between == " [" else ""
    rows = [f"Hoe belangrijk is dit{between}{text}{end}" for text in WORDING.values()]
    assert _found("Groep", *rows) == {item: place for place, item in enumerate(WORDING, start=1)}


@pytest.mark.parametrize(
    "headings",
    [
        ("Ik leer er nieuwe dingen", "Ik leer er nieuwe dingen!"),
        ("1. Ik leer er nieuwe dingen", "2. Ik leer er nieuwe dingen"),
        ("Belangrijk? [Ik leer er nieuwe dingen]", "Tevreden? [Ik leer er nieuwe dingen]"),
        ("Ik leer er nieuwe dingen", "Ik leer er nieuwe dingen.", "Waarom? [Ik leer er nieuwe dingen]"),
        ("Ik leer er geen nieuwe dingen",),
        ("Wat klopt niet? Ik leer er nieuwe dingen",),
        ("Ik leer er nieuwe dingen [Toelichting]",),
        ("",),
    ],
)
def test_what_may_be_another_question_is_not_found(headings):
    assert _found(*headings) == {}


def test_a_number_that_belongs_to_the_question_is_no_numbering():
    items = {"early": ["10.30 uur komt mij uit."], "late": ["11.30 uur komt mij uit."]}
    assert _found("10.30 uur komt mij uit", "Anders", items=items) == {"early": 0}
    assert _found("12.30 uur komt mij uit", items=items) == {}


@given(st.permutations(list(WORDING)), st.sampled_from(["{}", "{n}. {}", "Q{n}: {}", "[{}]", "Stem? [{}]", "Stem: {}"]))
def test_every_item_is_found_in_any_order_and_dress(order, dress):
    headings = [dress.replace("{n}", str(n)).replace("{}", WORDING[item]) for n, item in enumerate(order, start=1)]
    assert _found(*headings) == {item: place for place, item in enumerate(order)}
