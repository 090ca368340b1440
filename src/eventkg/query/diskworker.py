"""A worker that opens a checkpoint on disk, forked by `eventkg.query.diskforker`.

RocksDB has threads, so nothing is forked once it is open; it needs files, so it cannot be denied them. It has
no network: it leaves for a network namespace of its own before anything else, where the kernel lets it;
`SERVICE` and `LOAD` are refused before a query gets here in any case.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NoReturn

import pyoxigraph as ox

from eventkg.query import frames
from eventkg.query.worker import confine_on_disk, limit_memory, serve

if TYPE_CHECKING:
    import socket


def work(sock: socket.socket, memory_mb: int, checkpoint: str) -> NoReturn:
    """Open and answer until the socket closes."""
    confine_on_disk()
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
