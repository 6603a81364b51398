"""Makes reports on a Dask cluster, through Prefect's integration of it, with the limits of `workers`.

A worker receives the material of a report and returns its files, so it shares no disk with this machine. When one dies,
the scheduler gives its report to another.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from flows.foundation.errors import UserError
from flows.foundation.garbage import look_rarely
from flows.programme.environment import prepare_libraries
from flows.steps.render.report_inputs import drawn_with
from flows.steps.render.workers import DIED, Failure, Limits, in_turn, too_long, undrawn, within

if TYPE_CHECKING:
    from distributed import Client, Future

Order = TypeVar("Order")
Made = TypeVar("Made")

_ORDINARY = Limits()
_STOPPED = Failure("the cluster stopped while it was made")
_CONNECT_SECONDS = 30
# Orders that wait at each worker, so that it never waits for the next one; more would only take memory there.
_AHEAD = 3
# Neither WeasyPrint nor our caches are made for two reports in one process at the same time.
_one_report = threading.Lock()


def each(
    make: Callable[[Order], Made],
    orders: Iterable[Order | Failure],
    scheduler: str,
    allowed: Limits = _ORDINARY,
) -> Iterator[Made | Failure]:
    """Yield the outcome of each order, in order; an order is sent to a worker, which makes the report.

    Raises:
        UserError: Dask is not installed here, the scheduler does not answer, or it has no worker.
    """
    with _connected(scheduler) as client:
        yield from in_turn(
            orders,
            lambda order: _sent(client, make, order, allowed),
            lambda sent: _outcome(sent, allowed),
            lambda: _AHEAD * max(1, _count_workers(client)),
        )


def workers(scheduler: str) -> int:
    """How many workers a cluster has, from 1.

    Raises:
        UserError: as `each`.
    """
    with _connected(scheduler) as client:
        return _count_workers(client)


def _count_workers(client: "Client") -> int:
    # A scheduler that stopped tells nothing.
    return len(client.scheduler_info(n_workers=-1).get("workers", ()))


@contextmanager
def _connected(scheduler: str) -> "Iterator[Client]":
    try:
        from prefect_dask.client import PrefectDaskClient
    except ImportError:
        raise UserError(
            "The settings name a cluster, and the packages for it are not installed. Install them with: make cluster"
        ) from None
    advice = 'Start it, or set cluster = "" to draw on this machine.'
    try:
        client = PrefectDaskClient(scheduler, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError):
        raise UserError(f"The cluster {scheduler} does not answer. {advice}") from None
    with client:
        try:
            client.wait_for_workers(1, timeout=_CONNECT_SECONDS)
        except TimeoutError:
            raise UserError(f"The cluster {scheduler} has no worker. {advice}") from None
        yield client


def _sent(
    client: "Client",
    make: Callable[[Order], Made],
    order: Order,
    allowed: Limits,
) -> "Future[Any] | Failure":
    try:
        return client.submit(_on_worker, make, order, allowed.processor, drawn_with(), pure=False)
    except Exception:  # noqa: BLE001 the reports that were made so far stay
        return _STOPPED


def _on_worker(make: Callable[[Order], Made], order: Order, seconds: int, wanted: str) -> Made | Failure:
    """Make one report on a worker. It never raises: Dask would write the order, with its figures, into its log."""
    prepare_libraries()
    look_rarely()
    if _own_software() != wanted:
        return Failure("a worker of the cluster has another version of Motiefmix, or of what it draws with")
    try:
        with _one_report:
            return within(seconds, make, order)
    except Exception as error:  # noqa: BLE001 whatever is wrong with one report stays with that report
        return undrawn(error)


@cache
def _own_software() -> str:
    return drawn_with()


def _outcome(sent: "Future[Any] | Failure", allowed: Limits) -> Any:
    from distributed.scheduler import KilledWorker

    if isinstance(sent, Failure):
        return sent
    try:
        return sent.result(timeout=allowed.wall)
    except TimeoutError:
        return too_long(allowed)
    except KilledWorker:
        return DIED
    except Exception:  # noqa: BLE001 the reports that were made so far stay
        return _STOPPED
