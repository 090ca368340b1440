"""The socket between us and a worker that is a process of its own.

A worker inherits it where descriptors can be passed on. Where they cannot (Windows) it connects back over
127.0.0.1 with a secret from its stdin, and ends when we are gone.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import subprocess
import sys
import threading
import time

from eventkg.errors import WorkerError
from eventkg.store.process import child_environment, passes_descriptors

# -P: no module of the user's working directory is taken for ours
PYTHON = [sys.executable, "-P", "-m"]
_SECRET, _POLL_S, _START_S = 32, 0.5, 60


def start_worker(module: str, *arguments: str) -> tuple[socket.socket, subprocess.Popen[bytes]]:
    """Run `python -m module ADDRESS ARGUMENTS…`; our end of its socket, and the process.

    Raises:
        OSError: too many processes. WorkerError: it ended at once.

    """
    return (_with_descriptor if passes_descriptors() else _with_secret)(module, arguments)


def connected(address: str) -> socket.socket:
    """The worker's side: its end of the socket."""
    kind, _, number = address.partition(":")
    if kind == "fd":
        return socket.socket(fileno=int(number))
    sock = socket.create_connection(("127.0.0.1", int(number)))
    sock.sendall(sys.stdin.buffer.read(_SECRET))
    threading.Thread(target=_end_with, args=(sock,), daemon=True).start()
    return sock


def _with_descriptor(
    module: str, arguments: tuple[str, ...]
) -> tuple[socket.socket, subprocess.Popen[bytes]]:
    ours, theirs = socket.socketpair()
    try:
        worker = subprocess.Popen(  # noqa: S603  (our own module, no user text)
            [*PYTHON, module, f"fd:{theirs.fileno()}", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            start_new_session=True,
            env=child_environment(),
        )
    except OSError:
        ours.close()
        raise
    finally:
        theirs.close()
    return ours, worker


def _with_secret(module: str, arguments: tuple[str, ...]) -> tuple[socket.socket, subprocess.Popen[bytes]]:
    import secrets  # with all of OpenSSL behind it, and not needed where descriptors are passed on

    secret = secrets.token_bytes(_SECRET)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(_POLL_S)
        worker = subprocess.Popen(  # noqa: S603  (our own module, no user text)
            [*PYTHON, module, f"port:{listener.getsockname()[1]}", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=child_environment(),
        )
        if worker.stdin is not None:
            with contextlib.suppress(BrokenPipeError), worker.stdin:
                worker.stdin.write(secret)
        try:
            return _accept(listener, secret, worker), worker
        except BaseException:
            worker.kill()
            worker.wait()
            raise


def _accept(listener: socket.socket, secret: bytes, worker: subprocess.Popen[bytes]) -> socket.socket:
    """The connection of the one who knows the secret; others are dropped."""
    end = time.monotonic() + _START_S
    while worker.poll() is None and time.monotonic() < end:
        try:
            sock, _ = listener.accept()
        except TimeoutError:
            continue
        if _knows(sock, secret):
            return sock
        sock.close()
    raise WorkerError("a worker process did not start")


def _knows(sock: socket.socket, secret: bytes) -> bool:
    import hmac

    sock.settimeout(_POLL_S)
    said = b""
    with contextlib.suppress(OSError):  # one who says nothing
        said = sock.recv(_SECRET, socket.MSG_WAITALL)
    sock.settimeout(None)
    return hmac.compare_digest(said, secret)


def _end_with(sock: socket.socket) -> None:
    """End this process, whatever it is doing, when the other side of the socket has gone."""
    while True:
        select.select([sock], [], [])
        try:
            if not sock.recv(1, socket.MSG_PEEK):
                os._exit(0)
        except OSError:
            os._exit(0)
        time.sleep(_POLL_S)  # a query came, which the other thread reads
