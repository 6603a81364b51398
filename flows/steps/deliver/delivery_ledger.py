"""The delivery ledger: what was sent to whom, so that nothing is sent twice. It is `private/deliveries.duckdb`.

A row is committed before sending and again after the answer. A row that still says `sending` when the next delivery
begins was interrupted: whether the message left is unknown, so it is never sent again without a person's decision.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from flows import warehouse
from flows.foundation.errors import UserError

FORMAT = 1
# `planned` rows were about to be sent, `dropped` ones never will be: the register has another recipient now.
State = Literal["planned", "sending", "delivered", "failed", "unknown", "dropped"]
Kind = Literal["report", "withdrawal", "reminder"]
_SCHEMA = """
    create table if not exists about (format integer);
    create table if not exists deliveries (
        period varchar not null,
        organisation_id varchar not null,
        channel varchar not null,
        recipient varchar not null,
        sha256 varchar not null,
        kind varchar not null,
        version integer not null,
        state varchar not null,
        began_at varchar not null,
        settled_at varchar,
        times integer not null,
        answer varchar,
        primary key (period, organisation_id, channel, recipient, sha256, kind)
    )
"""
_PLAN = """
    insert into deliveries by name
    select $period as period, $organisation_id as organisation_id, $channel as channel, $recipient as recipient,
        $sha256 as sha256, $kind as kind, $version as version, 'planned' as state, $now as began_at,
        0 as times
    on conflict do update set state = 'planned' where deliveries.state = 'dropped'
"""
_BEGIN = """
    insert into deliveries by name
    select $period as period, $organisation_id as organisation_id, $channel as channel, $recipient as recipient,
        $sha256 as sha256, $kind as kind, $version as version, 'sending' as state, $now as began_at,
        1 as times
    on conflict do update set state = 'sending', began_at = excluded.began_at, version = excluded.version,
        times = deliveries.times + 1
"""
_OF_KEY = """
    where (period, organisation_id, channel, recipient, sha256, kind)
        = ($period, $organisation_id, $channel, $recipient, $sha256, $kind)
"""
_SETTLE = "update deliveries set state = $state, settled_at = $now, answer = $answer" + _OF_KEY
_SET_STATE = "update deliveries set state = $state" + _OF_KEY
_INTERRUPTED = "update deliveries set state = 'unknown' where state = 'sending'"
_ALL = """
    select
        period, organisation_id, channel, recipient, sha256, kind, version, state, began_at, settled_at, times, answer
    from deliveries order by began_at, period, organisation_id, channel, recipient
"""


@dataclass(frozen=True, kw_only=True)
class DeliveryKey:
    """The unique key of a delivery: what goes to one recipient.

    `sha256` is over all files of the organisation; of a reminder, over its text.
    """

    period: str
    organisation_id: str
    channel: str
    recipient: str
    sha256: str
    kind: Kind = "report"


@dataclass(frozen=True, kw_only=True)
class Entry(DeliveryKey):
    """A delivery and its state; `times` counts how often it was begun, `answer` is the receiver's answer.

    `began_at` and `settled_at` are ISO times with offset.
    """

    version: int
    state: State
    began_at: str
    settled_at: str | None = None
    times: int = 1
    answer: str | None = None

    @property
    def may_have_arrived(self) -> bool:
        """Whether the recipient has received it, or may have."""
        return self.state in ("delivered", "unknown")

    @property
    def key(self) -> DeliveryKey:
        """The key of this entry."""
        return DeliveryKey(**{name: getattr(self, name) for name in DeliveryKey.__dataclass_fields__})


class Deliveries:
    """Deliveries by the month and the organisation that they are about, oldest first.

    Every report asks for its own, and the ledger has those of years.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._of: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        for entry in entries:
            self._of[entry.period, entry.organisation_id].append(entry)

    def of(self, period: str, organisation_id: str) -> Sequence[Entry]:
        """Those of a month to an organisation."""
        return self._of.get((period, organisation_id), ())


class DeliveryLedger:
    """An open ledger. A change is on the disk when its method returns."""

    def __init__(self, connection: warehouse.Connection) -> None:
        self._connection = connection

    def entries(self) -> tuple[Entry, ...]:
        """Every delivery that was ever begun, oldest first."""
        return warehouse.rows_as(Entry, self._connection, _ALL)

    def plan(self, deliveries: Iterable[tuple[DeliveryKey, int]], now: datetime) -> None:
        """Record which deliveries, by key and version, are about to be made, so that none is forgotten halfway."""
        with warehouse.transaction(self._connection):
            for key, version in deliveries:
                self._connection.execute(_PLAN, {**asdict(key), "version": version, "now": now.isoformat()})
        self._connection.execute("checkpoint")

    def begin(self, key: DeliveryKey, version: int, now: datetime) -> None:
        """Record that a delivery is about to be sent."""
        self._connection.execute(_BEGIN, {**asdict(key), "version": version, "now": now.isoformat()})
        self._connection.execute("checkpoint")

    def settle(self, key: DeliveryKey, state: State, now: datetime, answer: str = "") -> None:
        """Record the outcome of a delivery."""
        self._connection.execute(_SETTLE, {**asdict(key), "state": state, "now": now.isoformat(), "answer": answer})
        self._connection.execute("checkpoint")

    def set_state(self, key: DeliveryKey, state: State) -> None:
        """Record another state without an answer: of what is dropped, or may have arrived before a failed attempt."""
        self._connection.execute(_SET_STATE, {**asdict(key), "state": state})
        self._connection.execute("checkpoint")

    def mark_interrupted(self) -> None:
        """Deliveries that an earlier process began and did not settle become unknown."""
        self._connection.execute(_INTERRUPTED)
        self._connection.execute("checkpoint")


def by_key(entries: Iterable[Entry]) -> dict[DeliveryKey, Entry]:
    """Each entry by its key."""
    return {entry.key: entry for entry in entries}


def has_others_since(deliveries: Deliveries, key: DeliveryKey, sent: int, version: int) -> bool:
    """Whether a recipient who got a report in the version `sent` got another one before `version`, and has that now."""
    return any(
        sent < entry.version < version and entry.sha256 != key.sha256 and entry.may_have_arrived
        for entry in deliveries.of(key.period, key.organisation_id)
        if entry.kind == key.kind == "report" and (entry.channel, entry.recipient) == (key.channel, key.recipient)
    )


@contextmanager
def opened(path: Path) -> Iterator[DeliveryLedger]:
    """Open the ledger; it is created if it does not exist. The caller holds the programme's lock.

    Raises:
        UserError: the ledger cannot be used, or was written by a newer version of the software.
    """
    is_new = not path.exists()
    with _usable(path, read_only=False) as connection:
        connection.execute(_SCHEMA)
        if is_new:
            path.chmod(0o600)
        if warehouse.one(connection, "select count(*) from about") == 0:
            connection.execute("insert into about values (?)", [FORMAT])
        if int(warehouse.one(connection, "select max(format) from about")) > FORMAT:
            raise UserError(f"{path} was written by a newer version of Motiefmix. Install that version again.")
        yield DeliveryLedger(connection)


def read(path: Path) -> tuple[Entry, ...]:
    """Every delivery so far; none if there is no ledger yet.

    Raises:
        UserError: the ledger cannot be used.
    """
    if not path.exists():
        return ()
    with _usable(path, read_only=True) as connection:
        if not warehouse.has_table(connection, "main.deliveries"):
            return ()
        return DeliveryLedger(connection).entries()


@contextmanager
def _usable(path: Path, read_only: bool) -> Iterator[warehouse.Connection]:
    with ExitStack() as stack:
        try:
            connection = stack.enter_context(warehouse.opened(path, read_only=read_only))
        except warehouse.Error:
            raise UserError(
                f"{path} cannot be opened: another command delivers at this moment, or the file is damaged. Then put it"
                " back from a backup, because it says what was sent to whom."
            ) from None
        yield connection
