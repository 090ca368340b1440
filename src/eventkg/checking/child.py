"""The side of a check that runs in a process of its own."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.checking import engine
from eventkg.checking.intake import checkpoint_data, stored_data, written_data
from eventkg.checking.shapesgraph import read_shapes_graph
from eventkg.errors import DataError
from eventkg.store.offline import leave_network
from eventkg.store.process import limit_memory

if TYPE_CHECKING:
    from eventkg.checking.findings import Report

_SMALL = 8_000_000  # bytes of a checkpoint that is in memory sooner than it is asked on disk


def check_nquads(request: dict[str, object], nquads: bytes) -> bytes:
    """Data and `{"shapes": path, …}` to a report as JSON.

    `engine` is sparql (the default) or pyshacl; `written` says that the data are a stranger's and not out of
    a store; `checkpoint` names one to be checked in place of the data, `focus` the only nodes to look at;
    `progress` is a pipe for lines of number, count and shape; `memory_mb` is what the check may use beyond
    the data.
    """
    shapes = Path(str(request["shapes"]))
    report = (
        _by_pyshacl(shapes, nquads)
        if request.get("engine") == "pyshacl"
        else _compiled(shapes, request, nquads)
    )
    answer = {
        "conforms": report.conforms,
        "findings": [asdict(finding) for finding in report.findings],
        "notes": report.notes,
        "checked": [asdict(checked) for checked in report.checked],
    }
    return json.dumps(answer).encode()


def _by_pyshacl(shapes: Path, nquads: bytes) -> Report:
    from eventkg.checking.graphs import read_shapes, to_rdflib  # slow to import, and seldom asked for
    from eventkg.checking.pyshacl_engine import check

    wanted = read_shapes(shapes)
    return check(to_rdflib(ox.parse(nquads, format=ox.RdfFormat.N_QUADS)), wanted)


def _compiled(shapes: Path, request: dict[str, object], nquads: bytes) -> Report:
    leave_network()
    graph = read_shapes_graph(shapes)
    data = _data(request, nquads)
    if isinstance(memory_mb := request.get("memory_mb"), int):
        limit_memory(memory_mb)
    descriptor = request.get("progress")
    tell = _telling(descriptor) if isinstance(descriptor, int) else None
    try:
        return engine.check(data, graph, tell)
    except (SyntaxError, OSError, RuntimeError) as problem:
        raise DataError(
            f"the shapes' queries could not be run: {' '.join(str(problem).split())[:300]}"
        ) from problem


def _data(request: dict[str, object], nquads: bytes) -> engine.Data:
    checkpoint, focus = request.get("checkpoint"), request.get("focus")
    if checkpoint is None:
        return written_data(nquads) if request.get("written") else stored_data(nquads)
    nodes = [ox.NamedNode(str(iri)) for iri in focus] if isinstance(focus, list) else None
    size = sum(file.stat().st_size for file in Path(str(checkpoint)).iterdir())
    if nodes is not None and size > _SMALL:  # few nodes of a large store, which is asked where it lies
        return engine.Data(ox.Store.read_only(str(checkpoint)), union=True, focus=nodes)
    data = checkpoint_data(str(checkpoint))
    data.focus = nodes
    return data


def _telling(descriptor: int) -> engine.Progress:
    """Progress as lines on a pipe."""
    return lambda number, count, shape: void(os.write(descriptor, f"{number}\t{count}\t{shape}\n".encode()))


def void(_: object) -> None:
    """Drop a value."""
