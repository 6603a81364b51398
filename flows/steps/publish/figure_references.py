"""Which figures a release prints: a short reference for each group, and for each scale of a group."""

from pathlib import Path
from typing import Any

from flows import warehouse
from flows.foundation.figure_reference import figure_reference

# What a report prints of a group, and of a scale of a group; in the column, what names the scale there.
OF_UNITS = ("response_rates", "diversity", "orientations", "dominant_motives")
OF_SCALES = {"scale_levels": "scale", "motive_mix": "scale", "changes": "scale", "benchmarks": "measure"}
_PRINTED = """
    select unit_type, unit_id, '' as scale from response_rates where withheld_because is null
    union select unit_type, unit_id, '' from diversity where withheld_because is null
    union select unit_type, unit_id, scale from scale_levels where mean is not null
    order by all
"""


def printed_figures(database: Path, period: str) -> list[dict[str, Any]]:
    """One entry per reference, from the database of a release; of organisations and collectives, as reports print."""
    with warehouse.opened(database, read_only=True) as connection:
        found = connection.execute(_PRINTED).fetchall()
    return [
        {
            "reference": figure_reference(period, unit_type, unit_id, scale),
            "unit_type": unit_type,
            "unit_id": unit_id,
            "scale": scale,
        }
        for unit_type, unit_id, scale in found
        if unit_type != "programme"
    ]
