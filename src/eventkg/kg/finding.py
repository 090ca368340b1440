"""Events found in an open graph: indexes by view, built in the background, the last few kept.

An index belongs to one state of the graph. After a write the last one of the same view goes on answering, and
says so, until that of the new state is there: a count is never of a state that it does not name.
"""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from eventkg.errors import EventkgError, WorkerError
from eventkg.kg.indexing import Building
from eventkg.kg.indexmaking import Maker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventkg.claims.policy import Policy
    from eventkg.kg.graph import KnowledgeGraph
    from eventkg.search.asked import Asked
    from eventkg.search.found import Found, Suggestion
    from eventkg.search.index import Index

KEPT = 5  # indexes, each of another view
MOMENT_S = 1.0  # that a question waits for an index: one of a small graph is there by then
_AGAIN_S = 30.0  # after which what failed is tried again


class NotReadyError(EventkgError):
    """The index of this state and view is being built; `step` of `steps` tells how far it is."""

    def __init__(self, step: int, steps: int, doing: str) -> None:
        super().__init__(
            f"the events are being counted, step {step} of {steps} ({doing}); ask again in a moment"
        )
        self.step, self.steps, self.doing = step, steps, doing


@dataclass(slots=True)
class _Kept:
    """An index that is there; it ends when the last who uses it has left and nobody else can come."""

    index: Index
    version: str
    users: int = 0
    dropped: bool = False

    def end_if_idle(self) -> None:
        """Called with nobody else at it."""
        if self.dropped and not self.users:
            self.index.close()


@dataclass(slots=True)
class _Order:
    """A build that was asked for: of which state, and what came of it."""

    version: str
    building: Building = field(default_factory=Building)
    done: threading.Event = field(default_factory=threading.Event)
    problem: EventkgError | None = None
    began: float = field(default_factory=time.monotonic)
    ended: float = 0.0

    def is_spent(self, version: str, *, hurried: bool) -> bool:
        """Whether another one is to be begun for this state.

        Under steady writing half of the time is spent on building at most, unless somebody waits for it.
        """
        if not self.done.is_set():
            return False
        idle = time.monotonic() - self.ended
        if self.problem is not None and self.version == version:
            return idle > _AGAIN_S
        return hurried or idle > self.ended - self.began

    def not_ready(self) -> EventkgError:
        """Why there is no answer."""
        building = self.building
        return self.problem or NotReadyError(building.step, building.steps, building.doing)


class Finder:
    """Indexes of one open graph; safe to use from many threads."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        """Nothing is built before somebody asks."""
        self._graph = graph
        self._maker = Maker(graph)
        self._lock = threading.Lock()  # what follows; held for moments only
        self._kept: dict[Policy, _Kept] = {}  # the last used at the end
        self._orders: dict[Policy, _Order] = {}
        self._closed = False
        self._one_at_a_time = threading.Lock()

    def find(self, asked: Asked, policy: Policy) -> Found:
        """As `KnowledgeGraph.find`."""
        asked.check()
        with self.using(policy) as (index, state, current):
            return replace(index.find(asked), view=policy.iri, state=state, current=current)

    def suggest(self, text: str, policy: Policy, kind: str = "") -> tuple[Suggestion, ...]:
        """Things and events whose names have these words, or begin so; of one kind where it is told."""
        with self.using(policy) as (index, _, _):
            return index.suggest(text, kind)

    @contextmanager
    def using(self, policy: Policy) -> Iterator[tuple[Index, str, bool]]:
        """The index of a view, the name of its state, and whether that is the current one.

        Raises:
            NotReadyError: it is being built. EventkgError: it cannot be.

        """
        found = self._borrow(policy)
        if isinstance(found, _Order) and found.done.wait(MOMENT_S):
            found = self._borrow(policy)
        if isinstance(found, _Order):
            raise found.not_ready()
        kept, current = found
        try:
            yield kept.index, self._maker.state(kept.version), current
        finally:
            self._give_back(kept)

    def prepare(self, policy: Policy) -> None:
        """Begin to build, if the index is not there, and return at once."""
        if not isinstance(found := self._borrow(policy), _Order):
            self._give_back(found[0])

    def wait(self, policy: Policy, timeout_s: float | None = None) -> None:
        """Return when the index of the current state is there.

        Raises:
            NotReadyError: it is not within so many seconds. EventkgError: it cannot be built.

        """
        end = float("inf") if timeout_s is None else time.monotonic() + timeout_s
        while order := self._needed(policy):
            left = end - time.monotonic()
            if not order.done.wait(None if left == float("inf") else max(0.0, left)) or order.problem:
                raise order.not_ready()

    def close(self) -> None:
        """End what is being built, and remove what nobody needs any more."""
        with self._lock:
            self._closed = True
            kept, orders = list(self._kept.values()), list(self._orders.values())
            self._kept.clear()
        for order in orders:
            order.building.stop()
            order.done.wait()
        for one in kept:
            one.dropped = True
            one.end_if_idle()
        self._maker.close()

    def _borrow(self, policy: Policy) -> tuple[_Kept, bool] | _Order:
        """An index, and whether it is of the current state; where there is none, the build of one."""
        version = self._graph.engine.state()
        with self._lock:
            kept = self._kept.pop(policy, None)
            if kept is not None:
                self._kept[policy] = kept
                kept.users += 1
            if kept is None:
                return self._order(policy, version, hurried=False)
            current = kept.version == version
            if not current:
                self._order(policy, version, hurried=False)
            return kept, current

    def _give_back(self, kept: _Kept) -> None:
        with self._lock:
            kept.users -= 1
            kept.end_if_idle()

    def _needed(self, policy: Policy) -> _Order | None:
        """The build that somebody waits for; None where the index is there."""
        version = self._graph.engine.state()
        with self._lock:
            kept = self._kept.get(policy)
            if kept is not None and kept.version == version:
                return None
            return self._order(policy, version, hurried=True)

    def _order(self, policy: Policy, version: str, *, hurried: bool) -> _Order:
        """The build under way or the last one; a new one where that was of another state."""
        if self._closed:
            raise WorkerError("the graph was closed by its user")
        order = self._orders.get(policy)
        if order is None or order.is_spent(version, hurried=hurried):
            order = self._orders[policy] = _Order(version)
            name = f"eventkg-index-{policy.name}"
            threading.Thread(target=self._fulfil, args=(policy, order), name=name, daemon=True).start()
        return order

    def _fulfil(self, policy: Policy, order: _Order) -> None:
        try:
            with self._one_at_a_time:
                order.began = time.monotonic()
                index, order.version = self._maker.make(policy, order.building)
            self._keep(policy, _Kept(index, order.version))
        except EventkgError as problem:
            order.problem = problem
        except Exception as problem:  # noqa: BLE001  (the edge of the thread: whoever asks is told)
            order.problem = WorkerError(f"the index could not be built ({problem!r})")
        finally:
            order.ended = time.monotonic()
            order.done.set()

    def _keep(self, policy: Policy, new: _Kept) -> None:
        """In the place of the view's last one, and of what was not used for longest."""
        with self._lock:
            old = [self._kept.pop(policy)] if policy in self._kept else []
            self._kept[policy] = new
            while len(self._kept) > KEPT:
                spare = next(iter(self._kept))
                self._orders.pop(spare, None)
                old.append(self._kept.pop(spare))
            if self._closed:
                old.append(self._kept.pop(policy))
            for one in old:
                one.dropped = True
                one.end_if_idle()
