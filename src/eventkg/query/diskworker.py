"""A worker that opens a checkpoint on disk, forked by `eventkg.query.diskforker`.

`python -m eventkg.query.diskworker ADDRESS MEMORY_MB CHECKPOINT` where nothing can be forked.

RocksDB has threads, so nothing is forked once it is open; it needs files, so it cannot be denied them. It has
no network where the kernel lets a process give it up; `SERVICE` and `LOAD` are refused before a query gets
here in any case.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NoReturn

import pyoxigraph as ox

from eventkg.query import frames
from eventkg.query.channel import connected
from eventkg.query.worker import serve
from eventkg.store.offline import leave_network
from eventkg.store.process import die_with_parent, ignore_interrupts, limit_memory

if TYPE_CHECKING:
    import socket


def main() -> None:
    """The life of a worker that was started."""
    work(connected(sys.argv[1]), int(sys.argv[2]), sys.argv[3])


def work(sock: socket.socket, memory_mb: int, checkpoint: str, parent: int | None = None) -> NoReturn:
    """Open and answer until the socket closes; `parent` is the process that forked this one."""
    die_with_parent(parent)
    ignore_interrupts()
    leave_network()
    try:
        store = ox.Store.read_only(checkpoint)
    except (OSError, RuntimeError) as problem:
        _decline(sock, f"{checkpoint}: damaged ({problem}); restore a backup")
    limit_memory(memory_mb)
    serve(sock, store)


def _decline(sock: socket.socket, message: str) -> NoReturn:
    """Every query gets the same answer."""
    while True:
        try:
            frames.receive(sock)
            frames.send_json(sock, frames.ERROR, {"kind": "store", "message": message})
        except (EOFError, BrokenPipeError):
            os._exit(0)


if __name__ == "__main__":
    main()
