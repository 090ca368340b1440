"""One file parsed in a child process, which may crash, hang or eat memory, and streamed into a draft."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from typing import IO, TYPE_CHECKING, Any, NamedTuple, Self, cast

from eventkg.errors import DataError, EventkgError, StalledError
from eventkg.kg.children import stream_into
from eventkg.kg.vicinity import Subjects
from eventkg.query.child import explain
from eventkg.store.intake import NAMING, WAITING
from eventkg.store.process import child_environment

if TYPE_CHECKING:
    from pathlib import Path

    from eventkg.kg.changing import Change
    from eventkg.kg.children import Progress

PATIENCE_S = 300.0  # some parsers need time quadratic in the depth, and naming blank nodes may never end
_LOOK_S = 0.2
_KEPT = 100  # lines of what a child says
_NEVER = float("inf")


class Source(NamedTuple):
    """A file (- is stdin), the key of its format, the graph for what is in none; how long it may stall."""

    name: str
    format: str
    graph: str
    patience_s: float = PATIENCE_S


def parse_into(
    change: Change,
    source: Source,
    memory_mb: int,
    progress: Progress | None = None,
    subjects: Subjects | None = None,
) -> tuple[int, set[str]]:
    """Add a file's statements to a draft; `progress` is told the bytes read since it was last called.

    `subjects` is shown what the statements are about.

    Returns:
        How many statements, and the graphs they are in.

    Raises:
        DataError: what is wrong with the file, with line and column. StalledError: its parser was given up.

    """
    touched = change.notes / "touched"
    touched.unlink(missing_ok=True)
    with _Child(source, touched, memory_mb, progress) as child:
        statements = cast("IO[bytes]", child)
        problem = stream_into(statements, child.kill, change.store, subjects or Subjects(), memory_mb)
    if child.stalled:
        raise StalledError(f"{source.name}: {child.stalled}")
    if problem and (child.killed or not child.code):
        raise DataError(f"{source.name}: {problem}") from problem
    if child.code:
        raise _complaint(source.name, child.code, child.said(), memory_mb)
    summary = json.loads(child.said().splitlines()[-1])
    change.touched |= set(touched.read_text(encoding="utf-8").split("\n")) - {""}
    return summary["statements"], set(summary["graphs"])


def _complaint(name: str, code: int, said: bytes, memory_mb: int) -> EventkgError:
    """What the child said or died of, with the file's name in either case."""
    problem = explain(code, said, memory_mb)
    return problem if code > 0 else DataError(f"{name}: {problem}")


class _Child:
    """The parsing process as a file to read from, given up if it is at the same bytes for too long.

    Its time counts while we wait for its output and it does not wait for input.
    """

    def __init__(self, source: Source, touched: Path, memory_mb: int, progress: Progress | None) -> None:
        self._patience_s, self._progress = source.patience_s, progress
        self._clock = _Clock()  # how long we have waited for what comes of the bytes that it read last
        self._wants_input, self._naming = True, False  # a process that starts asks for its first bytes
        self._bytes_read, self._lines = 0, list[bytes]()
        self._over = threading.Event()
        self.stalled, self.killed = "", False
        request = {
            "file": source.name,
            "format": source.format,
            "graph": source.graph,
            "touched": str(touched),
            "memory_mb": memory_mb,
        }
        self._process = subprocess.Popen(  # noqa: S603  (our own module; the request is data)
            [sys.executable, "-P", "-m", "eventkg.store.intake", json.dumps(request)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=child_environment(),
        )
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._listen, self._look)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is not None:  # Ctrl-C included: nothing is left behind
            self.kill()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._threads[0].join()
        self._process.wait()
        self._over.set()
        self._threads[1].join()
        if self._process.stderr is not None:
            self._process.stderr.close()

    @property
    def code(self) -> int:
        """The exit code, or minus the signal that ended it."""
        return self._process.returncode or 0

    def said(self) -> bytes:
        """Its last lines, without those about its progress."""
        return b"".join(self._lines)

    def kill(self) -> None:
        """End it, unless it has ended by itself."""
        if self._process.poll() is None:
            self.killed = True
            self._process.kill()

    def read(self, size: int = -1) -> bytes:
        """For the store, which asks for so many bytes."""
        self._clock.start()
        data: bytes = cast("Any", self._process.stdout).read1(size)
        self._clock.stop()
        return data

    def _listen(self) -> None:
        for line in self._process.stderr or ():
            news = line.strip().decode("ascii", "replace")
            self._wants_input = news == WAITING
            if news.isdigit():
                self._got_on(int(news))
            elif news == NAMING:
                self._naming = True
            elif news != WAITING:
                self._lines = [*self._lines[-_KEPT:], line]

    def _got_on(self, count: int) -> None:
        self._bytes_read += count
        self._clock.reset()
        if self._progress:
            self._progress(count)

    def _look(self) -> None:
        """Stop what does not get on."""
        while not self._over.wait(_LOOK_S) and not self.stalled:
            if self._clock.seconds() > self._patience_s and not self._wants_input:
                self.stalled = self._reason()
                self._process.kill()

    def _reason(self) -> str:
        limit, more = f"{self._patience_s:g} s", "expected (or more time with --timeout-s)"
        if self._naming:
            return f"naming its blank nodes took more than {limit}; IRIs in their place {more}"
        return f"no progress for {limit} after {self._bytes_read:,} bytes; flatter input {more}"


class _Clock:
    """Seconds that were spent between starts and stops since it was last set to 0, by another thread even."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._spent, self._since = 0.0, _NEVER

    def start(self) -> None:
        with self._lock:
            self._since = time.monotonic()

    def stop(self) -> None:
        with self._lock:
            self._spent += time.monotonic() - self._since
            self._since = _NEVER

    def reset(self) -> None:
        with self._lock:
            self._spent = 0.0
            if self._since != _NEVER:
                self._since = time.monotonic()

    def seconds(self) -> float:
        with self._lock:
            return self._spent + max(0.0, time.monotonic() - self._since)
