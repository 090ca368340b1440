"""Where workers come from: forked from a process that holds the snapshot, or spawned on a checkpoint."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import IO, TYPE_CHECKING, Protocol

from eventkg.errors import WorkerError
from eventkg.query import frames
from eventkg.query.channel import PYTHON, start_worker
from eventkg.store.overlay import ChangedCopy
from eventkg.store.replay import PLAIN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    Change = Callable[[bytes, bytes], "Crew"]  # quads to remove and to add, as N-Quads

# The engine takes and gives back thousands of small pieces of memory for a query. Where they are kept at hand
# a small query takes a fifth less; workers inherit this from the holder.
_KEEP_FREED = "glibc.malloc.tcache_count=2000:glibc.malloc.tcache_max=65536"
_GONE = "the process that holds the snapshot has ended"


class Held(Protocol):
    """A folder that is kept until it is closed: a checkpoint, or a changed copy of one."""

    path: Path

    def close(self) -> None:
        """Let it go."""


class Crew(Protocol):
    """Makes workers over one immutable snapshot; the pool calls it under its lock."""

    def hire(self) -> tuple[socket.socket, int]:
        """A new worker: our end of its socket, and its process number."""

    def reap(self, pid: int) -> int:
        """Wait for a worker that is dying; the signal that ended it, or 0."""

    def alive(self) -> bool:
        """Whether new workers can be had."""

    def branch(self) -> Change:
        """What makes a crew over the snapshot without some quads and with others; it takes its time."""

    def close(self) -> None:
        """End every worker."""


class _HolderCrew:
    """Workers forked by the holder at the other end of a control socket."""

    _control: socket.socket

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

    def branch(self) -> Change:
        """See `Crew`: a fork, which changes what it holds while this holder goes on."""
        ours, theirs = socket.socketpair()
        try:
            frames.send(self._control, frames.BRANCH)
            socket.send_fds(self._control, [b"\0"], [theirs.fileno()])
        except OSError as problem:
            ours.close()
            raise WorkerError(_GONE) from problem
        finally:
            theirs.close()
        return partial(_changed, ours)


class ForkedCrew(_HolderCrew):
    """Workers forked from a holder process: a few milliseconds each, and they share its memory."""

    patience_s = 10.0  # to end by itself when it is closed, before it is killed

    def __init__(self, memory_mb: int) -> None:
        """Start the holder, which has nothing yet."""
        self._control, theirs = socket.socketpair()
        command = [*PYTHON, "eventkg.query.holder", str(theirs.fileno()), str(memory_mb)]
        self._holder = subprocess.Popen(  # noqa: S603  (our own module, no user text)
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            start_new_session=True,
            env={"GLIBC_TUNABLES": _KEEP_FREED, **os.environ},
        )
        theirs.close()

    def load(self, feed: Callable[[IO[bytes]], None]) -> None:
        """`feed` writes the snapshot to the holder (`eventkg.store.replay`); returns when it is loaded.

        Raises:
            WorkerError: it could not be, or `abort` was called. The crew is of no use then.

        """
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

    def abort(self) -> None:
        """End the holder from another thread, while it loads or after."""
        self._holder.kill()

    def alive(self) -> bool:
        """See `Crew`."""
        return self._holder.poll() is None

    def close(self) -> None:
        """See `Crew`."""
        self._control.close()
        try:
            self._holder.wait(timeout=self.patience_s)
        except subprocess.TimeoutExpired:  # it waits for its control socket, unless it is stopped or stuck
            self._holder.kill()
            self._holder.wait()


def _changed(control: socket.socket, removed: bytes, added: bytes) -> BranchedCrew:
    """The crew of a forked holder once it has changed its snapshot."""
    try:
        frames.send(control, frames.DATA, removed)
        frames.send(control, frames.DATA, added)
        frames.receive(control)
    except (EOFError, OSError) as problem:
        control.close()
        raise WorkerError(_GONE) from problem
    return BranchedCrew(control)


class BranchedCrew(_HolderCrew):
    """Workers forked from a branch of a holder; it ends when its control socket closes."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control

    def alive(self) -> bool:
        """See `Crew`."""
        try:
            return self._control.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) != b""
        except BlockingIOError:
            return True
        except OSError:
            return False

    def close(self) -> None:
        """See `Crew`."""
        self._control.close()


class SpawnedCrew:
    """Workers that are processes of their own, over a checkpoint or in front of an endpoint."""

    def __init__(self, module: str, target: str, memory_mb: int, held: Held | None = None) -> None:
        """`module` is run with the socket, the memory limit and `target`: a folder or a URL.

        What is `held` is let go when the crew is closed.
        """
        self._module, self._target, self._memory_mb, self._held = module, target, memory_mb, held
        self._closed = False
        self._workers: dict[int, subprocess.Popen[bytes]] = {}
        # A worker dies with the thread that started it (PR_SET_PDEATHSIG), so one thread starts them all.
        self._starter = ThreadPoolExecutor(1, "eventkg-starter")

    def hire(self) -> tuple[socket.socket, int]:
        """See `Crew`."""
        arguments = (self._module, str(self._memory_mb), self._target)
        try:
            ours, worker = self._starter.submit(start_worker, *arguments).result()
        except (OSError, RuntimeError) as problem:  # too many processes; a crew that is closed
            raise WorkerError(f"no worker could be started ({problem})") from problem
        self._workers[worker.pid] = worker
        return ours, worker.pid

    def reap(self, pid: int) -> int:
        """See `Crew`."""
        worker = self._workers.pop(pid, None)
        return max(0, -worker.wait()) if worker else 0

    def branch(self) -> Change:
        """See `Crew`; an endpoint cannot do it."""
        raise WorkerError(f"{self._target}: no view can be made of it")

    def alive(self) -> bool:
        """See `Crew`."""
        return not self._closed

    def close(self) -> None:
        """See `Crew`."""
        self._closed = True
        for worker in self._workers.values():
            worker.kill()
            worker.wait()
        self._workers.clear()
        self._starter.shutdown()
        if self._held:
            self._held.close()


class DiskCrew(SpawnedCrew):
    """Workers started on a checkpoint, any size of store, wherever there is Python."""

    def __init__(self, checkpoint: Held, memory_mb: int) -> None:
        super().__init__("eventkg.query.diskworker", str(checkpoint.path), memory_mb, checkpoint)
        self._checkpoint = checkpoint.path

    def branch(self) -> Change:
        """See `Crew`: over a changed copy of the checkpoint."""
        return lambda removed, added: DiskCrew(ChangedCopy(self._checkpoint, removed, added), self._memory_mb)


def feed_bytes(chunks: Iterable[bytes]) -> Callable[[IO[bytes]], None]:
    """A feed for `ForkedCrew` of N-Quads at hand."""
    return lambda stdin: stdin.writelines((PLAIN, *chunks))
