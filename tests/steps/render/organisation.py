"""The published figures of a single organisation, for tests of what is made from them."""

from pathlib import Path

from flows import warehouse
from flows.steps.render.figures import OrganisationFigures
from flows.steps.render.published import PublishedFigures


def read_organisation(
    connection: warehouse.Connection, organisation_id: str, earlier: Path | None = None
) -> OrganisationFigures:
    """Read it alone, as `PublishedFigures` does."""
    return PublishedFigures(connection, [organisation_id], earlier).of(organisation_id)
