"""The process that forks the workers which open checkpoints: `python -m eventkg.query.diskforker CONTROL_FD`.

It has everything imported and no store open, so a worker is there in milliseconds. It ends with its control
socket.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sys

from eventkg.query import diskworker, frames


def main() -> None:
    """Fork and reap on request."""
    control = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    while True:
        try:
            command, payload = frames.receive(control)
        except EOFError:
            return
        asked = json.loads(payload)
        if command == frames.FORK:
            _, (descriptor, *_), _, _ = socket.recv_fds(control, 1, 1)
            pid = os.fork()
            if pid == 0:
                control.close()
                _work(descriptor, asked)
            os.close(descriptor)
            frames.send_json(control, frames.FORK, {"pid": pid})
        else:
            _, status = os.waitpid(asked["pid"], 0)
            ended_by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
            with contextlib.suppress(OSError):
                frames.send_json(control, frames.REAP, {"signal": ended_by})


def _work(descriptor: int, asked: dict[str, object]) -> None:
    try:
        diskworker.work(
            socket.socket(fileno=descriptor), int(str(asked["memory_mb"])), str(asked["checkpoint"])
        )
    finally:
        os._exit(1)


if __name__ == "__main__":
    main()
