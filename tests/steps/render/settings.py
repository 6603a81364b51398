"""What reports say beside figures, the same in every test."""

from dataclasses import replace
from pathlib import Path

from flows.programme import suggestions
from flows.steps.render.report_context import ReportContext
from tests.programmes import INSTRUMENT

SETTING = ReportContext(
    programme="Programma",
    contact="programma@example.org",
    notes={"nl": "Over de vragenlijst.", "en": "About the questionnaire."},
    software="0.1.0",
    inputs_hash="0123456789ab",
    made_on="2026-10-31",
    window_start="2025-11-01",
    window_end="2026-10-31",
    levels_from=5,
    full_from=10,
    distributions_from=20,
    set_from=5,
)

RULES = suggestions.load(Path("no folder of a programme"), INSTRUMENT).rules
SETTING_WITH_RULES = replace(
    SETTING, suggestions=RULES, meanings={name: scale.meaning for name, scale in INSTRUMENT.scales.items()}
)
