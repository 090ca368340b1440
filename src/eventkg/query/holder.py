"""The process that holds the snapshot: single-threaded, it forks the workers.

It is fed on stdin (`eventkg.store.replay`).
Run as `python -m eventkg.query.holder CONTROL_FD MEMORY_MB`. It ends when the control socket closes.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyoxigraph as ox

from eventkg.query import frames
from eventkg.query.worker import serve_forked
from eventkg.store.replay import ReplayError, replay

_ENDING_S, _LOOK_S = 10.0, 0.0005  # at most, for a thread that has nothing left to do


def main() -> None:
    """Load, say so, then fork and reap on request."""
    control = socket.socket(fileno=int(sys.argv[1]))
    memory_mb = int(sys.argv[2])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    try:
        store = replay(sys.stdin.buffer)
    except ReplayError:  # the parent sees that we are gone
        sys.exit(1)
    gc.freeze()  # so that collections in the workers do not unshare the holder's pages
    with contextlib.suppress(BrokenPipeError):  # the parent has gone, and `_obey` will see it
        frames.send_json(control, frames.READY, {"pid": os.getpid()})
    _obey(control, store, memory_mb)


def _obey(control: socket.socket, store: ox.Store, memory_mb: int) -> None:
    children: set[int] = set()
    while True:
        try:
            command, payload = frames.receive(control)
        except EOFError:
            _end(children)
            return
        if command == frames.FORK:
            pid = _fork(control, store, memory_mb)
            children.add(pid)
            frames.send_json(control, frames.FORK, {"pid": pid})
        elif command == frames.BRANCH:
            _branch(control, store, memory_mb)
        elif command == frames.REAP:
            pid = json.loads(payload)["pid"]
            children.discard(pid)
            frames.send_json(control, frames.REAP, {"signal": _reap(pid)})


def _fork(control: socket.socket, store: ox.Store, memory_mb: int) -> int:
    """The worker's end of a socket pair arrives with the command; forking with threads would not be safe."""
    _, (descriptor, *_), _, _ = socket.recv_fds(control, 1, 1)
    if (threads := _threads()) != 1:
        raise RuntimeError(f"{threads} threads found, 1 expected before a fork")
    holder = os.getpid()
    pid = os.fork()
    if pid == 0:
        control.close()
        serve_forked(socket.socket(fileno=descriptor), store, memory_mb, holder)
    os.close(descriptor)
    return pid


def _branch(control: socket.socket, store: ox.Store, memory_mb: int) -> None:
    """Fork a holder of a changed snapshot, which shares what did not change.

    It is nobody's child, so that nobody has to reap it.

    Its control socket arrives with the command; on it come the quads to remove and to add.
    """
    _, (descriptor, *_), _, _ = socket.recv_fds(control, 1, 1)
    pid = os.fork()
    if pid:
        os.close(descriptor)
        os.waitpid(pid, 0)
        return
    if os.fork():
        os._exit(0)
    control.close()
    own = socket.socket(fileno=descriptor)
    _, removed = frames.receive(own)
    _, added = frames.receive(own)
    with ThreadPoolExecutor(1) as fresh:
        fresh.submit(_change, store, removed, added).result()
    _wait_until_alone()
    frames.send(own, frames.READY)
    _obey(own, store, memory_mb)
    os._exit(0)


def _change(store: ox.Store, removed: bytes, added: bytes) -> None:
    """Take quads out and put others in.

    In a thread, for the allocator gives it memory of its own: what loading freed is spread over the whole
    snapshot, and to fill it would copy as many of the pages that are shared (400 MB of 900, measured).
    """
    for quad in ox.parse(removed, format=ox.RdfFormat.N_QUADS):
        store.remove(quad)
    store.bulk_extend(ox.parse(added, format=ox.RdfFormat.N_QUADS))  # nobody asks yet: no transaction


def _threads() -> int:
    return len(list(Path("/proc/self/task").iterdir()))


def _wait_until_alone() -> None:
    """A thread that was joined has said its last word in Python; the system ends it a moment later."""
    end = time.monotonic() + _ENDING_S
    while _threads() > 1 and time.monotonic() < end:
        time.sleep(_LOOK_S)


def _reap(pid: int) -> int:
    """The signal that ended a worker, 0 if it left by itself. Until then its number is not used again."""
    _, status = os.waitpid(pid, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def _end(children: set[int]) -> None:
    for pid in children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
