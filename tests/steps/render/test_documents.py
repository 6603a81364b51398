"""A page as WeasyPrint gets it."""

import pytest

from flows.steps.render import documents

# The last line is exactly full, in which case WeasyPrint 70 would put one word on a line of its own before a space.
FULL = (
    '<ol class="findings"><li><strong>‘Invloed en zeggenschap’ daalde van 46 naar 30 bij Buurtpreventie'
    " Stationskwartier.</strong> De daling sinds juli 2026 is zeer waarschijnlijk 6 tot\u00a026 punten. De middelste"
    " helft van 9 vergelijkbare collectieven scoort 37,5–45.{space}</li></ol>"
)
PAGE = '<html lang="nl"><head><title>x</title></head><body><h1>x</h1>{body}</body></html>'


@pytest.mark.parametrize("space", [" ", "\n", " \n  "])
def test_a_space_at_the_end_of_a_paragraph_changes_no_line(space):
    bare, spaced = (documents.write_pdf(PAGE.format(body=FULL.format(space=end)), {}) for end in ("", space))
    assert spaced == bare
