"""The parent's side: workers kept warm, deadlines enforced by one sweep."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import threading
import time
from typing import TYPE_CHECKING, Self

from eventkg.errors import (
    DataError,
    EventkgError,
    MemoryLimitError,
    QueryError,
    QueryTooDeepError,
    TimeLimitError,
    WorkerError,
)
from eventkg.query import frames
from eventkg.query.job import GRAPHS, SOLUTIONS, Head, Job
from eventkg.query.lexical import check_query
from eventkg.store.process import KILL

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator

    from eventkg.query.crews import Crew
    from eventkg.settings import Limits

_SWEEP_S = 0.02
_LOWEST = 19  # nice(2)


class NotAcceptableError(EventkgError):
    """The query's form of answer (`form`) exists in none of the formats asked for."""

    exit_code = 2

    def __init__(self, form: str) -> None:
        fitting = ", ".join(GRAPHS if form == "graph" else SOLUTIONS)
        super().__init__(f"the answer is a {form.removesuffix('s')}: one of the formats {fitting} expected")
        self.form = form


class BusyError(EventkgError):
    """No worker became free within the time limit."""


class _Worker:
    """A forked worker as its user sees it."""

    def __init__(self, sock: socket.socket, pid: int) -> None:
        self.sock, self.pid = sock, pid
        self.inbox = frames.Inbox(sock)
        self.deadline = float("inf")
        self.timed_out = self.killed = self.demoted = False
        self.left_s = 0.0  # of its time, while it is paused

    def kill(self) -> None:
        """Its number cannot have been given to another process: the holder reaps only when told."""
        self.killed = True
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, KILL)


class Running:
    """A query under way: read `head`, then iterate `chunks`; close it in any case."""

    def __init__(self, pool: Pool, worker: _Worker) -> None:
        self._pool, self._worker = pool, worker
        self._started = time.monotonic()
        self._released = self._ended = False
        self.rows = -1  # of the answer, once it has ended; -1 where nobody counted them

    def fileno(self) -> int:
        """What an event loop waits on before it asks for `whole`."""
        return self._worker.sock.fileno()

    def look(self) -> int:
        """Take in what the worker has said, without waiting; the number of bytes kept.

        Raises:
            EOFError: it is gone; `head` says why. BlockingIOError: it has said nothing.

        """
        return self._worker.inbox.look()

    def whole(self) -> tuple[Head, bytes] | None:
        """The answer, if all of it was taken in by `look`; else `head` and `chunks` begin with that."""
        said = self._worker.inbox.all()
        if not said or said[0][0] != frames.HEAD or said[-1][0] != frames.END:
            return None
        self._worker.inbox.clear()
        self._end(said[-1][1])
        return Head.from_bytes(said[0][1]), b"".join([payload for _, payload in said[1:-1]])

    def failed(self) -> bool:
        """Whether `look` took in that the query failed: `head` or `chunks` will say how."""
        return frames.ERROR in self._worker.inbox.kinds()

    def let_go(self) -> bool:
        """Give back the worker of an ended answer, if that takes no time; `close` does it in any case."""
        if self._ended and not self._released:
            self._released = self._pool.keep(self._worker)
        return self._released

    def head(self) -> Head:
        """Blocks until the first block of the answer is ready.

        Raises:
            QueryError: with line and column.
            QueryTooDeepError, TimeLimitError, MemoryLimitError, WorkerError, NotAcceptableError: as they say.

        """
        kind, payload = self._receive()
        if kind == frames.ERROR:
            self._raise(payload)
        return Head.from_bytes(payload)

    def chunks(self) -> Iterator[bytes]:
        """The answer's bytes; raises as `head` does when the worker fails in mid-stream."""
        while True:
            kind, payload = self._receive()
            if kind == frames.END:
                self._end(payload)
                self._release()
                return
            if kind == frames.ERROR:
                self._raise(payload)
            yield payload

    def kill(self) -> None:
        """Stop it from another thread; whoever waits for its answer is told."""
        with self._pool.lock:
            if not self._released:  # else the worker answers somebody else by now
                self._worker.kill()

    def pause(self) -> None:
        """Its time stops while its reader takes nothing."""
        with self._pool.lock:
            self._worker.left_s = self._worker.deadline - time.monotonic()
            self._worker.deadline = float("inf")

    def resume(self) -> None:
        """Its time runs again."""
        with self._pool.lock:
            self._worker.deadline = time.monotonic() + self._worker.left_s

    def demote(self) -> None:
        """It goes on at the lowest priority, and does not count as a worker any more: another may begin."""
        with self._pool.lock:
            if self._released or self._worker.demoted:
                return
            self._worker.demoted = True
            with contextlib.suppress(OSError, AttributeError):  # Windows has none
                os.setpriority(os.PRIO_PROCESS, self._worker.pid, _LOWEST)
        self._pool.free_one()

    def close(self) -> None:
        """An answer that nobody wants to the end is stopped: its worker is killed."""
        if self._released:
            return
        if self._ended:
            self._release()
            return
        self._worker.kill()
        self._released = True
        self._pool.bury(self._worker)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _end(self, said: bytes) -> None:
        self._ended = True
        if said:
            self.rows = json.loads(said)["rows"]

    def _release(self) -> None:
        with self._pool.lock:
            self._released = True
        self._pool.give_back(self._worker)

    def _receive(self) -> tuple[bytes, bytes]:
        try:
            return self._worker.inbox.receive()
        except EOFError as problem:
            raise self._post_mortem() from problem

    def _raise(self, payload: bytes) -> None:
        self._release()
        error = json.loads(payload)
        if error["kind"] == "not-acceptable":
            raise NotAcceptableError(error["message"])
        if error["kind"] in {"store", "remote"}:
            raise DataError(error["message"])
        if error["kind"] == "internal":
            raise WorkerError(error["message"])
        raise QueryError(f"query: {error['message']}", error.get("line"), error.get("column"))

    def _post_mortem(self) -> EventkgError:
        """What the worker died of."""
        limits = self._pool.limits
        if self._released:
            return WorkerError("the query was stopped by its user")
        self._released = True
        cause = self._pool.bury(self._worker)
        if self._worker.timed_out:
            return TimeLimitError(limits.timeout_s, time.monotonic() - self._started)
        if cause == signal.SIGABRT:
            return MemoryLimitError(limits.memory_mb)
        if cause == signal.SIGSEGV:
            return QueryTooDeepError(
                "query: nested too deeply for the parser; the worker that read it is gone"
            )
        if not self._pool.alive():
            return WorkerError("the process that holds the snapshot has ended")
        return WorkerError(f"the worker ended unexpectedly (signal {cause})")


class Pool:
    """Answers queries over one immutable snapshot; safe to use from many threads."""

    def __init__(self, crew: Crew, limits: Limits) -> None:
        """Take over a crew; the pool closes it."""
        self.limits = limits
        self._crew = crew
        self._hiring = threading.Lock()  # the crew, which may take its time
        self.lock = threading.Lock()  # the lists below; held for moments only
        self._retired = False
        self._free = threading.BoundedSemaphore(limits.workers)
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()
        self._closed = threading.Event()
        threading.Thread(target=self._sweep, name="eventkg-deadlines", daemon=True).start()

    def start(self, job: Job) -> Running:
        """Hand a query to a worker, the one used last first; waits for a free one at most the time limit.

        Raises:
            QueryError: refused before any worker saw it. BusyError: no worker became free.

        """
        if not job.dataset:
            check_query(job.query)
        if not self._free.acquire(timeout=self.limits.timeout_s):
            raise BusyError(f"no worker was free within {self.limits.timeout_s:g} s")
        try:
            worker = self._take_idle() or self._hire()
        except BaseException:
            self._free.release()
            raise
        return self._hand_over(worker, job)

    def start_if_idle(self, job: Job) -> Running | None:
        """As `start`, if a warm worker is idle: it waits for nothing."""
        if not job.dataset:
            check_query(job.query)
        if not self._free.acquire(blocking=False):
            return None
        worker = self._take_idle()
        if worker is None:
            self._free.release()
            return None
        return self._hand_over(worker, job)

    def _hand_over(self, worker: _Worker, job: Job) -> Running:
        with contextlib.suppress(BrokenPipeError):  # the reader will find out what it died of
            frames.send(worker.sock, frames.JOB, job.to_bytes())
        return Running(self, worker)

    def ask(self, job: Job) -> tuple[Head, bytes]:
        """The whole answer at once."""
        with self.start(job) as running:
            return running.head(), b"".join(running.chunks())

    def alive(self) -> bool:
        """Whether new workers can be had."""
        return self._crew.alive()

    def branch(self, removed: bytes, added: bytes) -> Pool:
        """A pool over the snapshot without some quads and with others (N-Quads)."""
        with self._hiring:
            changed = self._crew.branch()
        return Pool(changed(removed, added), self.limits)  # queries on this one go on meanwhile

    def keep(self, worker: _Worker) -> bool:
        """As `give_back`, where no process has to be waited for."""
        with self.lock:
            if worker.killed or worker.demoted or self._retired:
                return False
            self._busy.discard(worker)
            worker.deadline = float("inf")
            self._idle.append(worker)
        self._free.release()
        self._close_if_retired()
        return True

    def give_back(self, worker: _Worker) -> None:
        """Keep a worker that has finished warm for the next query, unless it was killed in that moment."""
        with self.lock:
            if worker.demoted:  # only root may raise a priority again
                worker.kill()
            if not worker.killed:
                self._busy.discard(worker)
                worker.deadline = float("inf")
                self._idle.append(worker)
        if worker.killed:
            self.bury(worker)
        else:
            self._free.release()
            self._close_if_retired()

    def bury(self, worker: _Worker) -> int:
        """Forget a worker that is dying or dead; returns the signal that ended it."""
        with self.lock:
            self._busy.discard(worker)
        with self._hiring:
            worker.sock.close()
            cause = self._crew.reap(worker.pid)
        if not worker.demoted:
            self._free.release()
        self._close_if_retired()
        return cause

    def free_one(self) -> None:
        """Somebody else may begin."""
        self._free.release()

    def retire(self) -> None:
        """Close when the queries under way have ended."""
        self._retired = True
        self._close_if_retired()

    def _close_if_retired(self) -> None:
        if self._retired and not self._busy:
            self.close()

    def close(self) -> None:
        """End every worker."""
        if self._closed.is_set():
            return
        self._closed.set()
        with self.lock:
            for worker in (*self._idle, *self._busy):
                worker.kill()
            for worker in self._idle:
                worker.sock.close()
        with self._hiring:
            self._crew.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _take_idle(self) -> _Worker | None:
        with self.lock:
            if self._closed.is_set():
                raise WorkerError("the pool of workers is closed")
            return self._begin(self._idle.pop()) if self._idle else None

    def _hire(self) -> _Worker:
        with self._hiring:
            if self._closed.is_set():
                raise WorkerError("the pool of workers is closed")
            worker = _Worker(*self._crew.hire())
            with self.lock:
                return self._begin(worker)

    def _begin(self, worker: _Worker) -> _Worker:
        worker.deadline = time.monotonic() + self.limits.timeout_s
        self._busy.add(worker)
        return worker

    def _sweep(self) -> None:
        """Kill what is past its deadline; whoever reads its answer learns why."""
        while not self._closed.wait(_SWEEP_S):
            now = time.monotonic()
            with self.lock:
                late = [w for w in self._busy if now > w.deadline]
                for worker in late:
                    worker.timed_out = True
                    worker.kill()
