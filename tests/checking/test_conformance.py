from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
import rdflib
from rdflib import SH
from tests.checking.conformance import CASES, PREFIXES, TARGETS

from eventkg.checking import pyshacl_engine
from eventkg.checking.child import check_nquads  # noqa: F401  (the child can be imported)
from eventkg.checking.components import TABLE
from eventkg.checking.engine import check
from eventkg.checking.graphs import to_rdflib
from eventkg.checking.intake import written_data
from eventkg.checking.parameters import COMPONENTS
from eventkg.checking.shapesgraph import ShapesGraph

if TYPE_CHECKING:
    from eventkg.checking.findings import Finding, Report

# Where pySHACL does not do as the recommendation says: it orders what cannot be compared, does not know the
# flag x, takes "1" for true, walks a sequence inside of an inverse path in the wrong order, and refuses every
# inner SELECT of `*`.
OTHERWISE = {
    "value: pattern with flags",
    "value: unique language by another word for true",
    "path: an inverted sequence",
    "value: a time without zone beside one with",
    "query: bound in all of an inner SELECT",
}


def turtle(text: str) -> list[ox.Quad]:
    return list(ox.parse((PREFIXES + text).encode(), format=ox.RdfFormat.TURTLE))


def compiled(shapes: str, data: str) -> Report:
    return check(written_data(turtle(data)), ShapesGraph(turtle(shapes)))


def brief(text: str | None) -> str:
    if text is None:
        return "-"
    for long, short in (("urn:x#", ":"), ("http://www.w3.org/2001/XMLSchema#", "xsd:"), (str(SH), "")):
        text = text.replace(f"<{long}", short).replace(long, short)
    words = text.replace(">", "").replace("[ ", "[").replace(" ]", "]").replace("( ", "(").replace(" )", ")")
    words = re.sub(r'^"([0-9.]+)"\^\^xsd:(integer|decimal)$', r"\1", words)
    return words.replace("Path ", " ").replace("<", "")


def line(finding: Finding) -> str:
    component = brief(finding.component).removesuffix("ConstraintComponent")
    return " ".join((brief(finding.focus), component, brief(finding.path), brief(finding.value)))


def lines(report: Report) -> list[str]:
    return sorted(map(line, report.findings))


def wanted(results: list[str]) -> list[str]:
    return sorted(result.replace("<urn:long>", "urn:long") for result in results)


@pytest.mark.parametrize("name", CASES)
def test_a_case_has_exactly_the_results_of_the_recommendation(name: str) -> None:
    shapes, data, results = CASES[name]
    assert lines(compiled(shapes, data)) == wanted(results)


@pytest.mark.parametrize("name", [name for name in CASES if name not in OTHERWISE])
def test_the_oracle_agrees(name: str) -> None:
    shapes, data, _ = CASES[name]
    theirs = pyshacl_engine.run(to_rdflib(turtle(data)), to_rdflib(turtle(shapes)))
    assert sorted(set(lines(theirs))) == sorted(set(lines(compiled(shapes, data))))


def test_every_component_has_a_function_and_a_case() -> None:
    assert set(TABLE) == {*COMPONENTS, f"{SH}sparql"}
    shapes = " ".join(case[0] for case in CASES.values())
    assert [iri for iri in COMPONENTS if f"sh:{iri.removeprefix(str(SH))} " not in shapes] == []
    assert len(TARGETS) > 5


def test_the_report_has_a_copy_of_the_path_that_a_reader_of_turtle_finds_again() -> None:
    shapes, data, _ = CASES["path: repetition in a sequence"]
    graph = rdflib.Graph().parse(data=compiled(shapes, data).turtle, format="turtle")
    (path,) = graph.objects(None, SH.resultPath)
    first, second = graph.items(path)
    assert (list(graph.predicate_objects(first)), second) == (
        [(SH.zeroOrMorePath, rdflib.URIRef("urn:x#q"))],
        rdflib.URIRef("urn:x#r"),
    )
