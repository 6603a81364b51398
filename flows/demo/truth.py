"""What is true in a simulated programme, as `truth.yaml` and `gallery.yaml` say it."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from flows.foundation import strict_yaml
from flows.programme.period import Period

TRUTH = Path(__file__).parent / "truth.yaml"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ItemTruth(_Strict):
    """How a latent strength becomes an answer."""

    loadings: list[float]
    noise: float
    acquiescence: float
    not_applicable: float
    skipped: float


class Spread(_Strict):
    """Standard deviations of persons and of collectives per scale, POMP points."""

    within: dict[str, float]
    between: dict[str, float]


class Response(_Strict):
    """Probabilities of what people do with an invitation."""

    rate: float
    staying_scale: str
    staying_counts: float
    partial: float
    no_consent: float
    double: float
    late: float
    movers: int


class TypeTruth(_Strict):
    """A kind of collective: the tool it uses and its true profile."""

    tool: str
    profile: dict[str, float]


class CollectiveTruth(_Strict):
    """One collective with its exceptions."""

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
    """The programme office: what stands in its settings. Members answer every `cycle` months."""

    name: str
    contact: str
    window_months: Annotated[int, Field(ge=1)]
    cycle: Annotated[int, Field(ge=1)]


class Truth(_Strict):
    """Everything that is true in a simulated programme."""

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
    """Read `truth.yaml`, or the truth of another programme."""
    return strict_yaml.parse(strict_yaml.read(path), Truth)
