"""What Prefect's server knows of the runs of one programme, and what it cannot know: that a run was killed."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
    FlowRunFilterTags,
)
from prefect.client.schemas.objects import StateType
from prefect.states import Crashed

from flows.foundation.errors import Locked
from flows.programme.settings import Settings
from flows.programme.tags import tags_of

KILLED = "The process of this run was killed; nothing half-made was left. The next run completes the month."


def settle_killed(settings: Settings, own: str | UUID | None = None) -> int:
    """Set runs that Prefect believes to be running to crashed, and count them; called by who holds the lock.

    Whoever holds the programme's lock is the only run there is. It is no reason to stop that this fails.
    """
    with suppress(Exception), get_client(sync_client=True) as client:
        return _settle(client, settings, (StateType.RUNNING,), own)
    return 0


def settle_at_start(client: SyncPrefectClient, settings: Settings) -> int:
    """Before a schedule is served, settle runs that were killed, also those that had not begun; not during a run."""
    try:
        with settings.folder.locked():
            return _settle(client, settings, (StateType.RUNNING, StateType.PENDING, StateType.CANCELLING))
    except Locked:
        return 0


def _settle(
    client: SyncPrefectClient, settings: Settings, states: Iterable[StateType], own: str | UUID | None = None
) -> int:
    wanted = FlowRunFilter(
        tags=FlowRunFilterTags(all_=list(tags_of(settings))),
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=list(states))),
    )
    killed = [entry for entry in client.read_flow_runs(flow_run_filter=wanted) if str(entry.id) != str(own)]
    for entry in killed:
        client.set_flow_run_state(entry.id, Crashed(message=KILLED), force=True)
    return len(killed)


def is_planned_before(client: SyncPrefectClient, deployment: UUID, moment: datetime) -> bool:
    """Whether a run of a deployment should have started by a moment and still waits to."""
    planned = client.read_flow_runs(
        deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[deployment])),
        flow_run_filter=FlowRunFilter(
            state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED])),
            expected_start_time=FlowRunFilterExpectedStartTime(before_=moment),
        ),
    )
    return bool(planned)
