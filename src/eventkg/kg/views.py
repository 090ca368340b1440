"""The worlds of policies over an open graph: made when asked for, the last few kept warm."""

from __future__ import annotations

import io
import threading
from contextlib import nullcontext, suppress
from functools import partial
from typing import IO, TYPE_CHECKING, Protocol

from eventkg.claims.worlds import Snapshot, is_costly
from eventkg.errors import EventkgError, MemoryLimitError, TimeLimitError, WorkerError
from eventkg.model.naming import EKG
from eventkg.query.engine import StoreEngine
from eventkg.query.job import Job
from eventkg.query.pool import BusyError

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyoxigraph as ox

    from eventkg.claims.columns import Ask
    from eventkg.claims.policy import Policy
    from eventkg.query.pool import Pool

    Change = Callable[[ox.Store], tuple[bytes, bytes]]

KEPT = 4  # views beside the default
_AHEAD = 50_000  # propositions that are read before anybody asks for what they come to
_SPARE = 2  # workers, of which one may read for a view


def _propositions(ask: Ask) -> int:
    """How many there are."""
    with ask(f"SELECT (COUNT(*) AS ?n) {{ ?said <{EKG}about> ?subject }}") as answer:
        return int(answer.read().split()[-1])


class _OvertakenError(Exception):
    """Another state was read than the one that the view is made of."""


class Branching(Protocol):
    """An engine that can make a changed copy of its current state."""

    def branch(self, change: Change) -> tuple[str, Pool]:
        """The version of the state, and a pool over the changed copy."""

    def state(self) -> str:
        """The version of the current state."""


class Views:
    """Pools by policy; each belongs to one state of the graph and is made again for the next.

    Safe to use from many threads: who asks for a view that is warm never waits for one that is being made.
    """

    def __init__(self, engine: Branching) -> None:
        self._engine = engine
        self._lock = threading.Lock()  # what follows; held for moments only
        self._read = ("", Snapshot())  # what was said in the last state that was asked
        self._pools: dict[Policy, tuple[str, Pool]] = {}  # with the version; the last used at the end
        self._making: dict[Policy, threading.Lock] = {}
        self._closed = False
        self._reading: threading.Thread | None = None
        self._costly = threading.Lock()  # of those that need much memory one is made after the other

    def read_ahead(self) -> None:
        """Have what was said in each state read as soon as it is in memory, in the background.

        Else whoever first asks for a policy that takes much of it otherwise waits for that as well.
        """
        if isinstance(self._engine, StoreEngine):
            self._engine.loaded = self._ahead
            if self._engine.in_memory():
                self._reading = threading.Thread(target=self._ahead, name="eventkg-reading", daemon=True)
                self._reading.start()

    def _ahead(self) -> None:
        with suppress(_OvertakenError, EventkgError):  # who asks for a view reads it then; or all was closed
            self._read_now()

    def _read_now(self) -> None:
        engine, (expected, snapshot) = self._engine, self._said()
        reader = self._reader(expected)
        if reader is None or not isinstance(engine, StoreEngine) or _propositions(reader) > _AHEAD:
            return
        if engine.read(partial(snapshot.read, ask=reader)) != expected:
            with self._lock:
                self._read = ("", Snapshot())

    def pool(self, policy: Policy) -> Pool:
        """The pool of a policy's world, over the current state."""
        if warm := self._warm(policy):
            return warm
        with self._lock:
            making = self._making.setdefault(policy, threading.Lock())
        with making, self._costly if is_costly(policy) else nullcontext():
            try:
                return self._warm(policy) or self._keep(policy, *self._make(policy))
            finally:
                with self._lock:
                    self._making.pop(policy, None)

    def _warm(self, policy: Policy) -> Pool | None:
        """The view if there is one of the current state; an older one ends with its last query."""
        current = self._engine.state()
        with self._lock:
            version, pool = self._pools.pop(policy, ("", None))
            if pool is not None and version == current and pool.alive():
                self._pools[policy] = (version, pool)
                return pool
        if pool is not None:
            pool.retire()
        return None

    def _keep(self, policy: Policy, version: str, pool: Pool) -> Pool:
        """A view that was just made, in the place of those that were not used for longest."""
        with self._lock:
            closed = self._closed
            spare = []
            if not closed:
                self._pools[policy] = (version, pool)
                spare = [self._pools.pop(self._spare())[1] for _ in range(len(self._pools) - KEPT)]
        for oldest in spare:
            oldest.retire()
        if closed:
            pool.close()
            raise WorkerError("the graph was closed by its user")
        return pool

    def _spare(self) -> Policy:
        """The view that was not used for longest, but for the last that took long to make."""
        *older, _ = self._pools
        kept = [policy for policy in older if is_costly(policy)][-1:]
        return next(policy for policy in older if policy not in kept)

    def _make(self, policy: Policy) -> tuple[str, Pool]:
        """A pool made anew; what was said is read once in each state."""
        expected, snapshot = self._said()
        change = partial(self._difference, snapshot, policy, self._reader(expected))
        with suppress(_OvertakenError):
            version, pool = self._engine.branch(change)
            if version == expected:
                return version, pool
            pool.retire()
        again = partial(self._difference, Snapshot(), policy, None)  # a writer was faster
        return self._engine.branch(again)

    def _said(self) -> tuple[str, Snapshot]:
        """What was said in the current state, as far as it was read."""
        expected = self._engine.state()
        with self._lock:
            if self._read[0] != expected:
                self._read = (expected, Snapshot())
            return self._read

    @staticmethod
    def _difference(
        snapshot: Snapshot, policy: Policy, ask: Ask | None, store: ox.Store
    ) -> tuple[bytes, bytes]:
        """As the snapshot has it; where a worker may not or cannot read so much, the store is read."""
        try:
            return snapshot.difference(store, policy, ask)
        except (TimeLimitError, MemoryLimitError, BusyError, WorkerError):
            if ask is None:
                raise
            return snapshot.difference(store, policy)

    def _reader(self, expected: str) -> Ask | None:
        """Where a state is in memory, a worker over it reads several times faster than the disk is read.

        One worker at least stays for those who ask the default view meanwhile.
        """
        engine = self._engine
        if not isinstance(engine, StoreEngine) or engine.limits.workers < _SPARE or not engine.in_memory():
            return None

        def ask(query: str) -> IO[bytes]:
            _, answer = engine.ask(Job(query, solutions="tsv"))
            if self._closed or engine.version() != expected:
                raise _OvertakenError
            return io.BytesIO(answer)

        return ask

    def close(self) -> None:
        """End every view."""
        with self._lock:
            self._closed = True
            pools = [pool for _, pool in self._pools.values()]
            self._pools.clear()
        for pool in pools:
            pool.close()
        if self._reading is not None:
            self._reading.join()
