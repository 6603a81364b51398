"""For tests of single models: a programme in which no collective is held back."""

from flows.steps import warehouse


def nobody_is_held_back(connection: warehouse.Connection) -> None:
    """An empty `scored.held_back`."""
    connection.execute(
        "create table scored.held_back (collective_id varchar, is_frozen boolean, release integer, figures_of varchar,"
        " members bigint, is_expired boolean)"
    )
