"""Where the index of a state and view comes from: its file beside the checkpoint, or it is built."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from eventkg.claims.policy import DEFAULT
from eventkg.errors import DataError, WorkerError
from eventkg.kg.sources import RemoteSource, StoreSource
from eventkg.query.engine import on_disk
from eventkg.search.file import UnusableError
from eventkg.search.index import Index
from eventkg.store.beside import Beside

if TYPE_CHECKING:
    from eventkg.claims.policy import Policy
    from eventkg.kg.graph import KnowledgeGraph
    from eventkg.kg.indexing import Building
    from eventkg.store.directory import Checkpoint

_PATIENCE_S = 3600.0  # for a query of ours over a large store
_TRIES = 3  # while others write


class Maker:
    """Makes indexes of one open graph, one after the other."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        self._graph = graph
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._made = 0

    def state(self, version: str) -> str:
        """What a version is called; nothing where there is only one."""
        return version if isinstance(self._graph.source, StoreSource) else ""

    def close(self) -> None:
        """Remove what is left."""
        if self._folder is not None:
            self._folder.cleanup()

    def make(self, policy: Policy, building: Building) -> tuple[Index, str]:
        """The index of the current state in the world of a policy, and that state's version.

        Raises:
            EventkgError: it cannot be built.

        """
        source = self._graph.source
        if policy == DEFAULT and isinstance(source, StoreSource):
            checkpoint = source.checkpoint()
            return self._beside(checkpoint, building), checkpoint.name
        beside = not isinstance(source, RemoteSource)  # whose work is done elsewhere
        for _ in range(_TRIES):
            version = self._graph.engine.state()
            pool = self._graph.engine_for(policy)
            if version == self._graph.engine.state():
                path = self._scratch()
                building.build(pool, path, self._graph.limits.memory_mb, beside=beside)
                return _alone(path), version
        raise WorkerError("the graph changes faster than its events can be counted in this view")

    def _beside(self, checkpoint: Checkpoint, building: Building) -> Index:
        """Kept beside the checkpoint; where nothing can be written there, for this process alone."""
        limits = replace(self._graph.limits, timeout_s=_PATIENCE_S)
        with on_disk(checkpoint, limits) as pool:  # it lets go of the checkpoint
            beside = Beside(checkpoint.path)
            for path in beside.found():
                with suppress(UnusableError):
                    return Index(path)
            partial = beside.partial()
            path = partial or self._scratch()
            digest = building.build(pool, path, limits.memory_mb)
            return _opened(beside.keep(path, digest)) if partial else _alone(path)

    def _scratch(self) -> Path:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="eventkg-index-")
        self._made += 1
        return Path(self._folder.name) / f"{self._made}.sqlite"


def _alone(path: Path) -> Index:
    """It needs no name any more, where a file that is open can lose it."""
    index = _opened(path)
    with suppress(OSError):
        path.unlink()
    return index


def _opened(path: Path) -> Index:
    try:
        return Index(path)
    except UnusableError as problem:
        raise DataError(str(problem)) from problem
