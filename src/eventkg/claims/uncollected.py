"""Work that makes very many objects and no circles of them, without the collector looking at each again."""

from __future__ import annotations

import gc
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Collector:
    """The one of this process, which stays off while anybody is at work."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._at_work, self._was_on = 0, False

    def stop(self) -> None:
        with self._lock:
            if not self._at_work:
                self._was_on = gc.isenabled()
                gc.disable()
            self._at_work += 1

    def go_on(self) -> None:
        with self._lock:
            self._at_work -= 1
            if not self._at_work and self._was_on:
                gc.enable()


_COLLECTOR = _Collector()


@contextmanager
def uncollected() -> Iterator[None]:
    """Circles of garbage stay until the block has ended, and those of all other threads."""
    _COLLECTOR.stop()
    try:
        yield
    finally:
        _COLLECTOR.go_on()
