"""The parameters of a simulated programme, as `truth.yaml` and `gallery.yaml` state them."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from flows.foundation import strict_yaml
from flows.programme.period import Period

TRUTH = Path(__file__).parent / "truth.yaml"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ItemTruth(_Strict):
    """How a latent strength on a scale becomes an answer to an item."""

    loadings: list[float]
    noise: float
    acquiescence: float
    not_applicable: float
    skipped: float


class Spread(_Strict):
    """Standard deviations between people (within a collective) and between collectives, per scale, in POMP points."""

    within: dict[str, float]
    between: dict[str, float]


class Response(_Strict):
    """How people respond to an invitation: probabilities, and the number of movers."""

    rate: float
    staying_scale: str
    staying_counts: float
    partial: float
    no_consent: float
    double: float
    late: float
    movers: int


class TypeTruth(_Strict):
    """A type of collective: the survey tool that it uses and its true mean per scale."""

    tool: str
    profile: dict[str, float]


class CollectiveTruth(_Strict):
    """One collective, with its deviations from the model."""

    id: str
    name: str
    members: int
    answers: int | None = None
    starts: int = 0
    alike: bool = False
    change: dict[str, float] = {}
    members_from: dict[str, int] = {}
    moves_to: str | None = None
    unknown_members: bool = False


class OrganisationTruth(_Strict):
    """One organisation with its collectives, all of one type."""

    id: str
    name: str
    language: str
    type: str
    collectives: list[CollectiveTruth]


class ProgrammeTruth(_Strict):
    """The settings of the programme. Members are invited every `cycle` months."""

    name: str
    contact: str
    window_months: Annotated[int, Field(ge=1)]
    cycle: Annotated[int, Field(ge=1)]


class Truth(_Strict):
    """All parameters of a simulated programme."""

    programme: ProgrammeTruth
    months: Annotated[int, Field(ge=1)]
    first_month: str
    seed: int
    items: ItemTruth
    spread: Spread
    response: Response
    types: dict[str, TypeTruth]
    organisations: list[OrganisationTruth]

    def periods(self) -> list[Period]:
        """The simulated months."""
        first = Period.parse(self.first_month)
        return [first.plus(month) for month in range(self.months)]


def load_truth(path: Path = TRUTH) -> Truth:
    """Read the parameters from `truth.yaml`, or those of another programme from `path`."""
    return strict_yaml.parse(strict_yaml.read(path), Truth)
