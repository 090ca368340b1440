"""The worlds of policies over an open graph: made when asked for, the last few kept warm."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING, Protocol

from eventkg.claims.worlds import Snapshot, is_costly

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyoxigraph as ox

    from eventkg.claims.policy import Policy
    from eventkg.query.pool import Pool

    Change = Callable[[ox.Store], tuple[bytes, bytes]]

KEPT = 4  # views beside the default


class Branching(Protocol):
    """An engine that can make a changed copy of its current state."""

    def branch(self, change: Change) -> tuple[str, Pool]:
        """The version of the state, and a pool over the changed copy."""

    def version(self) -> str:
        """The version of the current state."""


class Views:
    """Pools by policy; each belongs to one state of the graph and is made again for the next."""

    def __init__(self, engine: Branching) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._read: tuple[str, Snapshot | None] = ("", None)  # what was said in the last state that was asked
        self._pools: dict[Policy, tuple[str, Pool]] = {}  # with the version; the last used at the end

    def pool(self, policy: Policy) -> Pool:
        """The pool of a policy's world, over the current state."""
        with self._lock:
            version, pool = self._pools.pop(policy, ("", None))
            if pool is not None and (version != self._engine.version() or not pool.alive()):
                pool.retire()
                pool = None
            if pool is None:
                version, pool = self._make(policy)
            self._pools[policy] = (version, pool)
            while len(self._pools) > KEPT:
                _, oldest = self._pools.pop(self._spare())
                oldest.retire()
            return pool

    def _spare(self) -> Policy:
        """The view that was not used for longest, but for the last that took long to make."""
        *older, _ = self._pools
        kept = [policy for policy in older if is_costly(policy)][-1:]
        return next(policy for policy in older if policy not in kept)

    def _make(self, policy: Policy) -> tuple[str, Pool]:
        """A pool made anew; what was said is read once in each state."""
        expected = self._engine.version()
        known = self._read[1] if self._read[0] == expected else None
        snapshot = known or Snapshot()
        version, pool = self._engine.branch(partial(snapshot.difference, policy=policy))
        if known and version != expected:  # a writer was faster
            pool.retire()
            self._read = ("", None)
            return self._make(policy)
        self._read = (version, snapshot)
        return version, pool

    def close(self) -> None:
        """End every view."""
        with self._lock:
            for _, pool in self._pools.values():
                pool.close()
            self._pools.clear()
