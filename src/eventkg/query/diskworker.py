"""A worker that opens a checkpoint on disk.

`python -m eventkg.query.diskworker SOCKET_FD MEMORY_MB CHECKPOINT`

RocksDB has threads, so it is not forked; it needs files, so it cannot be denied them. It has no network: it
leaves
for a network namespace of its own before anything else, where the kernel lets it; `SERVICE` and `LOAD` are
refused
before a query gets here in any case.
"""

from __future__ import annotations

import socket
import sys

import pyoxigraph as ox

from eventkg.query import frames
from eventkg.query.worker import confine_on_disk, limit_memory, serve


def main() -> None:
    """Open and answer until the socket closes."""
    sock = socket.socket(fileno=int(sys.argv[1]))
    memory_mb, checkpoint = int(sys.argv[2]), sys.argv[3]
    confine_on_disk()
    try:
        store = ox.Store.read_only(checkpoint)
    except OSError as problem:
        frames.receive(sock)
        message = f"{checkpoint}: damaged ({problem}); restore a backup"
        frames.send_json(sock, frames.ERROR, {"kind": "store", "message": message})
        sys.exit(1)
    limit_memory(memory_mb)
    serve(sock, store)


if __name__ == "__main__":
    main()
