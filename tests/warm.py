"""The command line in a process of its own that has its imports behind it: a fork of one that waits.

Of the half second that `eventkg query` takes, most is Python reading modules. `run` does what
`subprocess.run` of `python -m eventkg` does, with a working folder, an environment, pipes and an exit code,
in less than half of the time. What is about the start of a process itself (its help, signals, closed
streams, hash seeds) starts one.

As a script, `warm.py SOCKET` is the process that waits; `folder_of_command` gives a shell its `eventkg`.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable

_REQUEST = 2**20  # bytes, more than Linux lets arguments and environment be together in tests
_CLIENT = """#!{python} -IS
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as line:
    line.connect({address!r})
    asked = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
    socket.send_fds(line, [len(asked).to_bytes(4)], [0, 1, 2])
    line.sendall(asked)
    code = int.from_bytes(line.recv(4), signed=True)
if code < 0:
    os.kill(os.getpid(), -code)
sys.exit(code)
"""


def run(
    arguments: list[str],
    cwd: Path | None = None,
    stdin: bytes = b"",
    environment: dict[str, str] | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """What `eventkg` with these arguments answers; within two minutes, or the test fails."""
    asked = json.dumps([arguments, str(cwd or Path.cwd()), {**os.environ, **(environment or {})}]).encode()
    pipes = [os.pipe() for _ in range(3)]
    (input_there, input_here), (out_here, out_there), (error_here, error_there) = pipes
    with ThreadPoolExecutor(3) as threads, socket.socket(socket.AF_UNIX) as line:
        line.settimeout(120)
        line.connect(_address())
        theirs = [input_there, out_there, error_there]
        socket.send_fds(line, [len(asked).to_bytes(4)], theirs)
        for descriptor in theirs:
            os.close(descriptor)
        fed = threads.submit(_feed, input_here, stdin)
        out, error = (threads.submit(_drain, descriptor) for descriptor in (out_here, error_here))
        line.sendall(asked)
        code = int.from_bytes(line.recv(4), signed=True)
        fed.result()
        return subprocess.CompletedProcess(["eventkg", *arguments], code, out.result(), error.result())


def _feed(descriptor: int, data: bytes) -> None:
    try:
        with open(descriptor, "wb") as stream:
            stream.write(data)
    except BrokenPipeError:
        pass  # it was not read to its end


def _drain(descriptor: int) -> bytes:
    with open(descriptor, "rb") as stream:
        return stream.read()


@cache
def folder_of_command() -> Path:
    """A folder for PATH with an `eventkg` in it that asks the process that waits."""
    folder = Path(_address()).parent
    command = folder / "eventkg"
    command.write_text(_CLIENT.format(python=sys.executable, address=_address()), encoding="utf-8")
    command.chmod(0o755)
    return folder


@cache
def _address() -> str:
    """Of the process that waits, started with the first call; it ends with us."""
    folder = tempfile.mkdtemp(prefix="eventkg-warm-")
    address = str(Path(folder) / "socket")
    command = [sys.executable, "-P", __file__, address]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}  # no thread that a fork would lose
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    process.stdout.close()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(process.wait, 30)
    atexit.register(process.stdin.close)  # which is run before
    return address


def _wait(address: str) -> list[str]:
    """Fork for each request; what comes back, in the fork, are the arguments to call `eventkg` with."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who wait for a command
    with socket.socket(socket.AF_UNIX) as door:
        sources: list[socket.socket | int] = [door, 0]
        door.bind(address)
        door.listen(64)
        os.write(1, b"ready\n")
        while True:
            if 0 in select.select(sources, [], [])[0]:  # whoever started us has gone
                os._exit(0)
            line = door.accept()[0]
            if not os.fork():
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                door.close()
                return _attend(line)
            line.close()


def _attend(line: socket.socket) -> list[str]:
    """In the fork: one more for the command, whose end is told."""
    head, descriptors, *_ = socket.recv_fds(line, 4, 3)
    asked = b""
    while len(asked) < int.from_bytes(head):
        asked += line.recv(_REQUEST)
    child = os.fork()
    if child:
        for descriptor in (0, 1, 2, *descriptors):
            os.close(descriptor)
        line.sendall(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]).to_bytes(4, signed=True))
        os._exit(0)
    line.close()
    for number, descriptor in enumerate(descriptors):
        os.dup2(descriptor, number)
        os.close(descriptor)
    arguments, folder, environment = json.loads(asked)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    return [str(argument) for argument in arguments]


def _read_modules() -> None:
    """What the verbs import, and what some of them import later."""
    from eventkg.cli import cli

    for verb in cli.list_commands(None):  # type: ignore[arg-type]
        cli.get_command(None, verb)  # type: ignore[arg-type]
    for module in ("openpyxl", "eventkg.export.picture"):
        importlib.import_module(module)
    gc.freeze()


def _end_with(verb: Callable[[], None]) -> NoReturn:
    """Without the tearing down of modules, which would write to all the memory that we share."""
    try:
        verb()
    except SystemExit as left:
        if left.code is not None and not isinstance(left.code, int):
            raise
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(left.code or 0)
    raise AssertionError("a verb ends by an exit code")


if __name__ == "__main__":
    from eventkg.cli import main

    _read_modules()
    sys.argv = ["eventkg", *_wait(sys.argv[1])]
    _end_with(main)
