"""An answer between its worker and its client: read ahead, so that a slow reader does not keep the worker."""

from __future__ import annotations

import asyncio
import tempfile
import threading
from typing import TYPE_CHECKING

from eventkg.errors import EventkgError, WorkerError

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventkg.query.fetching import Stoppable
    from eventkg.query.job import Head, Job
    from eventkg.query.pool import Running

    Start = Callable[[Job, Callable[[Stoppable], None]], tuple[Running, str]]

AHEAD = 64 << 20  # bytes that an answer may be ahead of its reader; then the worker waits
_IN_MEMORY = 8 << 20  # bytes of them; the rest is in a file without a name
SMALL = 1 << 20  # bytes of an answer that is sent in one piece
_PIECE = 256 * 1024  # bytes sent at a time


class Stalls:
    """How many workers wait for slow readers; never more than half of them."""

    def __init__(self, workers: int) -> None:
        self._most = max(1, workers // 2)
        self._lock = threading.Lock()
        self.count = 0

    def begin(self) -> bool:
        """One more, if there may be."""
        with self._lock:
            if self.count >= self._most:
                return False
            self.count += 1
            return True

    def end(self) -> None:
        """One less."""
        with self._lock:
            self.count -= 1


class Relay:
    """One answer. `run` is a thread's work; everything else belongs to the event loop."""

    def __init__(self, start: Start, job: Job, stalls: Stalls, send_timeout_s: float) -> None:
        self._start, self._job, self._stalls, self._patience_s = start, job, stalls, send_timeout_s
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Event()
        self._changed = threading.Condition()
        self._spool = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  (closed by close)
        self._written = self._read = 0
        self._ended = self._closed = False
        self._problem: EventkgError | None = None
        self._running: Stoppable | None = None
        self.head: Head | None = None
        self.policy = ""
        self.rows = -1  # once it has ended

    def run(self, begun: tuple[Running, str] | None = None) -> None:
        """Ask, unless a query has begun, and read until the end, the reader's patience or a failure."""
        problem: EventkgError | None = None
        try:
            running, self.policy = begun or self._start(self._job, self._attach)
            with running:
                self._attach(running)
                head = running.head()
                whole = head.length >= 0
                for chunk in running.chunks():
                    self._take(running, chunk, head if not whole else None)
                self.rows = running.rows
                self.head = head
        except EventkgError as found:
            problem = found
        except Exception as found:  # noqa: BLE001  (the edge of the thread: its reader would wait for ever)
            problem = WorkerError(repr(found))
        self._tell(problem, ended=True)

    def demote(self) -> None:
        """Let others go first."""
        if self._running is not None:
            self._running.demote()

    def close(self) -> None:
        """Nobody wants the rest."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            if self._running is not None:
                self._running.kill()
            self._spool.close()

    async def ready(self) -> Head:
        """Wait for the first block.

        Raises:
            EventkgError: what went wrong before it.

        """
        while self.head is None:
            await self._news.wait()
            self._news.clear()
            if self._problem is not None:
                raise self._problem
        return self.head

    def whole(self) -> bytes | None:
        """All of it, if it is here and small."""
        with self._changed:
            if not self._ended or self._problem or self._written > SMALL:
                return None
            self._spool.seek(0)
            return self._spool.read()

    async def next_chunk(self) -> bytes:
        """What has come since; empty at the end.

        Raises:
            EventkgError: the answer ended in the middle.

        """
        while True:
            with self._changed:
                if self._closed:
                    raise WorkerError("the answer was closed by its reader")
                if self._read < self._written:
                    self._spool.seek(self._read)
                    chunk = self._spool.read(min(_PIECE, self._written - self._read))
                    self._read += len(chunk)
                    self._changed.notify_all()
                    return chunk
                if self._problem is not None:
                    raise self._problem
                if self._ended:
                    return b""
            await self._news.wait()
            self._news.clear()

    def _attach(self, running: Stoppable) -> None:
        with self._changed:
            self._running = running
            if self._closed:
                running.kill()

    def _take(self, running: Running, chunk: bytes, head: Head | None) -> None:
        with self._changed:
            if self._written - self._read >= AHEAD:
                self._stall(running)
            if self._closed:
                raise WorkerError("the reader has gone")
            self._spool.seek(self._written)
            self._spool.write(chunk)
            self._written += len(chunk)
            if head is not None:
                self.head = head
        if head is not None:
            self._tell(None, ended=False)

    def _stall(self, running: Running) -> None:
        """The worker waits; its time does not run meanwhile, the reader's does."""
        if not self._stalls.begin():
            raise WorkerError("too many slow readers: no more of them may keep a worker waiting")
        running.pause()
        try:
            fits = self._changed.wait_for(
                lambda: self._closed or self._written - self._read < AHEAD, self._patience_s
            )
        finally:
            running.resume()
            self._stalls.end()
        if not fits:
            raise WorkerError(f"the reader took nothing for {self._patience_s:g} s")

    def _tell(self, problem: EventkgError | None, *, ended: bool) -> None:
        with self._changed:
            self._problem, self._ended = problem, ended
        try:
            self._loop.call_soon_threadsafe(self._news.set)
        except RuntimeError:  # the loop has ended
            return
