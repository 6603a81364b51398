"""Being told to stop, by an administrator or a closed terminal, ends a command as Ctrl-C does: with its clean-up."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def stopped_in_order() -> Iterator[None]:
    """Meanwhile SIGTERM and SIGHUP are KeyboardInterrupt, unless somebody ignores them, as nohup does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(number, _interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def is_interruption(error: BaseException) -> bool:
    """Whether a person stopped us: DuckDB ends its query on Ctrl-C with an error of its own."""
    return isinstance(error, KeyboardInterrupt) or (
        isinstance(error, RuntimeError) and "Query interrupted" in str(error)
    )


def _interrupt(*_: Any) -> None:
    raise KeyboardInterrupt
