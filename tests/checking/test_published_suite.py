"""The W3C's SHACL test suite, where a copy is at hand: EVENTKG_SHACL_SUITE is the folder of its manifest.ttl.

Reports are compared as the suite demands: sh:conforms, and each result by its focus node, path, value,
component, shape, constraint and severity; messages where the suite has them. Blank nodes are all alike.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from eventkg.checking import paths
from eventkg.checking.engine import check
from eventkg.checking.intake import written_data
from eventkg.checking.shapesgraph import SH, ShapesGraph, name
from eventkg.errors import ShapesError
from eventkg.model.naming import RDF
from eventkg.store.files import read_quads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventkg.checking.shapesgraph import Term

MF, SHT = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#", "http://www.w3.org/ns/shacl-test#"
COMPARED = (
    "focusNode",
    "value",
    "resultSeverity",
    "sourceShape",
    "sourceConstraint",
    "sourceConstraintComponent",
)
SUITE = os.environ.get("EVENTKG_SHACL_SUITE", "")


def read(file: Path) -> ShapesGraph:
    return ShapesGraph(read_quads(file, "urn:suite", base=True))


def local(node: Term) -> Path:
    return (
        Path.from_uri(name(node)) if hasattr(Path, "from_uri") else Path(name(node).removeprefix("file://"))
    )


def cases(manifest: Path) -> Iterator[tuple[Path, str]]:
    """The file and the IRI of every entry, by way of the manifests that a manifest includes."""
    graph = read(manifest)
    for entries in graph.subjects(f"{MF}entries"):
        yield from (
            (manifest, name(one))
            for listed in graph.objects(entries, f"{MF}entries")
            for one in graph.items(listed)
        )
    for above in graph.subjects(f"{MF}include"):
        for included in graph.objects(above, f"{MF}include"):
            yield from cases(local(included))


CASES = list(cases(Path(SUITE) / "manifest.ttl")) if SUITE else []
pytestmark = pytest.mark.skipif(not SUITE, reason="EVENTKG_SHACL_SUITE names no copy of the W3C's suite")


def shown(term: Term) -> str:
    return "_:" if isinstance(term, ox.BlankNode) else str(term)


def results(graph: ShapesGraph, report: Term, *, with_messages: bool) -> Counter[tuple[str, ...]]:
    found: Counter[tuple[str, ...]] = Counter()
    for result in graph.objects(report, f"{SH}result"):
        kept = [f"{one} {shown(term)}" for one in COMPARED for term in graph.objects(result, SH + one)]
        kept += [
            f"path {paths.to_turtle(paths.read_path(graph, one))}"
            for one in graph.objects(result, f"{SH}resultPath")
        ]
        if with_messages:
            kept += sorted(f"says {one}" for one in graph.objects(result, f"{SH}resultMessage"))
        found[tuple(kept)] += 1
    return found


def report_of(data: Path, shapes: Path) -> ShapesGraph:
    made = check(written_data(read_quads(data, "urn:data", base=True)), read(shapes))
    return ShapesGraph(ox.parse(made.turtle.encode(), format=ox.RdfFormat.TURTLE))


@pytest.mark.parametrize(
    ("manifest", "iri"),
    CASES,
    ids=[iri.rpartition("/tests/")[2].rpartition("sht_tests/")[2] for _, iri in CASES],
)
def test_a_published_case_has_exactly_its_published_results(manifest: Path, iri: str) -> None:
    graph = read(manifest)
    case = ox.NamedNode(iri)
    (action,), (wanted,) = graph.objects(case, f"{MF}action"), graph.objects(case, f"{MF}result")
    data, shapes = (local(graph.objects(action, f"{SHT}{kind}Graph")[0]) for kind in ("data", "shapes"))
    if wanted == ox.NamedNode(f"{SHT}Failure"):
        with pytest.raises(ShapesError):
            report_of(data, shapes)
        return
    with_messages = any(
        graph.objects(one, f"{SH}resultMessage") for one in graph.objects(wanted, f"{SH}result")
    )
    ours = report_of(data, shapes)
    (made,) = ours.subjects(f"{RDF}type", ox.NamedNode(f"{SH}ValidationReport"))
    assert ours.objects(made, f"{SH}conforms") == graph.objects(wanted, f"{SH}conforms")
    assert results(ours, made, with_messages=with_messages) == results(
        graph, wanted, with_messages=with_messages
    )
