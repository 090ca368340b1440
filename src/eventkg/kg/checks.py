"""Validation in a child process: shapes or data that hang or explode end only it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from eventkg.checking.findings import Finding, Report
from eventkg.query.child import run_child
from eventkg.settings import resources

if TYPE_CHECKING:
    from pathlib import Path

    from eventkg.settings import Limits


def validate(nquads: bytes, shapes: Path | None, limits: Limits, timeout_s: float | None = None) -> Report:
    """Findings of the bundled shapes, or of `shapes` (a file or a folder of Turtle) alone.

    Raises:
        ShapesError: ill-formed shapes; TimeLimitError after `timeout_s` seconds.

    """
    request: dict[str, object] = {"shapes": str(shapes or resources() / "shapes")}
    answer = run_child("eventkg.checking.child:check_nquads", request, nquads, limits.memory_mb, timeout_s)
    said = json.loads(answer)
    findings = tuple(Finding(**finding) for finding in said["findings"])
    return Report(said["conforms"], findings, said["turtle"])
