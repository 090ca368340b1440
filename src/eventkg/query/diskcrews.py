"""Crews on disk: their workers are forked from one process that has no store open, or started."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import threading
from typing import TYPE_CHECKING

from eventkg.errors import WorkerError
from eventkg.query import frames
from eventkg.query.channel import PYTHON
from eventkg.query.crews import DiskCrew
from eventkg.store.overlay import ChangedCopy
from eventkg.store.process import can_fork

if TYPE_CHECKING:
    from eventkg.query.crews import Change, Crew, Held


def disk_crew(checkpoint: Held, memory_mb: int) -> Crew:
    """Workers opened on a checkpoint, which is let go when the crew is closed."""
    return (ForkedDiskCrew if can_fork() else DiskCrew)(checkpoint, memory_mb)


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
                self._process.kill()  # its workers have ended, and it holds nothing
                self._process.wait()
                self._control = self._process = None

    def hire(self, checkpoint: str, memory_mb: int) -> tuple[socket.socket, int, object]:
        """Our end of a worker's socket, its number, and the process that can reap it."""
        ours, theirs = socket.socketpair()
        try:
            with self._lock:
                control = self._started()
                frames.send_json(control, frames.FORK, {"checkpoint": checkpoint, "memory_mb": memory_mb})
                socket.send_fds(control, [b"\0"], [theirs.fileno()])
                pid = int(json.loads(frames.receive(control)[1])["pid"])
                if not pid:
                    raise OSError("too many processes")  # noqa: TRY301  (it goes the way of the others)
                return ours, pid, self._process
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
            if self._control is not None:
                self._control.close()
            self._control, theirs = socket.socketpair()
            self._process = subprocess.Popen(  # noqa: S603  (our own module, no user text)
                [*PYTHON, "eventkg.query.diskforker", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
            theirs.close()
        return self._control


_FORKER = _Forker()


class ForkedDiskCrew:
    """Workers forked before they open a checkpoint, any size of store: there in milliseconds."""

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

    def branch(self) -> Change:
        """See `Crew`: over a changed copy of the checkpoint."""
        return lambda removed, added: ForkedDiskCrew(
            ChangedCopy(self._held.path, removed, added), self._memory_mb
        )

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
