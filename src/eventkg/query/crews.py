"""Where workers come from: forked from a process that holds the snapshot, or spawned on a checkpoint."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import IO, TYPE_CHECKING, Protocol

from eventkg.errors import WorkerError
from eventkg.query import frames
from eventkg.store.overlay import ChangedCopy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

# -P: no module of the user's working directory is taken for ours
_PYTHON = [sys.executable, "-P", "-m"]
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

    def branch(self, removed: bytes, added: bytes) -> Crew:
        """A crew over the snapshot without some quads and with others (N-Quads)."""

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

    def branch(self, removed: bytes, added: bytes) -> BranchedCrew:
        """A crew over the snapshot without some quads and with others (N-Quads), by a fork."""
        ours, theirs = socket.socketpair()
        try:
            frames.send(self._control, frames.BRANCH)
            socket.send_fds(self._control, [b"\0"], [theirs.fileno()])
            theirs.close()
            frames.send(ours, frames.DATA, removed)
            frames.send(ours, frames.DATA, added)
            frames.receive(ours)
        except (EOFError, OSError) as problem:
            ours.close()
            raise WorkerError(_GONE) from problem
        return BranchedCrew(ours)


class ForkedCrew(_HolderCrew):
    """Workers forked from a holder process: a few milliseconds each, and they share its memory."""

    def __init__(self, memory_mb: int) -> None:
        """Start the holder, which has nothing yet."""
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

    def load(self, feed: Callable[[IO[bytes]], None]) -> None:
        """`feed` writes the snapshot to the holder as N-Quads; returns when it is loaded.

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
        self._holder.wait(timeout=10)


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
        ours, theirs = socket.socketpair()
        arguments = [str(theirs.fileno()), str(self._memory_mb), self._target]
        try:
            worker = self._starter.submit(
                subprocess.Popen,
                [*_PYTHON, self._module, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            ).result()
        except (OSError, RuntimeError) as problem:  # too many processes; a crew that is closed
            ours.close()
            raise WorkerError(f"no worker could be started ({problem})") from problem
        finally:
            theirs.close()
        self._workers[worker.pid] = worker
        return ours, worker.pid

    def reap(self, pid: int) -> int:
        """See `Crew`."""
        worker = self._workers.pop(pid, None)
        return max(0, -worker.wait()) if worker else 0

    def branch(self, removed: bytes, added: bytes) -> Crew:  # noqa: ARG002  (as `Crew`)
        """See `Crew`; an endpoint cannot do it."""
        raise WorkerError(f"{self._target}: no view can be made of it")

    def alive(self) -> bool:
        """See `Crew`."""
        return not self._closed

    def close(self) -> None:
        """See `Crew`."""
        self._closed = True
        for worker in self._workers.values():
            worker.send_signal(signal.SIGKILL)
            worker.wait()
        self._workers.clear()
        self._starter.shutdown()
        if self._held:
            self._held.close()


class _Forker:
    """One process for all crews on disk: started when it is first needed, ended with the last of them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def join(self) -> None:
        """One more crew."""
        with self._lock:
            self._users += 1

    def leave(self) -> None:
        """One less."""
        with self._lock:
            self._users -= 1
            if not self._users and self._control is not None and self._process is not None:
                self._control.close()
                self._process.wait(timeout=10)
                self._control = self._process = None

    def hire(self, checkpoint: str, memory_mb: int) -> tuple[socket.socket, int, object]:
        """Our end of a worker's socket, its number, and the process that can reap it."""
        ours, theirs = socket.socketpair()
        try:
            with self._lock:
                control = self._started()
                frames.send_json(control, frames.FORK, {"checkpoint": checkpoint, "memory_mb": memory_mb})
                socket.send_fds(control, [b"\0"], [theirs.fileno()])
                return ours, int(json.loads(frames.receive(control)[1])["pid"]), self._process
        except (EOFError, OSError) as problem:
            ours.close()
            raise WorkerError(f"no worker could be started ({problem})") from problem
        finally:
            theirs.close()

    def reap(self, pid: int, process: object) -> int:
        """The signal that ended a worker; 0 if its parent has gone, and it with it."""
        with self._lock, contextlib.suppress(EOFError, OSError):
            if process is self._process and self._control is not None:
                frames.send_json(self._control, frames.REAP, {"pid": pid})
                return int(json.loads(frames.receive(self._control)[1])["signal"])
        return 0

    def _started(self) -> socket.socket:
        if self._control is None or self._process is None or self._process.poll() is not None:
            self._control, theirs = socket.socketpair()
            self._process = subprocess.Popen(  # noqa: S603  (our own module, no user text)
                [*_PYTHON, "eventkg.query.diskforker", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
            theirs.close()
        return self._control


_FORKER = _Forker()


class DiskCrew:
    """Workers opened on a checkpoint, any size of store."""

    def __init__(self, checkpoint: Held, memory_mb: int) -> None:
        """What is held is let go when the crew is closed."""
        self._held, self._memory_mb = checkpoint, memory_mb
        self._workers: dict[int, object] = {}
        self._closed = False
        _FORKER.join()

    def hire(self) -> tuple[socket.socket, int]:
        """See `Crew`."""
        sock, pid, parent = _FORKER.hire(str(self._held.path), self._memory_mb)
        self._workers[pid] = parent
        return sock, pid

    def reap(self, pid: int) -> int:
        """See `Crew`."""
        parent = self._workers.pop(pid, None)
        return _FORKER.reap(pid, parent) if parent else 0

    def branch(self, removed: bytes, added: bytes) -> Crew:
        """See `Crew`: over a changed copy of the checkpoint."""
        return DiskCrew(ChangedCopy(self._held.path, removed, added), self._memory_mb)

    def alive(self) -> bool:
        """See `Crew`."""
        return not self._closed

    def close(self) -> None:
        """See `Crew`."""
        if self._closed:
            return
        self._closed = True
        for pid, parent in self._workers.items():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)  # not reaped yet, so its number is its own
            _FORKER.reap(pid, parent)
        self._workers.clear()
        self._held.close()
        _FORKER.leave()


def feed_bytes(chunks: Iterable[bytes]) -> Callable[[IO[bytes]], None]:
    """A feed for `ForkedCrew` of N-Quads at hand."""
    return lambda stdin: stdin.writelines(chunks)
