"""A check in a child process that can be killed, and that says which shape it is at."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any, Self

from eventkg.checking.findings import Checked, Finding, Report
from eventkg.errors import TimeLimitError
from eventkg.query.child import explain

if TYPE_CHECKING:
    from collections.abc import Callable

    Progress = Callable[[int, int, str], None]

_UNLIMITED_MB = 1_000_000  # while data are read that are there already; the check itself is limited


class CheckTimeLimitError(TimeLimitError):
    """A check stopped at its deadline; `shape` is the one whose query was running."""

    def __init__(self, limit_s: float, elapsed_s: float, shape: str) -> None:
        super().__init__(limit_s, elapsed_s)
        self.shape = shape
        if shape:
            self.args = (f"{shape}: {self.args[0]}",)


def run_check(
    request: dict[str, object],
    data: bytes,
    memory_mb: int,
    timeout_s: float | None,
    progress: Progress | None,
) -> Report:
    """`eventkg.checking.child:check_nquads` in a fresh process.

    Raises:
        ShapesError: ill-formed shapes. CheckTimeLimitError, MemoryLimitError: as they say.
        DataError: data that the engine cannot take.

    """
    compiled = request.get("engine") != "pyshacl"
    reader, writer = os.pipe()
    asked = json.dumps({**request, "progress": writer, "memory_mb": memory_mb}).encode() + b"\n"
    limit = _UNLIMITED_MB if compiled else memory_mb
    command = [
        sys.executable,
        "-P",
        "-m",
        "eventkg.query.child",
        "eventkg.checking.child:check_nquads",
        str(limit),
    ]
    started = time.monotonic()
    with _Listening(reader, progress) as listening:
        try:
            process = subprocess.Popen(  # noqa: S603  (our own module; the request is data)
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                pass_fds=[writer],
            )
        finally:
            os.close(writer)
        with process:
            try:
                output, complaint = process.communicate(asked + data, timeout=timeout_s)
            except subprocess.TimeoutExpired:
                process.kill()
                raise CheckTimeLimitError(
                    timeout_s or 0, time.monotonic() - started, listening.shape
                ) from None
            except BaseException:  # Ctrl-C included: nothing is left behind
                process.kill()
                raise
    if process.returncode:
        raise explain(process.returncode, complaint, memory_mb)
    return _report(json.loads(output))


def _report(said: dict[str, Any]) -> Report:
    return Report(
        said["conforms"],
        tuple(map(_finding, said["findings"])),
        tuple(said["notes"]),
        tuple(Checked(**one) for one in said["checked"]),
        said["rows"],
    )


def _finding(fields: list[Any]) -> Finding:
    named = dict(zip(Finding.__slots__, fields, strict=True))
    return Finding(**{**named, "messages": tuple(fields[-1])})


class _Listening:
    """Lines of progress passed on while the block runs; knows what has been looked at for longest."""

    def __init__(self, descriptor: int, progress: Progress | None) -> None:
        self._running: dict[str, str] = {}
        self._progress = progress
        self._thread = threading.Thread(target=self._listen, args=(descriptor,), daemon=True)

    @property
    def shape(self) -> str:
        """The one whose query began first of those that run."""
        return next(iter(list(self._running.values())), "")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join()

    def _listen(self, descriptor: int) -> None:
        with os.fdopen(descriptor, encoding="utf-8") as lines:
            for line in lines:
                number, count, shape = line.rstrip("\n").split("\t", 2)
                if not shape:
                    self._running.pop(number, None)
                    continue
                self._running[number] = shape
                if self._progress is not None:
                    self._progress(int(number), int(count), shape)
