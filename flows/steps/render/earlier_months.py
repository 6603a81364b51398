"""The published levels of the months before, for the charts of a report over time.

They are read from the databases of earlier releases, so they are what readers were shown then.
"""

from collections.abc import Sequence
from pathlib import Path

from flows import warehouse

# The months of a chart over time, the month of the report included.
MONTHS = 12

_TABLE = """
    create table earlier.levels (
        period varchar, unit_type varchar, unit_id varchar, scale varchar, mean double, figures_of varchar
    )
"""
_LEVELS = """
    insert into earlier.levels by name
    select period, unit_type, unit_id, scale, mean, figures_of from released.scale_levels
    where unit_type <> 'programme' and mean is not null
"""


def gather(databases: Sequence[Path], target: Path) -> None:
    """Write the published levels of earlier releases into one new DuckDB file."""
    with warehouse.opened(None) as connection:
        connection.execute("attach " + warehouse.literal(str(target)) + " as earlier")
        connection.execute(_TABLE)
        for database in databases:
            connection.execute("attach " + warehouse.literal(str(database)) + " as released (read_only)")
            connection.execute(_LEVELS)
            connection.execute("detach released")
        connection.execute("detach earlier")
