"""Validation in a child process: shapes or data that hang or explode end only it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from eventkg.checking.process import run_check
from eventkg.errors import DataError
from eventkg.query.child import TOO_DEEP
from eventkg.settings import resources

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from eventkg.checking.findings import Report
    from eventkg.settings import Limits

EngineName = Literal["sparql", "pyshacl"]


@dataclass(frozen=True, slots=True)
class How:
    """How to check: against which shapes (None: the bundled ones), by which engine, for how long.

    `progress` is told the number of a query, how many there are, and its shape. `threads` queries run at a
    time: as many as there are processors, up to four, unless told. `most` findings of each constraint are
    kept, though all are counted; `count_nodes` has the targets of each shape counted as well.
    """

    shapes: Path | None = None
    engine: EngineName = "sparql"
    timeout_s: float | None = None
    progress: Callable[[int, int, str], None] | None = None
    threads: int | None = None
    most: int | None = None
    count_nodes: bool = False


def validate(nquads: bytes, how: How, limits: Limits) -> Report:
    """Findings in data at hand that come out of a store.

    Raises:
        ShapesError: ill-formed shapes. CheckTimeLimitError: names the shape that was looked at.

    """
    return _run({}, nquads, how, limits)


def validate_files(files: Collection[Path], words: bytes, how: How, limits: Limits) -> Report:
    """Findings in strangers' files together with some N-Quads; literals count as they are written.

    Raises:
        As `validate`; DataError: a file that cannot be read, with line and column.

    """
    names = [str(file) for file in files]
    try:
        return _run({"files": names}, words, how, limits)
    except DataError as problem:
        if str(problem) != TOO_DEEP:
            raise
        raise DataError(f"{', '.join(names)}: {problem}") from problem  # the child died and named none


def validate_checkpoint(path: Path, how: How, limits: Limits, focus: Collection[str] | None = None) -> Report:
    """Findings in a checkpoint of a store: in all of it, or at these nodes.

    Raises:
        As `validate`.

    """
    nodes = None if focus is None else sorted(focus)
    return _run({"checkpoint": str(path), "focus": nodes}, b"", how, limits)


def _run(request: dict[str, object], nquads: bytes, how: How, limits: Limits) -> Report:
    shapes = str(how.shapes or resources() / "shapes")
    asked = {**request, "shapes": shapes, "engine": how.engine, "threads": how.threads,
             "most": how.most, "count_nodes": how.count_nodes}  # fmt: skip
    return run_check(asked, nquads, limits.memory_mb, how.timeout_s, how.progress)
