"""The process that writes for a service; each change is a child's, which may crash, hang or eat memory.

`python -m eventkg.kg.scribe SOCKET_FD DIRECTORY MEMORY_MB`. It stays small and opens no store itself, so that
forking it takes milliseconds and is safe.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from eventkg import errors
from eventkg.kg.documents import fetched
from eventkg.kg.updating import Update, update
from eventkg.kg.uploading import Upload, remove, upload
from eventkg.query import frames
from eventkg.query.child import explain
from eventkg.settings import Limits
from eventkg.store.directory import current_name
from eventkg.store.offline import leave_network
from eventkg.store.process import can_fork, die_with_parent, ignore_interrupts, limit_memory

if TYPE_CHECKING:
    from eventkg.query.fetching import Outside

_STOP = b"K"
_ENGINE_MB = 1024  # address space that RocksDB maps for its threads before it has done anything
_PATIENCE_S, _PAUSE_S = 5.0, 0.05  # while another process writes


class Scribe:
    """Writes to one store, one change after the other; safe to use from many threads."""

    def __init__(self, directory: Path, limits: Limits, outside: Outside | None = None) -> None:
        """Nothing is started before the first change; `outside` fetches for LOAD and SERVICE.

        Raises:
            UsageError: nothing can be forked here.

        """
        if not can_fork():
            raise errors.UsageError("--allow-update: Linux expected; nothing can be forked here")
        self._directory = directory.absolute()  # a child may work in another folder
        self._limits, self._outside = limits, outside
        self._one_at_a_time = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._sock: socket.socket | None = None

    def update(self, asked: Update) -> None:
        """As `updating.update`; also TimeLimitError and MemoryLimitError."""
        if self._outside is None or not self._outside.hosts:
            self._write("update", asdict(asked))
            return
        with fetched(asked, self._outside) as complete:
            self._write("update", asdict(complete))

    def upload(self, asked: Upload) -> bool:
        """As `uploading.upload`; also TimeLimitError and MemoryLimitError."""
        return bool(self._write("upload", asdict(asked)))

    def remove(self, graph: str, *, plain: bool) -> None:
        """As `uploading.remove`."""
        self._write("remove", {"graph": graph, "plain": plain})

    def close(self) -> None:
        """End the process; a change under way is not made."""
        if self._process is not None and self._sock is not None:
            self._sock.close()
            self._process.wait(timeout=10)
            self._process = None

    def _write(self, verb: str, arguments: dict[str, Any]) -> Any:  # noqa: ANN401  (whatever the verb returns)
        with self._one_at_a_time:
            before = current_name(self._directory)
            sock = self._started()
            frames.send_json(sock, frames.JOB, {"verb": verb, "arguments": arguments})
            try:
                return self._outcome(sock)
            except errors.TimeLimitError:
                if current_name(self._directory) != before:  # it was published in that moment
                    return None
                raise

    def _outcome(self, sock: socket.socket) -> Any:  # noqa: ANN401
        limit_s, started, stopped = self._limits.timeout_s, time.monotonic(), False
        if not select.select([sock], [], [], limit_s)[0]:
            frames.send(sock, _STOP)
            stopped = True
        try:
            said = json.loads(frames.receive(sock)[1])
        except EOFError as problem:
            self._process = None
            raise errors.WorkerError("the process that writes has ended") from problem
        if "result" in said:
            return said["result"]
        if stopped:
            raise errors.TimeLimitError(limit_s, time.monotonic() - started)
        if "type" in said:
            problem_type = getattr(errors, said["type"], errors.EventkgError)
            raise _revived(problem_type, said)
        raise explain(said["code"], b"", self._limits.memory_mb)

    def _started(self) -> socket.socket:
        if self._process is None or self._process.poll() is not None or self._sock is None:
            self._sock, theirs = socket.socketpair()
            memory_mb, timeout_s = str(self._limits.memory_mb), str(self._limits.timeout_s)
            self._process = subprocess.Popen(  # noqa: S603  (our own module, no user text)
                [
                    *(sys.executable, "-P", "-m", "eventkg.kg.scribe"),
                    *(str(theirs.fileno()), str(self._directory), memory_mb, timeout_s),
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
            theirs.close()
        return self._sock


def _revived(kind: type[errors.EventkgError], said: dict[str, Any]) -> errors.EventkgError:
    """The error that the child raised."""
    if issubclass(kind, errors.QueryError):
        return kind(said["message"], said.get("line"), said.get("column"))
    if kind in {errors.TimeLimitError, errors.MemoryLimitError}:
        return errors.WorkerError(said["message"])
    return kind(said["message"])


def main() -> None:
    """Fork for each job until the socket closes."""
    sock = socket.socket(fileno=int(sys.argv[1]))
    directory, limits = Path(sys.argv[2]), Limits(float(sys.argv[4]), int(sys.argv[3]))
    ignore_interrupts()  # the service decides
    while True:
        try:
            kind, payload = frames.receive(sock)
        except EOFError:
            return
        if kind != frames.JOB:  # a stop that came when the work was done
            continue
        reader, writer = os.pipe()
        scribe, pid = os.getpid(), os.fork()
        if pid == 0:
            sock.close()
            die_with_parent(scribe)
            _work(writer, directory, limits, json.loads(payload))
        os.close(writer)
        if not _watch(sock, reader, pid):
            return


def _watch(sock: socket.socket, reader: int, pid: int) -> bool:
    """Wait for the child; kill it when told, or when nobody is there any more (then False)."""
    done = reader in select.select([sock.fileno(), reader], [], [])[0]
    if not done:
        os.kill(pid, signal.SIGKILL)
    with os.fdopen(reader, "rb") as stream:
        said = stream.read()
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    try:
        if not done:
            frames.receive(sock)  # what it was told
        if said:
            frames.send(sock, frames.END, said)
        else:
            frames.send_json(sock, frames.END, {"code": code})
    except (EOFError, OSError):
        return False
    return True


def _work(writer: int, directory: Path, limits: Limits, job: dict[str, Any]) -> NoReturn:
    """The child's life: it says in JSON what came of it, and leaves."""
    leave_network()
    limit_memory(limits.memory_mb + _ENGINE_MB)
    try:
        said = {"result": _patiently(directory, limits, job["verb"], job["arguments"])}
    except errors.EventkgError as problem:
        where = {name: getattr(problem, name, None) for name in ("line", "column")}
        said = {"type": type(problem).__name__, "message": str(problem), **where}
    except MemoryError:
        os.kill(os.getpid(), signal.SIGABRT)
    except BaseException as problem:  # noqa: BLE001  (the edge of the process: a cause unsaid here is lost)
        said = {"type": "WorkerError", "message": repr(problem)}
    with os.fdopen(writer, "wb") as stream:
        stream.write(json.dumps(said).encode())
    os._exit(0)


def _patiently(directory: Path, limits: Limits, verb: str, arguments: dict[str, Any]) -> Any:  # noqa: ANN401
    """Another process may be writing: a load from the command line ends at some time."""
    end = time.monotonic() + _PATIENCE_S
    while True:
        try:
            return _do(directory, limits, verb, arguments)
        except errors.StoreBusyError:
            if time.monotonic() > end:
                raise
            time.sleep(_PAUSE_S)


def _do(directory: Path, limits: Limits, verb: str, arguments: dict[str, Any]) -> Any:  # noqa: ANN401
    if verb == "update":
        return update(directory, Update(**arguments), limits)
    if verb == "upload":
        return upload(directory, Upload(**arguments), limits)
    return remove(directory, **arguments)


if __name__ == "__main__":
    main()
