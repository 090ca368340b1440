"""Child processes that read files of strangers and pass statements on as N-Quads."""

from __future__ import annotations

import os
import subprocess
import threading
from typing import IO, TYPE_CHECKING

import pyoxigraph as ox

from eventkg.errors import DataError, EventkgError
from eventkg.query.child import explain
from eventkg.store import bulkload
from eventkg.store.intake import too_large

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from eventkg.kg.vicinity import Subjects

    Progress = Callable[[int], None]

_NOTICED_S = 0.2  # how long an interruption may wait


def stream_into(
    source: IO[bytes], end: Callable[[], None], store: ox.Store, subjects: Subjects, memory_mb: int
) -> EventkgError | None:
    """N-Quads of a child into a draft; `end` ends the child, which happens whatever goes wrong here.

    The child has parsed and written them, so that their IRIs need not be looked at again.

    Returns:
        What went wrong here; a complaint of the child's own comes first, so it is only returned.

    """
    failed: list[BaseException] = []

    def work() -> None:
        try:
            store.bulk_load(input=subjects.watch(source), format=ox.RdfFormat.N_QUADS, lenient=True)
        except BaseException as problem:  # noqa: BLE001  (raised again where somebody waits for it)
            failed.append(problem)
            end()

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    try:
        while worker.is_alive():  # the engine's own code would not notice Ctrl-C before the last statement
            worker.join(_NOTICED_S)
    except BaseException:  # Ctrl-C included: nothing is left behind
        end()
        worker.join()
        raise
    return _explained(failed[0], memory_mb) if failed else None


def _explained(problem: BaseException, memory_mb: int) -> EventkgError:
    if isinstance(problem, MemoryError):
        return DataError(too_large(problem, memory_mb))
    if isinstance(problem, OSError | SyntaxError | ValueError):
        return DataError(f"the store could not take the statements: {problem}")
    raise problem


def bulk_load_from(
    source: subprocess.Popen[bytes], draft: Path, graph: str, memory_mb: int
) -> EventkgError | None:
    """N-Triples of a child into a graph of a draft that nobody has open, by a process of its own.

    Returns:
        What went wrong there, after which the child is ended; its own complaint comes first.

    """
    assert source.stdout is not None  # noqa: S101  (a pipe was asked for)
    bulkload.widen(source.stdout.fileno())
    with subprocess.Popen(  # noqa: S603  (our own module; what it reads is ours)
        bulkload.command(str(draft), graph, memory_mb),
        stdin=source.stdout,
        stderr=subprocess.PIPE,
        env=bulkload.environment(),
    ) as loader:
        source.stdout.close()  # so that the child notices when nobody reads any more
        try:
            _, complaint = loader.communicate()
        except BaseException:  # Ctrl-C included: nothing is left behind
            loader.kill()
            raise
    if not loader.returncode:
        return None
    source.kill()
    return explain(loader.returncode, complaint, memory_mb)


class watching:  # noqa: N801  (used as a statement)
    """Lines of numbers that arrive on a pipe (bytes, or bytes and rows), passed on while the block runs."""

    def __init__(self, descriptor: int, progress: Callable[..., None]) -> None:
        self._thread = threading.Thread(target=self._pass_on, args=(descriptor, progress), daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._thread.join()

    def _pass_on(self, descriptor: int, progress: Callable[..., None]) -> None:
        with os.fdopen(descriptor, encoding="ascii") as numbers:
            for line in numbers:
                progress(*map(int, line.split()))
