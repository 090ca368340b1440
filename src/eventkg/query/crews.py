"""Where workers come from: forked from a process that holds the snapshot, or spawned on a checkpoint."""

from __future__ import annotations

import contextlib
import json
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import IO, TYPE_CHECKING, Protocol

from eventkg.errors import WorkerError
from eventkg.query import frames

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# -P: no module of the user's working directory is taken for ours
_PYTHON = [sys.executable, "-P", "-m"]
_GONE = "the process that holds the snapshot has ended"


class Crew(Protocol):
    """Makes workers over one immutable snapshot; the pool calls it under its lock."""

    def hire(self) -> tuple[socket.socket, int]:
        """A new worker: our end of its socket, and its process number."""

    def reap(self, pid: int) -> int:
        """Wait for a worker that is dying; the signal that ended it, or 0."""

    def alive(self) -> bool:
        """Whether new workers can be had."""

    def close(self) -> None:
        """End every worker."""


class ForkedCrew:
    """Workers forked from a holder process: a few milliseconds each, and they share its memory."""

    def __init__(self, feed: Callable[[IO[bytes]], None], memory_mb: int) -> None:
        """Start the holder; `feed` writes the snapshot to it as N-Quads. Returns when it is loaded."""
        self._control, theirs = socket.socketpair()
        command = [*_PYTHON, "eventkg.query.holder", str(theirs.fileno()), str(memory_mb)]
        self._holder = subprocess.Popen(  # noqa: S603  (our own module, no user text)
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        )
        theirs.close()
        try:
            if self._holder.stdin is not None:
                with self._holder.stdin:
                    feed(self._holder.stdin)
            frames.receive(self._control)
        except BaseException as problem:
            self._holder.kill()
            self._control.close()
            self._holder.wait()
            if isinstance(problem, EOFError | BrokenPipeError):
                raise WorkerError("the process that holds the snapshot could not load it") from problem
            raise

    def hire(self) -> tuple[socket.socket, int]:
        """See `Crew`."""
        ours, theirs = socket.socketpair()
        try:
            frames.send(self._control, frames.FORK)
            socket.send_fds(self._control, [b"\0"], [theirs.fileno()])
            return ours, int(json.loads(frames.receive(self._control)[1])["pid"])
        except (EOFError, OSError) as problem:
            ours.close()
            raise WorkerError(_GONE) from problem
        finally:
            theirs.close()

    def reap(self, pid: int) -> int:
        """See `Crew`."""
        with contextlib.suppress(EOFError, OSError):
            frames.send_json(self._control, frames.REAP, {"pid": pid})
            return int(json.loads(frames.receive(self._control)[1])["signal"])
        return 0

    def alive(self) -> bool:
        """See `Crew`."""
        return self._holder.poll() is None

    def close(self) -> None:
        """See `Crew`."""
        self._control.close()
        self._holder.wait(timeout=10)


class SpawnedCrew:
    """Workers that are processes of their own, over a checkpoint or in front of an endpoint."""

    def __init__(self, module: str, target: str, memory_mb: int) -> None:
        """`module` is run with the socket, the memory limit and `target` (a folder or a URL)."""
        self._module, self._target, self._memory_mb = module, target, memory_mb
        self._workers: dict[int, subprocess.Popen[bytes]] = {}
        # A worker dies with the thread that started it (PR_SET_PDEATHSIG), so one thread starts them all.
        self._starter = ThreadPoolExecutor(1, "eventkg-starter")

    def hire(self) -> tuple[socket.socket, int]:
        """See `Crew`."""
        ours, theirs = socket.socketpair()
        arguments = [str(theirs.fileno()), str(self._memory_mb), self._target]
        worker = self._starter.submit(
            subprocess.Popen,
            [*_PYTHON, self._module, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        ).result()
        theirs.close()
        self._workers[worker.pid] = worker
        return ours, worker.pid

    def reap(self, pid: int) -> int:
        """See `Crew`."""
        worker = self._workers.pop(pid, None)
        return max(0, -worker.wait()) if worker else 0

    def alive(self) -> bool:
        """See `Crew`."""
        return True

    def close(self) -> None:
        """See `Crew`."""
        for worker in self._workers.values():
            worker.send_signal(signal.SIGKILL)
            worker.wait()
        self._workers.clear()
        self._starter.shutdown()


def feed_bytes(chunks: Iterable[bytes]) -> Callable[[IO[bytes]], None]:
    """A feed for `ForkedCrew` of N-Quads at hand."""
    return lambda stdin: stdin.writelines(chunks)
