"""The references of the figures that a release prints: one for each group, and for each scale of a group."""

from pathlib import Path
from typing import Any

from flows import warehouse
from flows.foundation.figure_reference import figure_reference

# Tables printed for a group, and for a scale of a group, the latter with the column that names the scale.
OF_UNITS = ("response_rates", "scale_levels", "diversity", "orientations", "dominant_motives")
OF_SCALES = {"scale_levels": "scale", "motive_mix": "scale", "changes": "scale", "benchmarks": "measure"}
_PRINTED = """
    select unit_type, unit_id, '' as scale from response_rates where withheld_because is null
    union select unit_type, unit_id, '' from diversity where withheld_because is null
    union select unit_type, unit_id, '' from scale_levels where mean is not null
    union select unit_type, unit_id, scale from scale_levels where mean is not null
    order by all
"""


def printed_figures(database: Path, period: str) -> list[dict[str, Any]]:
    """One entry per reference in the database of a release, for organisations and collectives, as in reports."""
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
