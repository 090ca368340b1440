from __future__ import annotations

import json
import urllib.request
from typing import TYPE_CHECKING, NoReturn

import pyoxigraph as ox
import pytest

from eventkg.checking.findings import Finding
from eventkg.checking.graphs import read_shapes, to_rdflib
from eventkg.checking.pyshacl_engine import check, refuse_ill_formed
from eventkg.errors import DataError, ShapesError
from eventkg.query.child import run_child

if TYPE_CHECKING:
    from pathlib import Path

    import rdflib

CHECK = "eventkg.checking.child:check_nquads"
PREFIXES = """
@prefix : <urn:x#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
SHAPES = """
:Named a sh:NodeShape ; sh:targetClass :Thing ; sh:property :Named-name , :Named-date , :Named-nick .
:Named-name a sh:PropertyShape ; sh:path :name ; sh:minCount 1 ;
    sh:message "Es fehlt ein Name."@de , "It has a name."@en .
:Named-date a sh:PropertyShape ; sh:path :date ; sh:pattern "^[0-9-]{10}$" ; sh:message "No zone."@en .
:Named-nick a sh:PropertyShape ; sh:path :nick ; sh:maxCount 0 ;
    sh:severity sh:Warning ; sh:message "No nick."@en .
"""


def graph(turtle: str) -> rdflib.Graph:
    return to_rdflib(ox.parse((PREFIXES + turtle).encode(), format=ox.RdfFormat.TURTLE))


def with_query(select: str) -> str:
    return f'{SHAPES} :Named sh:sparql :query . :query a sh:SPARQLConstraint ; sh:select """{select}""" .'


@pytest.mark.parametrize(
    ("data", "conforms", "found"),
    [
        ('[] a :Thing ; :name "a" .', True, []),
        ('[] a :Thing ; :name "a" ; :nick "b" .', True, [("Warning", "No nick.")]),
        ("[] a :Thing .", False, [("Violation", "It has a name.")]),
        ('[] a :Thing ; :nick "b" .', False, [("Violation", "It has a name."), ("Warning", "No nick.")]),
        ('[] a :Thing ; :name "a" ; :date "2017-01-22Z"^^xsd:date .', False, [("Violation", "No zone.")]),
        ("[] a :Other .", True, []),
    ],
    ids=["fine", "warnings only", "violation in English", "both", "a zone is seen", "not a target"],
)
def test_data_are_checked(data: str, conforms: bool, found: list[tuple[str, str]]) -> None:
    report = check(graph(data), graph(SHAPES))
    assert report.conforms is conforms
    assert [(finding.severity, finding.message) for finding in report.findings] == found


def test_subclasses_of_a_target_class_are_found_with_the_ontology_only() -> None:
    data, ontology = graph(":a a :Special ."), graph(":Special rdfs:subClassOf :Thing .")
    assert check(data, graph(SHAPES)).conforms
    assert [finding.focus for finding in check(data, graph(SHAPES), ontology).findings] == ["urn:x#a"]


BACK = """
:Back a sh:PropertyShape ; sh:targetClass :Thing ; sh:minCount 1 ;
    sh:path [ sh:inversePath ( :knows :likes ) ] .
"""


def test_a_finding_tells_where_and_what() -> None:
    query = with_query("SELECT $this ?value WHERE { $this <urn:x#name> ?value }")
    shapes = query.replace("sh:minCount 1", "sh:datatype xsd:string") + BACK
    report = check(graph(":a a :Thing ; :name 5 ."), graph(shapes))
    five = '"5"^^<http://www.w3.org/2001/XMLSchema#integer>'
    back = "[ <http://www.w3.org/ns/shacl#inversePath> ( <urn:x#knows> <urn:x#likes> ) ]"
    assert [(f.shape, f.focus, f.path, f.value, f.constraint) for f in report.findings] == [
        ("urn:x#Back", "urn:x#a", back, None, None),
        ("urn:x#Named", "urn:x#a", None, five, "urn:x#query"),
        ("urn:x#Named-name", "urn:x#a", "urn:x#name", five, None),
    ]


def test_the_same_input_gives_the_same_bytes() -> None:
    data = '[] a :Thing . [] a :Thing ; :nick "b" . [] a :Thing ; :nick "c" , "d" ; :date "x" . :a a :Thing .'
    shapes = (
        SHAPES + ":Named sh:property [ sh:path :nick ; sh:maxCount 0 ] , [ sh:path :date ; sh:maxLength 0 ] ."
    )
    reports = [check(graph(data), graph(shapes)) for _ in range(3)]
    assert len(reports[0].findings) > 6
    assert {(report.to_text(), report.to_json(), report.turtle) for report in reports} == {
        (reports[0].to_text(), reports[0].to_json(), reports[0].turtle)
    }


def test_shapes_and_data_are_left_as_they_were() -> None:
    data, shapes, ontology = graph(":a a :Thing ."), graph(SHAPES), graph(":Special rdfs:subClassOf :Thing .")
    before = [set(each) for each in (data, shapes, ontology)]
    check(data, shapes, ontology)
    assert [set(each) for each in (data, shapes, ontology)] == before


@pytest.mark.parametrize(
    ("shapes", "said"),
    [
        (SHAPES.replace("sh:minCount 1", 'sh:minCount "one"'), "urn:x#Named-name"),
        (SHAPES.replace("sh:path :name ;", ""), "sh:path"),
        (SHAPES.replace("sh:path :name ;", "sh:path :name , :nick ;"), "sh:path"),
        (SHAPES.replace("sh:severity sh:Warning", 'sh:severity "bad"'), "urn:x#Named-nick"),
        (with_query("SELECT $this WHERE { $this"), "urn:x#query: "),
        (with_query("SELECT $this WHERE { $this unknown:name ?x }"), "unknown"),
        (with_query("SELECT $this WHERE { SERVICE <http://127.0.0.1:9/> { $this ?p ?o } }"), "SERVICE found"),
        (with_query("SELECT $this WHERE { OPTIONAL { SERVICE?o { $this ?p ?o } } }"), "SERVICE found"),
        (with_query("SELECT $this FROM <http://127.0.0.1:9/> WHERE { $this ?p ?o }"), "FROM"),
        (with_query("SELECT $this WHERE { $this ?p ?o . MINUS { $this <urn:x#name> ?o } }"), "MINUS"),
    ],
    ids=[
        "count in words", "no path", "two paths", "severity in words", "half a query", "undeclared prefix",
        "SERVICE", "SERVICE of a variable", "FROM", "what SHACL forbids",
    ],
)  # fmt: skip
def test_ill_formed_shapes_give_no_report(shapes: str, said: str) -> None:
    with pytest.raises(ShapesError, match=said):
        check(graph(":a a :Thing ."), graph(shapes))


def test_ill_formed_shapes_are_refused_though_nothing_is_their_target() -> None:
    with pytest.raises(ShapesError, match="urn:x#query: "):
        refuse_ill_formed(graph(with_query("SELECT $this WHERE { $this")))


def test_a_blank_node_among_values_to_compare_is_the_fault_of_the_data() -> None:
    shapes = SHAPES.replace("sh:maxCount 0", "sh:lessThan :date")
    with pytest.raises(DataError, match="a blank node found"):
        check(graph(':a a :Thing ; :nick [] ; :date "2017-01-22" .'), graph(shapes))


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(urllib.request, "urlopen", refuse)
    imports = "<urn:x> a owl:Ontology ; owl:imports <http://127.0.0.1:9/more> ."
    assert check(graph(imports), graph(SHAPES + imports), graph(imports)).conforms


def test_shapes_are_read_from_a_file_or_from_a_folder(tmp_path: Path) -> None:
    file = tmp_path / "named.ttl"
    file.write_text(PREFIXES + SHAPES, encoding="utf-8")
    (tmp_path / "note.txt").write_text("no shapes", encoding="utf-8")
    assert set(read_shapes(file)) == set(read_shapes(tmp_path)) == set(graph(SHAPES))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("shapes.ttl", ":a :b", r"shapes\.ttl: line 1, column"),
        ("missing.ttl", None, "no such file"),
        ("", None, "no Turtle file found"),
    ],
)
def test_unreadable_shapes_are_ill_formed(tmp_path: Path, name: str, content: str | None, said: str) -> None:
    if content:
        (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(ShapesError, match=said):
        read_shapes(tmp_path / name)


@pytest.mark.parametrize("engine", ["sparql", "pyshacl"])
def test_a_child_process_gets_quads_and_gives_json(tmp_path: Path, engine: str) -> None:
    file = tmp_path / "named.ttl"
    file.write_text(PREFIXES + SHAPES, encoding="utf-8")
    nquads = b"<urn:x#a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <urn:x#Thing> <urn:graph> ."
    said = json.loads(run_child(CHECK, {"shapes": str(file), "engine": engine}, nquads, 1_000_000, None))
    report = check(graph(":a a :Thing ."), graph(SHAPES))
    assert said["conforms"] is False
    message = Finding.__slots__.index("message")
    assert [one[message] for one in said["findings"]] == [one.message for one in report.findings]
