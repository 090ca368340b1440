"""Answers that take many queries, made once for a state and a key; who comes too early is told so."""

from __future__ import annotations

import threading
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Generic, TypeVar

from anyio import CapacityLimiter, to_thread

from eventkg.errors import EventkgError
from eventkg.query.pool import BusyError
from eventkg.serve import problems

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from eventkg.kg.graph import KnowledgeGraph

K = TypeVar("K", bound="Hashable")
T = TypeVar("T")
_KEPT = 16  # answers that are kept, or being made
_AT_ONCE = 2
_WAITING = CapacityLimiter(16)  # threads that wait: those that read answers must not be used up by it


class Background(Generic[K, T]):
    """One question, put to a graph for each of its states and each key, such as the name of a view."""

    def __init__(
        self, graph: KnowledgeGraph, question: Callable[[KnowledgeGraph, K], T], kept: int = _KEPT
    ) -> None:
        """`question` is given the graph and the key; `kept` answers at most are held."""
        self._graph, self._question, self._kept = graph, question, kept
        self._lock = threading.Lock()
        self._makers = ThreadPoolExecutor(_AT_ONCE, "eventkg-counting")
        self._made: OrderedDict[K, tuple[str, Future[T]]] = OrderedDict()  # with the state that it is of

    def get(self, key: K, patience_s: float) -> T | None:
        """The answer for the current state, None if it takes longer than that; it goes on being made.

        Raises:
            EventkgError: what went wrong; the next who asks sets it off again.

        """
        made = self._begun(key)
        try:
            return made.result(patience_s)
        except TimeoutError:
            return None
        except EventkgError:
            with self._lock:
                self._made.pop(key, None)
            raise

    async def answer(self, key: K, patience_s: float) -> T | None:
        """The same for a request, which does not hold up others while it waits.

        Raises:
            HttpError: what went wrong, as HTTP has it.

        """
        try:
            return await to_thread.run_sync(self.get, key, patience_s, limiter=_WAITING)
        except EventkgError as error:
            raise problems.of_error(error) from error

    def _begun(self, key: K) -> Future[T]:
        version = self._graph.engine.state()
        with self._lock:
            before = self._made.get(key)
            if before is not None and (before[0] == version or not before[1].done()):
                self._made.move_to_end(key)
                return before[1]
            self._make_room(key)
            made = self._makers.submit(self._question, self._graph, key)
            self._made[key] = version, made
            return made

    def _make_room(self, key: K) -> None:
        """Let go of what is in the place of the key, or of the answer that nobody asked for longest.

        Raises:
            BusyError: all are still being made.

        """
        self._made.pop(key, None)
        if len(self._made) < self._kept:
            return
        oldest = next((key for key, (_, made) in self._made.items() if made.done()), None)
        if oldest is None:
            raise BusyError(f"{self._kept} such answers are being made; ask again in a moment")
        del self._made[oldest]
