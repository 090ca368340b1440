"""The side of a check that runs in a process of its own."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.checking import engine
from eventkg.checking.findings import Finding
from eventkg.checking.intake import checkpoint_data, stored_data, written_data
from eventkg.checking.metashapes import refuse_ill_formed
from eventkg.checking.shapesgraph import ShapesGraph, read_shape_quads
from eventkg.errors import DataError, ShapesError
from eventkg.store.files import read_quads
from eventkg.store.offline import leave_network
from eventkg.store.process import limit_memory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventkg.checking.findings import Report

_GROWTH = 40  # bytes in memory for a byte of a file, at most
_SMALL = 8_000_000  # bytes of a checkpoint that is in memory sooner than it is asked on disk


def check_nquads(request: dict[str, object], nquads: bytes) -> bytes:
    """Data and `{"shapes": path, …}` to a report as JSON.

    `engine` is sparql (the default) or pyshacl; `files` names a stranger's files to be checked together with
    the data; `checkpoint` names one to be checked in place of the data, `focus` the only nodes to look at;
    `progress` is a pipe for lines of number, count and shape; `memory_mb` is what the check may use beyond
    the data. `threads`, `most` and `count_nodes` are those of `engine.How`.
    """
    shapes = Path(str(request["shapes"]))
    report = (
        _by_pyshacl(shapes, request, nquads)
        if request.get("engine") == "pyshacl"
        else _compiled(shapes, request, nquads)
    )
    answer = {
        "conforms": report.conforms,
        "findings": [[getattr(one, name) for name in Finding.__slots__] for one in report.findings],
        "notes": report.notes,
        "rows": dict(report.rows),
        "checked": [asdict(checked) for checked in report.checked],
    }
    return json.dumps(answer).encode()


def _by_pyshacl(shapes: Path, request: dict[str, object], nquads: bytes) -> Report:
    from eventkg.checking.graphs import read_shapes, to_rdflib  # slow to import, and seldom asked for
    from eventkg.checking.pyshacl_engine import check

    wanted = read_shapes(shapes)
    return check(to_rdflib(_quads(request, nquads)), wanted)


def _compiled(shapes: Path, request: dict[str, object], nquads: bytes) -> Report:
    leave_network()
    written = read_shape_quads(shapes)
    graph = ShapesGraph(written)
    try:
        refuse_ill_formed(written)
    except ShapesError:
        engine.check(written_data(()), graph)  # the compiler says it more plainly where it sees it
        raise
    memory_mb = request.get("memory_mb")
    files = request.get("files")
    if isinstance(memory_mb, int) and files:
        limit_memory(memory_mb + _GROWTH * _megabytes(files))  # whatever a stranger's file makes of itself
    data = _data(request, nquads)
    if isinstance(memory_mb, int) and not files:
        limit_memory(memory_mb)
    descriptor, threads, most = (request.get(name) for name in ("progress", "threads", "most"))
    how = engine.How(
        _telling(descriptor) if isinstance(descriptor, int) else None,
        threads if isinstance(threads, int) else engine.processors(),
        most if isinstance(most, int) else None,
        count_nodes=bool(request.get("count_nodes")),
    )
    try:
        return engine.check(data, graph, how)
    except (SyntaxError, OSError, RuntimeError) as problem:
        raise DataError(
            f"the shapes' queries could not be run: {' '.join(str(problem).split())[:300]}"
        ) from problem


def _data(request: dict[str, object], nquads: bytes) -> engine.Data:
    checkpoint, focus = request.get("checkpoint"), request.get("focus")
    if checkpoint is None:
        return written_data(_quads(request, nquads)) if request.get("files") else stored_data(nquads)
    nodes = [ox.NamedNode(str(iri)) for iri in focus] if isinstance(focus, list) else None
    size = sum(file.stat().st_size for file in Path(str(checkpoint)).iterdir())
    if nodes is not None and size > _SMALL:  # few nodes of a large store, which is asked where it lies
        return engine.Data(ox.Store.read_only(str(checkpoint)), union=True, focus=nodes)
    data = checkpoint_data(str(checkpoint))
    data.focus = nodes
    return data


def _quads(request: dict[str, object], nquads: bytes) -> Iterator[ox.Quad]:
    """The data, and the files as they are."""
    yield from ox.parse(nquads, format=ox.RdfFormat.N_QUADS)
    files = request.get("files")
    for file in files if isinstance(files, list) else []:
        yield from read_quads(Path(str(file)), "", base=True)


def _megabytes(files: object) -> int:
    found = [Path(str(file)) for file in files] if isinstance(files, list) else []
    return sum(file.stat().st_size for file in found if file.is_file()) >> 20


def _telling(descriptor: int) -> engine.Progress:
    """Progress as lines on a pipe."""
    return lambda number, count, shape: void(os.write(descriptor, f"{number}\t{count}\t{shape}\n".encode()))


def void(_: object) -> None:
    """Drop a value."""
