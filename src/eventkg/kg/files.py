"""RDF files of strangers as statements at hand, parsed in a child process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.errors import DataError
from eventkg.model.naming import GRAPH_USER
from eventkg.query.child import run_child

if TYPE_CHECKING:
    from pathlib import Path

    from eventkg.settings import Limits


def parse_files(
    files: list[Path], limits: Limits, timeout_s: float | None = None, *, base: bool = False
) -> list[ox.Quad]:
    """Parse strangers' files in a child process; `base` takes relative IRIs from the place of the file."""
    if not files:
        raise DataError("no file found, at least one expected")
    names = [str(file) for file in files]
    request: dict[str, object] = {"files": names, "graph": GRAPH_USER, "base": base}
    try:
        nquads = run_child("eventkg.store.files:parse_to_nquads", request, b"", limits.memory_mb, timeout_s)
    except DataError as problem:
        if str(problem).startswith(tuple(f"{name}: " for name in names)):
            raise
        raise DataError(f"{', '.join(names)}: {problem}") from problem  # the child died and named none
    return list(ox.parse(nquads, format=ox.RdfFormat.N_QUADS))
