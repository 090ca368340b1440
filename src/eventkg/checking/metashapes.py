"""Shapes checked against SHACL's own shapes (SHACL, appendix C), which come with pySHACL.

They see a subset of the syntax rules; the compiler sees to the others. A path node of several kinds, such as
both an inverse and a sequence, is let through: the W3C's test suite (path-strange) has it evaluated.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from eventkg.checking.engine import check
from eventkg.checking.intake import written_data
from eventkg.checking.shapesgraph import ShapesGraph, read_shapes_graph
from eventkg.errors import ShapesError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyoxigraph as ox

_SH = "http://www.w3.org/ns/shacl#"
_KINDS = {f"{_SH}{kind}Path" for kind in ("inverse", "alternative", "zeroOrMore", "oneOrMore", "zeroOrOne")}
_KINDS.add("http://www.w3.org/1999/02/22-rdf-syntax-ns#first")


def refuse_ill_formed(quads: Sequence[ox.Quad]) -> None:
    """Check shapes before anything is checked by them.

    Raises:
        ShapesError: with the first thing that is wrong.

    """
    strange = _with_strange_paths(quads)
    for found in check(written_data(quads), _metashapes()).findings:
        if found.focus not in strange:
            where = f"{found.focus} {found.path or ''}".rstrip()
            raise ShapesError(f"{where}: {found.value or 'nothing'} found; {found.message}")


def _with_strange_paths(quads: Sequence[ox.Quad]) -> set[str]:
    """Shapes whose path is of several kinds at once."""
    kinds: dict[str, set[str]] = {}
    for quad in quads:
        if quad.predicate.value in _KINDS:
            kinds.setdefault(str(quad.subject), set()).add(quad.predicate.value)
    several = {node for node, found in kinds.items() if len(found) > 1}
    paths = (quad for quad in quads if quad.predicate.value == f"{_SH}path" and str(quad.object) in several)
    return {getattr(quad.subject, "value", "") for quad in paths}


@cache
def _metashapes() -> ShapesGraph:
    package = find_spec("pyshacl")
    if package is None or package.origin is None:
        raise ShapesError("pyshacl: not found, its copy of SHACL's own shapes expected")
    return read_shapes_graph(Path(package.origin).with_name("assets") / "shacl-shacl.ttl")
