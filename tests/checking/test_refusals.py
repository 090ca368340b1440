from __future__ import annotations

import pytest
from tests.checking.conformance import COMPONENT, node, prop, select
from tests.checking.test_conformance import compiled

from eventkg.errors import ShapesError

ILL_FORMED = {
    "a count in words": (prop('sh:minCount "one"'), "sh:minCount: .* an xsd:integer expected"),
    "a negative count": (prop("sh:minCount -1"), "0 or more"),
    "two counts": (prop("sh:minCount 1 , 2"), "sh:minCount: 2 values found, at most 1"),
    "two patterns": (prop('sh:pattern "a" , "b"'), "sh:pattern: 2 values found"),
    "a pattern that is none": (prop('sh:pattern "("'), "a regular expression expected"),
    "an unknown node kind": (prop("sh:nodeKind :Thing"), "one of sh:IRI"),
    "a class as text": (prop('sh:class "C"'), "an IRI expected"),
    "a limit that is no literal": (prop("sh:minInclusive :x"), "a literal expected"),
    "a list that does not end": (prop("sh:in [ rdf:first 1 ]"), "RDF list"),
    "a list that goes around": (prop("sh:in :l") + ":l rdf:first 1 ; rdf:rest :l .", "RDF list"),
    "no path": (":S sh:property [ sh:minCount 1 ] .", "sh:path: nothing found"),
    "two paths": (prop("sh:path :q ; sh:minCount 1"), "sh:path: 2 values found"),
    "a path of one member": (prop("sh:minCount 1", "( :q )"), "2 or more"),
    "a path in itself": (prop("sh:minCount 1", "_:p") + "_:p sh:inversePath _:p .", "contains itself"),
    "a literal as a path": (prop("sh:minCount 1", "5"), "property path"),
    "a count in a node shape": (node("sh:minCount 1"), "a property shape expected"),
    "a path in a node shape": (":S a sh:NodeShape ; sh:path :p .", "no path in a node shape"),
    "a path where sh:node refers to": (node("sh:node [ sh:path :p ]"), "no path where sh:node"),
    "a severity in words": (node('sh:severity "bad"'), "sh:severity"),
    "a message that is no text": (node("sh:message 5"), "a text expected"),
    "a literal as a shape": (node("sh:not 5"), "a shape expected"),
    "recursion": (node("sh:node :T") + ":T sh:not [ sh:node :S ] .", "recursive shape"),
    "recursion over a path": (prop("sh:node :S"), "recursive shape"),
    "half a query": (select("SELECT $this WHERE { $this"), "a SPARQL query expected"),
    "an undeclared prefix": (select("SELECT $this WHERE { $this no:such ?x }"), "no"),
    "MINUS": (select("SELECT $this { $this ?p ?o MINUS { $this x:p ?o } }"), "MINUS"),
    "VALUES": (select("SELECT $this { VALUES ?x { 1 } $this ?p ?x }"), "VALUES"),
    "SERVICE": (select("SELECT $this { SERVICE <http://127.0.0.1:9/> { $this ?p ?o } }"), "SERVICE"),
    "FROM": (select("SELECT $this FROM <urn:g> { $this ?p ?o }"), "FROM"),
    "a bound variable bound anew": (select("SELECT $this { BIND (true AS $this) }"), "AS \\$this"),
    "a bound variable hidden": (select("SELECT $this { $this ?p ?o { SELECT ?x { ?x ?y ?z } } }"), "inner SELECT"),
    "a bound variable that * does not hand on": (
        select("SELECT $this { { SELECT * { FILTER ($this = x:a) BIND ($this AS ?x) } } }"), "inner SELECT"),
    "an ASK where a SELECT is due": (select("ASK { $this ?p ?o }"), "SELECT expected"),
    "a component that asks where it should select": (
        COMPONENT.replace("sh:select \"SELECT DISTINCT $this ?value { $this $PATH", "sh:select \"ASK { $this ?p") + prop(":onlyTag 1"),
        "SELECT expected"),
    "a query that reports a failure": (select("SELECT $this ?failure { BIND (true AS ?failure) }"), "a failure at"),
}  # fmt: skip


@pytest.mark.parametrize("name", ILL_FORMED)
def test_ill_formed_shapes_are_refused_with_what_is_wrong(name: str) -> None:
    shapes, said = ILL_FORMED[name]
    with pytest.raises(ShapesError, match=said):
        compiled(shapes, ":a a :C .")


def test_a_path_that_no_shape_uses_is_nobody_s_business() -> None:
    assert compiled(node("sh:nodeKind sh:IRI") + " :unused sh:inversePath 5 .", "").conforms


@pytest.mark.parametrize(
    ("shapes", "data", "note"),
    [
        (":S a sh:NodeShape ; sh:nodeKind sh:IRI .", ":a a :C .", "no shape has a target"),
        (node("sh:nodeKind sh:IRI"), "", "the data hold no statement"),
        (prop(r'sh:pattern "^(.)\\1$"'), ":a a :C .", "in Python"),
    ],
    ids=["no target", "no data", "not compiled"],
)
def test_what_a_reader_must_know_of_the_check_is_noted(shapes: str, data: str, note: str) -> None:
    report = compiled(shapes, data)
    assert [note in one for one in report.notes] == [True]
    assert note in report.to_text()


def test_constraints_without_results_are_listed_as_checked() -> None:
    report = compiled(prop("sh:minCount 1 ; sh:maxCount 1"), ":a a :C .")
    found = {(one.root, one.component.rpartition("#")[2], one.results) for one in report.checked}
    assert found == {
        ("urn:x#S", "MinCountConstraintComponent", 1),
        ("urn:x#S", "MaxCountConstraintComponent", 0),
    }


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ('"{$this} has {?value}"', ["urn:x#a has 5"]),
        ('"one"@en , "eins"@de', ["one"]),
        ('"{?unknown}"', ["{?unknown}"]),
    ],
)
def test_messages_name_the_values_of_a_query(message: str, said: list[str]) -> None:
    shapes = select("SELECT $this ?value { $this x:p ?value }", besides=f"sh:message {message} ;")
    report = compiled(shapes, ":a a :C ; :p 5 .")
    assert [finding.message for finding in report.findings] == said
    assert len(report.findings[0].messages) == message.count(",") + 1


def test_literals_are_reported_as_they_were_written() -> None:
    report = compiled(prop("sh:maxInclusive 6"), ':a a :C ; :p "007"^^xsd:integer , "06"^^xsd:integer .')
    assert [finding.value for finding in report.findings] == [
        '"007"^^<http://www.w3.org/2001/XMLSchema#integer>'
    ]


def test_blank_nodes_of_data_have_the_same_names_every_time() -> None:
    data = "[] a :C ; :p [ :q 1 ] , [ :q 2 ] . [] a :C ."
    shapes = prop("sh:minCount 3 ; sh:nodeKind sh:IRI ; sh:property [ sh:path :q ; sh:minInclusive 2 ]")
    reports = {(compiled(shapes, data).turtle, compiled(shapes, data).to_json()) for _ in range(3)}
    assert len(reports) == 1
    assert "_:b0" in reports.pop()[0]
