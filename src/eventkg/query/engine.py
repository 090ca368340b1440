"""Queries over a store that changes: each runs on the state that is current when it starts.

Disk is the only truth. Memory is a cache of one checkpoint: while the holder of the current one is being
loaded, where memory does not suffice, or where nothing can be forked, workers opened on the checkpoint
answer.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Literal, Self

from eventkg.errors import WorkerError
from eventkg.query.crews import ForkedCrew, SpawnedCrew, feed_bytes
from eventkg.query.diskcrews import disk_crew
from eventkg.query.pool import Pool
from eventkg.store.directory import Checkpoint, current_name, hold_current, open_checkpoint
from eventkg.store.overlay import ScratchCheckpoint
from eventkg.store.process import can_fork, child_environment, free_memory
from eventkg.store.transcript import read_index, tables_size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    import pyoxigraph as ox

    from eventkg.query.job import Head, Job
    from eventkg.query.pool import Running
    from eventkg.settings import Limits

Mode = Literal["auto", "memory", "disk"]
# Bytes of memory for one byte on disk: 870 MB for 2 M quads of 300 MB, measured; twice, for the next
# snapshot.
_EXPANSION, _SNAPSHOTS, _SHARE = 3.0, 2, 0.8
_SETTLE_S, _LOOK_S = 1.0, 0.05  # a state that lasts so long is worth a snapshot in memory
_LOG = logging.getLogger("eventkg")


@dataclass(slots=True)
class _State:
    """One checkpoint with the pools over it."""

    checkpoint: Checkpoint
    disk: Pool
    memory: Pool | None = None
    coming: ForkedCrew | None = None  # the holder while it is being loaded
    loader: threading.Thread | None = None
    beginning: int = 0  # queries on their way into a pool
    retired: bool = False

    def best(self) -> Pool:
        """Memory once it is there."""
        return self.memory if self.memory is not None and self.memory.alive() else self.disk

    def pools(self) -> list[Pool]:
        return [pool for pool in (self.memory, self.disk) if pool is not None]


class StoreEngine:
    """Answers over the current checkpoint of a directory; safe to use from many threads."""

    def __init__(self, directory: Path, limits: Limits, mode: Mode = "disk") -> None:
        """Ready at once, whatever the size of the store.

        Raises:
            DataError: no store in the directory, or one of another version.

        """
        self.directory, self.limits, self.mode = directory, limits, mode
        self._lock = threading.Lock()
        self._closed = self._opened = False
        if mode == "memory" and not can_fork():
            _LOG.warning("no process can be forked here: %s is answered from disk", directory)
        self._old: list[_State] = []  # on which queries may still be under way
        self.loaded: Callable[[], None] = _nobody  # told, in a thread, that a state is answered from memory
        self._state = self._open()

    def start(self, job: Job) -> Running:
        """As `Pool.start`."""
        with self._current() as state:
            return state.best().start(job)

    def start_if_idle(self, job: Job) -> Running | None:
        """As `Pool.start_if_idle`: None as well where a new state has to be opened first."""
        if not self._lock.acquire(blocking=False):
            return None
        try:
            if self._closed or current_name(self.directory) != self._state.checkpoint.name:
                return None
            return self._state.best().start_if_idle(job)
        finally:
            self._lock.release()

    def ask(self, job: Job) -> tuple[Head, bytes]:
        """As `Pool.ask`."""
        with self.start(job) as running:
            return running.head(), b"".join(running.chunks())

    def branch(self, change: Callable[[ox.Store], tuple[bytes, bytes]]) -> tuple[str, Pool]:
        """A pool over the current state as `change` wants it: quads to remove, quads to add (N-Quads).

        Returns:
            The version of the state, and the pool, which the caller closes.

        """
        with self._current() as state:
            removed, added = change(open_checkpoint(state.checkpoint.path))
            return state.checkpoint.name, state.best().branch(removed, added)

    def read(self, reading: Callable[[ox.Store], None]) -> str:
        """Let the current state be read; its version."""
        with self._current() as state:
            reading(open_checkpoint(state.checkpoint.path))
            return state.checkpoint.name

    def version(self) -> str:
        """The name of the current checkpoint."""
        name = current_name(self.directory)
        if name == self._state.checkpoint.name and not self._closed:
            return name
        with self._current() as state:
            return state.checkpoint.name

    def state(self) -> str:
        """What is made of the current state and kept belongs to its checkpoint."""
        return self.version()

    def in_memory(self) -> bool:
        """Whether the current state is answered from memory."""
        with self._current() as state:
            return state.best() is state.memory

    def close(self) -> None:
        """End every worker."""
        with self._lock:
            self._closed = True
            states = [*self._old, self._state]
            for state in states:
                _retire(state)
        for state in states:
            if state.loader is not None:
                state.loader.join()
            for pool in state.pools():
                pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _current(self) -> Iterator[_State]:
        """The state that the directory names, which stays open while the block runs.

        A new one is opened when a writer has published it; the old one ends with the last query on it.
        """
        with self._lock:
            if self._closed:
                raise WorkerError("the store was closed by its user")
            if current_name(self.directory) != self._state.checkpoint.name:
                state = self._open()
                _retire(self._state)
                self._old = [old for old in (*self._old, self._state) if any(p.alive() for p in old.pools())]
                self._state = state
            state, old = self._state, [old for old in self._old if not old.beginning]
            state.beginning += 1
        try:
            for one in old:
                _end_if_idle(one)
            yield state
        finally:
            with self._lock:
                state.beginning -= 1
                last = state.retired and not state.beginning
            if last:
                _end_if_idle(state)

    def _open(self) -> _State:
        checkpoint = hold_current(self.directory)
        state = _State(checkpoint, on_disk(checkpoint, self.limits))
        if can_fork() and (self.mode == "memory" or (self.mode == "auto" and _fits(checkpoint.path))):
            if not self._opened:
                state.coming = ForkedCrew(self.limits.memory_mb)
            state.loader = threading.Thread(target=self._load, args=(state,), daemon=True)
            state.loader.start()
        self._opened = True
        return state

    def _settled(self, state: _State) -> ForkedCrew | None:
        """A holder to load, if nobody writes again at once; the first state has one from the start."""
        if state.coming is not None:
            return state.coming
        end = time.monotonic() + _SETTLE_S
        while time.monotonic() < end and not state.retired:
            time.sleep(_LOOK_S)
        with self._lock:
            if not (state.retired or self._closed):
                state.coming = ForkedCrew(self.limits.memory_mb)
            return state.coming

    def _load(self, state: _State) -> None:
        """Build the holder beside the workers on disk that answer meanwhile."""
        crew = self._settled(state)
        if crew is None:
            return
        try:
            crew = self._filled(state, crew)
        except (WorkerError, OSError) as problem:
            if not state.retired:
                _LOG.warning("snapshot %s stays on disk: %s", state.checkpoint.name, problem)
            return
        pool = Pool(crew, self.limits)
        with self._lock:
            state.coming = None
            state.memory = None if state.retired else pool
        if state.memory is None:
            pool.close()
        else:
            self.loaded()

    def _filled(self, state: _State, crew: ForkedCrew) -> ForkedCrew:
        """Loaded by the checkpoint's transcript, or where that proves wrong out of the engine's files."""
        path = state.checkpoint.path
        told = read_index(path) is not None
        try:
            crew.load(_Dump(path))
        except WorkerError as problem:
            with self._lock:
                if not told or state.retired or self._closed:
                    raise
                state.coming = crew = ForkedCrew(self.limits.memory_mb)
            _LOG.warning("snapshot %s is read again: %s", state.checkpoint.name, problem)
            crew.load(_Dump(path, "anew"))
        return crew


def _nobody() -> None:
    """Nobody wants to be told."""


def _retire(state: _State) -> None:
    """No query begins on it any more, and the holder that is being loaded for it is of no use."""
    state.retired = True
    if state.coming is not None:
        state.coming.abort()


def _end_if_idle(state: _State) -> None:
    """Queries under way end as they would; the pools and the checkpoint go with the last of them."""
    for pool in state.pools():
        pool.retire()


class _Dump:
    """A feed of all that a checkpoint holds, written by a process that may open RocksDB."""

    def __init__(self, checkpoint: Path, *how: str) -> None:
        self._checkpoint, self._how = checkpoint, how

    def __call__(self, stdin: IO[bytes]) -> None:
        command = [sys.executable, "-P", "-m", "eventkg.store.feed", str(self._checkpoint), *self._how]
        done = subprocess.run(  # noqa: S603  (our own module)
            command,
            stdout=stdin,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,  # of no interest if the state was given up meanwhile
            env=child_environment(),
            check=False,
        )
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip().removeprefix("eventkg: ")
            raise WorkerError(said or f"{self._checkpoint}: could not be read")


def in_memory(nquads: Iterable[bytes], limits: Limits) -> Pool:
    """A pool over N-Quads at hand; returns when the snapshot is loaded, or on disk where nothing can fork."""
    if not can_fork():
        return Pool(disk_crew(ScratchCheckpoint(nquads), limits.memory_mb), limits)
    crew = ForkedCrew(limits.memory_mb)
    crew.load(feed_bytes(nquads))
    return Pool(crew, limits)


def on_disk(checkpoint: Checkpoint, limits: Limits) -> Pool:
    """A pool of workers that open a checkpoint themselves, ready at once; it lets go of the checkpoint."""
    return Pool(disk_crew(checkpoint, limits.memory_mb), limits)


def remote(url: str, limits: Limits) -> Pool:
    """A pool of workers that pass queries on to a SPARQL 1.1 endpoint."""
    return Pool(SpawnedCrew("eventkg.query.remoteworker", url, limits.memory_mb), limits)


def _fits(checkpoint: Path) -> bool:
    """Whether two snapshots of it fit into the memory that is free now."""
    return tables_size(checkpoint) * _EXPANSION * _SNAPSHOTS < free_memory() * _SHARE
