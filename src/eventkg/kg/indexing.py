"""An index of one state and view, built: queries are asked in turn, the answers handed to a child process."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from eventkg.errors import WorkerError
from eventkg.query.child import explain
from eventkg.query.job import Job
from eventkg.query.named import named_query, title
from eventkg.search.feeding import send
from eventkg.search.gathering import QUERIES
from eventkg.store.process import child_environment

if TYPE_CHECKING:
    from pathlib import Path
    from typing import IO

    from eventkg.kg.sources import Engine
    from eventkg.query.pool import Pool, Running

_STEPS = len(QUERIES) + 1


class Building:
    """One index on its way; `step` of `steps` and `doing` tell how far it is, `stop` ends it."""

    steps = _STEPS

    def __init__(self) -> None:
        self.step, self.doing = 0, "waiting for its turn"
        self._lock = threading.Lock()
        self._stopped = self._beside = False
        self._child: subprocess.Popen[bytes] | None = None
        self._running: Running | None = None

    def stop(self) -> None:
        """Whoever builds it is told; nothing is left behind."""
        with self._lock:
            self._stopped = True
            if self._running is not None:
                self._running.kill()
            if self._child is not None:
                self._child.kill()

    def build(self, pool: Engine | Pool, path: Path, memory_mb: int, *, beside: bool = False) -> str:
        """A new file of everything that can be found in the world of a pool; returns its SHA-256.

        Where the pool answers others too, its queries run `beside` them, at the lowest priority.

        Raises:
            EventkgError: a query failed, or the child did, or it was stopped.

        """
        try:
            self._beside = beside
            return str(json.loads(self._built(pool, path, memory_mb))["sha256"])
        except BaseException:
            path.unlink(missing_ok=True)
            raise

    def _built(self, pool: Engine | Pool, path: Path, memory_mb: int) -> bytes:
        request = json.dumps({"path": str(path), "memory_mb": memory_mb})
        with (
            tempfile.TemporaryFile() as complaints,
            subprocess.Popen(  # noqa: S603  (our own module; the request is data)
                [sys.executable, "-P", "-m", "eventkg.search.child", request],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
                env=child_environment(),
            ) as child,
        ):
            try:
                said = self._fed(child, pool)
            except BaseException:  # Ctrl-C included
                child.kill()
                raise
            code = child.wait()
            complaints.seek(0)
            complaint = complaints.read()
        if code:
            raise self._told() or explain(code, complaint, memory_mb)
        return said

    def _fed(self, child: subprocess.Popen[bytes], pool: Engine | Pool) -> bytes:
        """What the child says when it has been given all answers."""
        assert child.stdin is not None  # noqa: S101  (pipes were asked for)
        assert child.stdout is not None  # noqa: S101
        with self._lock:
            self._child = child
        with suppress(BrokenPipeError), child.stdin as pipe:  # a child that ended says why
            for number, name in enumerate(QUERIES, 1):
                query = named_query(name)
                self.step, self.doing = number, title(query)
                self._ask(pool, query, pipe, name)
        self.step, self.doing = _STEPS, "Writing the index"
        return child.stdout.read()

    def _ask(self, pool: Engine | Pool, query: str, pipe: IO[bytes], name: str) -> None:
        with pool.start(Job(query, solutions="tsv")) as running:
            if self._beside:
                running.demote()
            with self._lock:
                self._running = running
            if problem := self._told():
                raise problem
            running.head()
            send(pipe, name, running.chunks())
        with self._lock:
            self._running = None

    def _told(self) -> WorkerError | None:
        return WorkerError("the graph was closed by its user") if self._stopped else None
