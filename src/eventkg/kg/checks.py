"""Validation in a child process: shapes or data that hang or explode end only it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from eventkg.checking.process import run_check
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

    `progress` is told the number of a query, how many there are, and its shape.
    """

    shapes: Path | None = None
    engine: EngineName = "sparql"
    timeout_s: float | None = None
    progress: Callable[[int, int, str], None] | None = None


def validate(nquads: bytes, how: How, limits: Limits, *, written: bool = False) -> Report:
    """Findings in data at hand; `written` says that they are a file's and not out of a store.

    Raises:
        ShapesError: ill-formed shapes. CheckTimeLimitError: names the shape that was looked at.

    """
    return _run({"written": written}, nquads, how, limits)


def validate_checkpoint(path: Path, how: How, limits: Limits, focus: Collection[str] | None = None) -> Report:
    """Findings in a checkpoint of a store: in all of it, or at these nodes.

    Raises:
        As `validate`.

    """
    nodes = None if focus is None else sorted(focus)
    return _run({"checkpoint": str(path), "focus": nodes}, b"", how, limits)


def _run(request: dict[str, object], nquads: bytes, how: How, limits: Limits) -> Report:
    shapes = str(how.shapes or resources() / "shapes")
    asked = {**request, "shapes": shapes, "engine": how.engine}
    return run_check(asked, nquads, limits.memory_mb, how.timeout_s, how.progress)
