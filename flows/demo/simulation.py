"""Simulates a programme: who answers what and when, with the true values that the figures should recover.

The model and its parameters are in `truth.yaml` and `gallery.yaml`. The seed determines everything.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from flows.demo.truth import CollectiveTruth, ItemTruth, Truth, load_truth
from flows.programme.instrument import Instrument
from flows.programme.period import Period

NOT_APPLICABLE, SKIPPED = -1, 0
Numbers = npt.NDArray[np.float64]
Answers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Submission:
    """One submission as the survey tool stores it. Answers by item; 0 is skipped, -1 is "n.v.t."."""

    response_id: int
    member: str
    collective: str
    submitted_at: datetime
    exported_from: Period
    answers: dict[str, int]
    finished: bool = True
    test: bool = False
    consent: bool = True


@dataclass(frozen=True)
class Population:
    """All members of a collective, and what each would answer in the first and in the second half of the months."""

    collective: CollectiveTruth
    type: str
    answers: tuple[Answers, Answers]
    staying: Numbers

    def true_means(self, instrument: Instrument, half: int) -> dict[str, float]:
        """The mean POMP score of all members per scale, which an interval for this collective should cover."""
        positions = {item: i for i, item in enumerate(instrument.items)}
        means = {}
        for name, scale in instrument.scales.items():
            columns = [positions[item] for item in scale.items]
            values = _turned(self.answers[half][:, columns].astype(float), scale.items, instrument)
            response_scale = instrument.response_scale_of(scale.items[0])
            low, high = response_scale.minimum, response_scale.maximum
            means[name] = float(100 * (values.mean() - low) / (high - low))
        return means


def _turned(values: Numbers, items: list[str], instrument: Instrument) -> Numbers:
    for column, item in enumerate(items):
        if instrument.items[item].reverse:
            scale = instrument.response_scale_of(item)
            values[:, column] = scale.minimum + scale.maximum - values[:, column]
    return values


def populate(
    truth: Truth, collective: CollectiveTruth, kind: str, instrument: Instrument, random: np.random.Generator
) -> Population:
    """Draw all members of a collective, and what each would answer before and after the collective's change."""
    members = max([collective.members, *collective.members_from.values()])
    people = {scale: random.normal(0, truth.spread.within[scale], members) for scale in instrument.scales}
    place = {scale: random.normal(0, truth.spread.between[scale]) for scale in instrument.scales}
    acquiescence = random.normal(0, truth.items.acquiescence, members)
    halves = []
    for half in (0, 1):
        columns: dict[str, Answers] = {}
        for scale in instrument.scales:
            shift = collective.change.get(scale, 0.0) if half else 0.0
            strength = truth.types[kind].profile[scale] + place[scale] + shift + people[scale]
            columns.update(_answer(truth.items, scale, strength, acquiescence, instrument, random))
        halves.append(np.column_stack([columns[item] for item in instrument.items]))
    if collective.alike:
        highest = [instrument.response_scale_of(item).maximum for item in instrument.items]
        halves = [np.tile(np.array(highest), (members, 1))] * 2
    return Population(collective, kind, (halves[0], halves[1]), people[truth.response.staying_scale])


def _answer(
    model: ItemTruth,
    scale: str,
    strength: Numbers,
    acquiescence: Numbers,
    instrument: Instrument,
    random: np.random.Generator,
) -> Iterator[tuple[str, Answers]]:
    for position, item in enumerate(instrument.scales[scale].items):
        response_scale = instrument.response_scale_of(item)
        low, span = response_scale.minimum, response_scale.maximum - response_scale.minimum
        loading = model.loadings[position % len(model.loadings)]
        sign = -1 if instrument.items[item].reverse else 1
        centre = low + span * (0.5 + sign * loading * (strength - 50) / 100)
        drawn = centre + acquiescence + random.normal(0, model.noise, len(strength))
        yield item, np.clip(np.rint(drawn), low, low + span).astype(np.int64)


@dataclass(frozen=True)
class Simulation:
    """The whole programme over all months: the truth, the populations and the responses, in order of submission."""

    truth: Truth
    instrument: Instrument
    populations: tuple[Population, ...]
    responses: tuple[Submission, ...]


def simulate(instrument: Instrument, truth: Truth | None = None, seed: int | None = None) -> Simulation:
    """Run the simulation; the same seed gives the same programme."""
    truth = truth or load_truth()
    random = np.random.default_rng(truth.seed if seed is None else seed)
    populations: list[Population] = []
    responses: list[Submission] = []
    for organisation in truth.organisations:
        for collective in organisation.collectives:
            population = populate(truth, collective, organisation.type, instrument, random)
            populations.append(population)
            responses.extend(_responses(truth, population, instrument, random))
    responses.extend(_movers(responses, truth, random))
    responses.sort(key=lambda response: (response.submitted_at, response.member))
    numbered = tuple(
        Submission(**{**vars(response), "response_id": number}) for number, response in enumerate(responses, start=1)
    )
    return Simulation(truth, instrument, tuple(populations), numbered)


def _responses(
    truth: Truth, population: Population, instrument: Instrument, random: np.random.Generator
) -> Iterator[Submission]:
    collective = population.collective
    periods, cycle = truth.periods(), truth.programme.cycle
    invited = _invited(truth, population, random)
    for member in np.flatnonzero(invited):
        for wave in range(0, len(periods), cycle):
            again = wave == 0 or collective.answers or random.random() < 0.85
            month = wave + int(member) % cycle
            if not collective.starts <= month < len(periods) or not again:
                continue
            half = 0 if wave < cycle else 1
            yield from _submissions(truth, population, int(member), periods[month], half, instrument, random)


def _invited(truth: Truth, population: Population, random: np.random.Generator) -> npt.NDArray[np.bool_]:
    members = len(population.staying)
    if population.collective.answers:
        return np.arange(members) < population.collective.answers
    standard = population.staying / (population.staying.std() or 1)
    return random.random(members) < np.clip(truth.response.rate + truth.response.staying_counts * standard, 0.05, 0.98)


def _submissions(
    truth: Truth,
    population: Population,
    member: int,
    period: Period,
    half: int,
    instrument: Instrument,
    random: np.random.Generator,
) -> Iterator[Submission]:
    exception = population.collective.answers or population.collective.alike
    odds = truth.response
    moment = datetime.combine(period.first_day, datetime.min.time()) + timedelta(
        days=int(random.integers(0, 26)), seconds=int(random.integers(8 * 3600, 22 * 3600))
    )
    answers = dict(zip(instrument.items, (int(x) for x in population.answers[half][member]), strict=True))
    if not exception:
        answers = {item: _thinned(value, truth.items, random) for item, value in answers.items()}
    late = not exception and random.random() < odds.late
    response = Submission(
        response_id=0,
        member=f"{population.collective.id}-{member + 1:03d}",
        collective=population.collective.id,
        submitted_at=moment,
        exported_from=period.plus(1) if late else period,
        answers=answers,
        finished=bool(exception or random.random() >= odds.partial),
        consent=bool(exception or random.random() >= odds.no_consent),
    )
    yield response
    if not exception and random.random() < odds.double:
        yield Submission(**{**vars(response), "submitted_at": moment + timedelta(minutes=4), "finished": True})
    if not exception and member == 0:
        earlier = moment - timedelta(minutes=30)
        yield Submission(**{**vars(response), "submitted_at": earlier, "test": True, "exported_from": period})


def _thinned(value: int, model: ItemTruth, random: np.random.Generator) -> int:
    draw = random.random()
    if draw < model.not_applicable:
        return NOT_APPLICABLE
    return SKIPPED if draw < model.not_applicable + model.skipped else value


def _movers(responses: list[Submission], truth: Truth, random: np.random.Generator) -> Iterator[Submission]:
    """Responses of a few people for another collective of their organisation as well, as after moving house."""
    finished = [response for response in responses if response.finished and response.consent and not response.test]
    for index in random.choice(len(finished), size=truth.response.movers, replace=False):
        response = finished[int(index)]
        target = _another_collective(response, truth)
        if target:
            yield Submission(
                **{
                    **vars(response),
                    "collective": target,
                    "submitted_at": response.submitted_at + timedelta(days=1),
                }
            )


def _another_collective(response: Submission, truth: Truth) -> str | None:
    for organisation in truth.organisations:
        ids = [entry.id for entry in organisation.collectives if not (entry.answers or entry.alike)]
        if response.collective in ids and len(ids) > 1:
            return ids[(ids.index(response.collective) + 1) % len(ids)]
    return None
