"""Answers that take several queries, made once for a state and a view; who comes too early is told so."""

from __future__ import annotations

import threading
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Generic, TypeVar

from eventkg.errors import EventkgError
from eventkg.query.pool import BusyError

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventkg.kg.graph import KnowledgeGraph

T = TypeVar("T")
_KEPT = 16  # views of which the answer is kept, or being made
_AT_ONCE = 2


class _Made(Generic[T]):
    """An answer, or what went wrong, once `done`."""

    def __init__(self, version: str) -> None:
        self.version, self.done = version, threading.Event()
        self.answer: T | None = None
        self.problem: EventkgError | None = None

    def run(self, question: Callable[[], T]) -> None:
        try:
            self.answer = question()
        except EventkgError as problem:
            self.problem = problem
        finally:
            self.done.set()


class Background(Generic[T]):
    """One question, put to a graph for each of its states and views."""

    def __init__(self, graph: KnowledgeGraph, question: Callable[[KnowledgeGraph, str], T]) -> None:
        """`question` is given the graph and the name of a view, "" for the default."""
        self._graph, self._question = graph, question
        self._lock = threading.Lock()
        self._makers = ThreadPoolExecutor(_AT_ONCE, "eventkg-counting")
        self._made: OrderedDict[str, _Made[T]] = OrderedDict()

    def get(self, view: str, patience_s: float) -> T | None:
        """The answer for the current state, None if it takes longer than that; it goes on being made.

        Raises:
            EventkgError: what went wrong; the next who asks sets it off again.

        """
        made = self._begun(view)
        if not made.done.wait(patience_s):
            return None
        if made.problem is not None:
            with self._lock:
                self._made.pop(view, None)
            raise made.problem
        return made.answer

    def _begun(self, view: str) -> _Made[T]:
        version = self._graph.engine.version()
        with self._lock:
            made = self._made.get(view)
            if made is None or (made.version != version and made.done.is_set()):
                made = self._made[view] = _Made(version)
                self._makers.submit(made.run, lambda: self._question(self._graph, view))
            self._made.move_to_end(view)
            if len(self._made) > _KEPT:
                self._drop()
            return made

    def _drop(self) -> None:
        """Let go of the answer that nobody asked for longest.

        Raises:
            BusyError: all are still being made.

        """
        oldest = next((view for view, made in self._made.items() if made.done.is_set()), None)
        if oldest is None:
            self._made.popitem()
            raise BusyError(f"{_KEPT} worlds are being counted; ask again in a moment")
        del self._made[oldest]
