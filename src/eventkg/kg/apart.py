"""Work on an open graph in a process of its own, which asks the graph's workers by way of this one.

Drawing and measuring a large network takes many seconds of a processor and runs in libraries in C: it must
neither stop this process from answering others nor end it. The child has no data of its own; each of its
queries comes back here and is answered as any other.
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from typing import IO, TYPE_CHECKING, Any

from eventkg.errors import EventkgError, TimeLimitError, WorkerError
from eventkg.query import frames
from eventkg.query.child import explain
from eventkg.query.job import Job
from eventkg.store.process import child_environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from eventkg.claims.policy import Policy
    from eventkg.kg.graph import KnowledgeGraph
    from eventkg.query.pool import Running
    from eventkg.settings import Limits

    Turn = Callable[[], AbstractContextManager[Callable[[Running], None]]]

_LOWEST = 19  # nice(2)


@dataclass(frozen=True, slots=True)
class Told:
    """What a child is told of the graph that it may ask.

    `policy` is whose world it is to ask, `version` the engine's name for the state, `snapshot` people's.
    """

    policy: Policy
    version: str
    snapshot: str
    limits: Limits


@contextmanager
def _at_once() -> Iterator[Callable[[Running], None]]:
    """A query waits for nobody."""
    yield lambda _: None


class Apart:
    """One piece of work: `function(graph, *arguments)` in a child, whose bytes `run` returns.

    `turn` is entered around each query of the child's, and told of the query when it has begun.
    """

    def __init__(self, graph: KnowledgeGraph, told: Told, limit_s: float, turn: Turn = _at_once) -> None:
        self._graph, self._told, self._limit_s, self._turn = graph, told, limit_s, turn
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._running: Running | None = None
        self._late = self._unwanted = False

    def run(self, function: Callable[..., bytes], *arguments: Any) -> bytes:  # noqa: ANN401  (the function's own)
        """What it returns.

        Raises:
            EventkgError: the one that the function or a query raised; TimeLimitError; WorkerError where it
                was stopped.

        """
        asked = pickle.dumps((self._told, function, arguments))
        started = time.monotonic()
        timer = threading.Timer(self._limit_s, self._stop_late)
        timer.daemon = True
        with tempfile.TemporaryFile() as complaints:
            process = self._start(complaints)
            timer.start()
            try:
                return self._serve(process, asked)
            except (EOFError, BrokenPipeError) as problem:
                process.wait()
                complaints.seek(0)
                elapsed_s = time.monotonic() - started
                raise self._reason(process.returncode, complaints.read(), elapsed_s) from problem
            finally:
                timer.cancel()
                _end(process)

    def kill(self) -> None:
        """Stop it from another thread: nobody wants what it makes."""
        self._unwanted = True
        self._stop()

    def demote(self) -> None:
        """It goes on at the lowest priority."""
        with self._lock:
            if self._process is not None and self._process.poll() is None:
                with suppress(OSError, AttributeError):  # Windows has none
                    os.setpriority(os.PRIO_PROCESS, self._process.pid, _LOWEST)

    def _start(self, complaints: IO[bytes]) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._unwanted:
                raise WorkerError("stopped before it began")
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "eventkg.kg.apartchild"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
                env=child_environment(),
            )
            return self._process

    def _stop_late(self) -> None:
        self._late = True
        self._stop()

    def _stop(self) -> None:
        with self._lock:
            if self._process is not None and self._process.poll() is None:
                self._process.kill()
            if self._running is not None:
                self._running.kill()

    def _reason(self, code: int, complaint: bytes, elapsed_s: float) -> EventkgError:
        if self._late:
            return TimeLimitError(self._limit_s, elapsed_s)
        if self._unwanted:
            return WorkerError("stopped: nobody waits for it any more")
        return explain(code, complaint, self._told.limits.memory_mb)

    def _serve(self, process: subprocess.Popen[bytes], asked: bytes) -> bytes:
        said, heard = process.stdin, process.stdout
        assert said is not None and heard is not None  # noqa: PT018, S101  (pipes, as asked for)
        tell(said, frames.READY, asked)
        while True:
            kind, payload = hear(heard)
            if kind == frames.END:
                return payload
            self._relay(said, json.loads(payload))

    def _relay(self, said: IO[bytes], asked: dict[str, Any]) -> None:
        """Answer a query of the child's; an error of the query ends the work."""
        view = self._told.policy if asked["view"] else None
        job = Job.from_bytes(asked["job"].encode())
        with self._turn() as begun, self._graph.start(job, view)[0] as running:
            with self._lock:
                self._running = running
            begun(running)
            try:
                tell(said, frames.HEAD, json.dumps(asdict(running.head())).encode())
                for chunk in running.chunks():
                    tell(said, frames.DATA, chunk)
            except WorkerError as problem:
                if self._late or self._unwanted:
                    raise EOFError from problem
                raise
            finally:
                with self._lock:
                    self._running = None
        tell(said, frames.END)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(BrokenPipeError):
                pipe.close()
    process.wait()


def tell(pipe: IO[bytes], kind: bytes, payload: bytes = b"") -> None:
    """A frame, at once."""
    pipe.write(frames.frame(kind, payload))
    pipe.flush()


def hear(pipe: IO[bytes]) -> tuple[bytes, bytes]:
    """The next frame.

    Raises:
        EOFError: the other side is gone.

    """
    kind, length = frames.header(_exactly(pipe, frames.HEADER_SIZE))
    return kind, _exactly(pipe, length)


def _exactly(pipe: IO[bytes], count: int) -> bytes:
    found = pipe.read(count)
    if len(found) < count:
        raise EOFError
    return found
