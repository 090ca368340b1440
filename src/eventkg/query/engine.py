"""Queries over a store that changes: each runs on the state that is current when it starts.

Disk is the only truth. Memory is a cache of one checkpoint: while the holder of the current one is being
loaded, or
where memory does not suffice, workers opened on the checkpoint answer.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal, Self

from eventkg.errors import WorkerError
from eventkg.query.crews import ForkedCrew, SpawnedCrew, feed_bytes
from eventkg.query.pool import Pool
from eventkg.store.directory import Checkpoint, current_name, hold_current

if TYPE_CHECKING:
    from collections.abc import Iterable

    from eventkg.query.job import Head, Job
    from eventkg.query.pool import Running
    from eventkg.settings import Limits

Mode = Literal["auto", "memory", "disk"]
# Bytes of memory for one byte on disk: 870 MB for 2 M quads of 300 MB, measured; twice, for the next
# snapshot.
_EXPANSION, _SNAPSHOTS, _SHARE = 3.0, 2, 0.8
_LOG = logging.getLogger("eventkg")


@dataclass(slots=True)
class _State:
    """One checkpoint with the pools over it."""

    checkpoint: Checkpoint
    disk: Pool
    memory: Pool | None = None

    def best(self) -> Pool:
        return self.memory if self.memory is not None and self.memory.alive() else self.disk

    def retire(self) -> None:
        """Queries under way end as they would; then the checkpoint may go."""
        self.disk.retire()
        if self.memory is not None:
            self.memory.retire()
        self.checkpoint.close()


class StoreEngine:
    """Answers over the current checkpoint of a directory; safe to use from many threads."""

    def __init__(self, directory: Path, limits: Limits, mode: Mode = "disk") -> None:
        """Ready at once, whatever the size of the store.

        Raises:
            DataError: no store in the directory, or one of another version.

        """
        self.directory, self.limits, self.mode = directory, limits, mode
        self._lock = threading.Lock()
        self._closed = False
        self._loading: threading.Thread | None = None
        self._state = self._open()

    @property
    def checkpoint(self) -> Path:
        """The checkpoint that queries run over now."""
        return self._current().checkpoint.path

    def start(self, job: Job) -> Running:
        """As `Pool.start`."""
        return self._current().best().start(job)

    def ask(self, job: Job) -> tuple[Head, bytes]:
        """As `Pool.ask`."""
        with self.start(job) as running:
            return running.head(), b"".join(running.chunks())

    def version(self) -> str:
        """The name of the current checkpoint."""
        return self._current().checkpoint.name

    def in_memory(self) -> bool:
        """Whether the current state is answered from memory."""
        state = self._current()
        return state.best() is state.memory

    def close(self) -> None:
        """End every worker."""
        with self._lock:
            self._closed = True
            state, loading = self._state, self._loading
        if loading is not None:
            loading.join()
        if state.memory is not None:
            state.memory.close()
        state.disk.close()
        state.checkpoint.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _current(self) -> _State:
        """The state that the directory names; a new one is opened when a writer has published it."""
        with self._lock:
            if not self._closed and current_name(self.directory) != self._state.checkpoint.name:
                old, self._state = self._state, self._open()
                old.retire()
            return self._state

    def _open(self) -> _State:
        checkpoint = hold_current(self.directory)
        state = _State(checkpoint, on_disk(checkpoint.path, self.limits))
        if self.mode == "memory" or (self.mode == "auto" and _fits(checkpoint.path)):
            self._loading = threading.Thread(
                target=self._load, args=(state,), daemon=True, name="eventkg-snapshot"
            )
            self._loading.start()
        return state

    def _load(self, state: _State) -> None:
        """Build the holder beside the workers on disk that answer meanwhile."""
        try:
            crew = ForkedCrew(_Dump(state.checkpoint.path), self.limits.memory_mb)
        except WorkerError as problem:
            _LOG.warning("snapshot %s stays on disk: %s", state.checkpoint.name, problem)
            return
        pool = Pool(crew, self.limits)
        with self._lock:
            if state is self._state and not self._closed:
                state.memory = pool
                return
        pool.close()


class _Dump:
    """A feed: the checkpoint as N-Quads, written by a process that may open RocksDB."""

    def __init__(self, checkpoint: Path) -> None:
        self._checkpoint = checkpoint

    def __call__(self, stdin: IO[bytes]) -> None:
        command = [sys.executable, "-P", "-m", "eventkg.store.dump", str(self._checkpoint)]
        done = subprocess.run(command, stdout=stdin, stdin=subprocess.DEVNULL, check=False)  # noqa: S603  (our own module)
        if done.returncode:
            raise WorkerError(f"{self._checkpoint}: could not be read")


def in_memory(nquads: Iterable[bytes], limits: Limits) -> Pool:
    """A pool over N-Quads at hand; returns when the snapshot is loaded."""
    return Pool(ForkedCrew(feed_bytes(nquads), limits.memory_mb), limits)


def on_disk(checkpoint: Path, limits: Limits) -> Pool:
    """A pool of workers that open a checkpoint themselves; ready at once."""
    return Pool(SpawnedCrew("eventkg.query.diskworker", str(checkpoint), limits.memory_mb), limits)


def remote(url: str, limits: Limits) -> Pool:
    """A pool of workers that pass queries on to a SPARQL 1.1 endpoint."""
    return Pool(SpawnedCrew("eventkg.query.remoteworker", url, limits.memory_mb), limits)


def _fits(checkpoint: Path) -> bool:
    """Whether two snapshots of it fit into the memory that is free now."""
    size = sum(path.stat().st_size for path in checkpoint.iterdir())
    for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
        name, _, rest = line.partition(":")
        if name == "MemAvailable":
            return size * _EXPANSION * _SNAPSHOTS < int(rest.split()[0]) * 1024 * _SHARE
    return False
