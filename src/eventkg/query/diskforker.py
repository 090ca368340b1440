"""The process that forks the workers which open checkpoints: `python -m eventkg.query.diskforker CONTROL_FD`.

It has everything imported and no store open, so a worker is there in milliseconds. It ends with its control
socket.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
from typing import Any

from eventkg.query import diskworker, frames
from eventkg.store.process import ignore_interrupts


def main() -> None:
    """Fork and reap on request."""
    control = socket.socket(fileno=int(sys.argv[1]))
    ignore_interrupts()
    while True:
        try:
            command, payload = frames.receive(control)
        except EOFError:
            return
        asked = json.loads(payload)
        if command == frames.FORK:
            _, (descriptor, *_), _, _ = socket.recv_fds(control, 1, 1)
            pid = _fork(control, descriptor, asked)
            os.close(descriptor)
            frames.send_json(control, frames.FORK, {"pid": pid})
        else:
            _, status = os.waitpid(asked["pid"], 0)
            ended_by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
            with contextlib.suppress(OSError):
                frames.send_json(control, frames.REAP, {"signal": ended_by})


def _fork(control: socket.socket, descriptor: int, asked: dict[str, Any]) -> int:
    """A worker's number; 0 where there are too many processes."""
    forker = os.getpid()
    try:
        pid = os.fork()
    except OSError:
        return 0
    if pid == 0:
        control.close()
        try:
            diskworker.work(socket.socket(fileno=descriptor), asked["memory_mb"], asked["checkpoint"], forker)
        finally:
            os._exit(1)
    return pid


if __name__ == "__main__":
    main()
