"""The worlds of policies over an open graph: made when asked for, the last few kept warm."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING, Protocol

from eventkg.claims.writing import difference

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
        self._pools: dict[Policy, tuple[str, Pool]] = {}  # with the version; the last used at the end

    def pool(self, policy: Policy) -> Pool:
        """The pool of a policy's world, over the current state."""
        with self._lock:
            version, pool = self._pools.pop(policy, ("", None))
            if pool is not None and (version != self._engine.version() or not pool.alive()):
                pool.retire()
                pool = None
            if pool is None:
                version, pool = self._engine.branch(partial(difference, policy=policy))
            self._pools[policy] = (version, pool)
            while len(self._pools) > KEPT:
                _, oldest = self._pools.pop(next(iter(self._pools)))
                oldest.retire()
            return pool

    def close(self) -> None:
        """End every view."""
        with self._lock:
            for _, pool in self._pools.values():
                pool.close()
            self._pools.clear()
