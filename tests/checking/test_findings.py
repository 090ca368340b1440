from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
import rdflib
from rdflib import RDF, SH

from eventkg.checking.findings import Finding, report
from eventkg.checking.intake import stored_data
from eventkg.checking.rows import rows_of
from eventkg.model.naming import BASE
from eventkg.settings import resources
from eventkg.store.files import read_quads, to_nquads

WRONG = Finding(
    shape="https://w3id.org/eventkg/shapes#Claim-stance",
    component=str(SH.MinCountConstraintComponent),
    focus="https://w3id.org/eventkg/id/claim/one",
    path="https://w3id.org/eventkg/ontology#stance",
    value=None,
    message="A claim has exactly one stance.",
    severity="Violation",
)
ODD = replace(
    WRONG,
    shape="https://w3id.org/eventkg/shapes#ReportedEvent-lowNotAboveBest",
    focus="https://w3id.org/eventkg/id/event/strike",
    value='"5"^^<http://www.w3.org/2001/XMLSchema#integer>',
    message="The low estimate is above the best one.",
    severity="Warning",
)


def many(number: int) -> list[Finding]:
    return [replace(WRONG, focus=f"https://w3id.org/eventkg/id/claim/c{n}") for n in range(number)]


@pytest.mark.parametrize(
    ("findings", "conforms", "last"),
    [
        ([], True, "conforms"),
        ([ODD], True, "conforms: 0 violations, 1 warning in 1 node"),
        ([replace(ODD, severity="Info")], True, "conforms: 0 violations, 1 warning in 1 node"),
        ([WRONG], False, "does not conform: 1 violation, 0 warnings in 1 node"),
        ([*many(4), ODD, WRONG], False, "does not conform: 5 violations, 1 warning in 6 nodes"),
        ([WRONG, replace(WRONG, path=None)], False, "does not conform: 2 violations, 0 warnings in 1 node"),
        (
            [replace(WRONG, severity="urn:fatal")],
            False,
            "does not conform: 1 violation, 0 warnings in 1 node",
        ),
    ],
    ids=["nothing", "warning", "info", "violation", "both", "two in one node", "a severity of one's own"],
)
def test_only_violations_make_data_fail(findings: list[Finding], conforms: bool, last: str) -> None:
    made = report(findings)
    assert made.conforms is conforms
    assert made.to_text().splitlines()[-1] == last


def test_the_text_shows_each_broken_rule_once_with_three_places_at_most() -> None:
    assert report([ODD, *many(5)]).to_text() == (
        "Violation (5) ekgs:Claim-stance: A claim has exactly one stance.\n"
        "    claim:c0\n"
        "    claim:c1\n"
        "    claim:c2\n"
        "    … and 2 more\n"
        "Warning (1) ekgs:ReportedEvent-lowNotAboveBest: The low estimate is above the best one.\n"
        "    event:strike\n"
        "does not conform: 5 violations, 1 warning in 6 nodes\n"
    )


def test_a_node_of_imported_data_is_shown_with_its_file_and_row() -> None:
    rows = {
        f"{BASE}id/event/ucdp-ged/1": "sample.csv, row 1",
        f"{BASE}id/claim/ucdp-ged/2": "sample.csv, row 2",
    }
    quads = list(read_quads(resources() / "data/sources/ucdp-ged/expected.nq", ""))
    data = stored_data(to_nquads(quads))
    assert rows_of(data, [*rows, f"{BASE}id/actor/ucdp", '"text"', "_:b0"]) == rows
    made = replace(report([replace(ODD, focus=next(iter(rows)))]), rows=rows)
    assert made.to_text().splitlines()[1] == f"    {BASE}id/event/ucdp-ged/1 (sample.csv, row 1)"


def test_the_order_in_which_an_engine_finds_things_does_not_show() -> None:
    findings = [*many(5), ODD, WRONG]
    forward, backward = report(findings), report(findings[::-1])
    assert forward == backward
    assert (forward.to_text(), forward.to_json()) == (backward.to_text(), backward.to_json())


def test_json_holds_every_field_of_every_finding() -> None:
    assert json.loads(report([ODD, WRONG]).to_json()) == {
        "conforms": False,
        "findings": [
            {**{name: getattr(finding, name) for name in Finding.__slots__}, "messages": []}
            for finding in (WRONG, ODD)
        ],
        "notes": [],
        "rows": {},
    }


def test_the_turtle_report_follows_the_standard_where_any_result_means_not_conforming() -> None:
    graph = rdflib.Graph().parse(data=report([ODD]).turtle, format="turtle")
    (made,) = graph.subjects(RDF.type, SH.ValidationReport)
    assert graph.value(made, SH.conforms) == rdflib.Literal(False)
    (result,) = graph.objects(made, SH.result)
    parts = graph.predicate_objects(result)
    assert {str(p).removeprefix(str(SH)): str(o) for p, o in parts if p != RDF.type} == {
        "focusNode": ODD.focus,
        "resultPath": ODD.path,
        "value": "5",
        "resultSeverity": str(SH.Warning),
        "sourceShape": ODD.shape,
        "sourceConstraintComponent": ODD.component,
        "resultMessage": ODD.message,
    }


def test_an_empty_turtle_report_conforms() -> None:
    graph = rdflib.Graph().parse(data=report([]).turtle, format="turtle")
    assert [str(value) for value in graph.objects(None, SH.conforms)] == ["true"]


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("message", 'a "quoted" word,\na new line and a back\\slash'),
        ("value", '"two\\nlines \\"quoted\\""@en'),
        ("value", "_:b0"),
        ("focus", '"a literal in focus"'),
        ("path", "[ sh:inversePath <https://w3id.org/eventkg/ontology#proposition> ]"),
        ("path", "( <urn:a> [ sh:zeroOrMorePath <urn:b> ] )"),
        ("constraint", "https://w3id.org/eventkg/shapes#Claim-content"),
    ],
)
def test_the_turtle_report_can_be_read_whatever_a_finding_holds(field: str, text: str) -> None:
    changed: dict[str, Any] = {field: text}
    graph = rdflib.Graph().parse(data=report([replace(WRONG, **changed)]).turtle, format="turtle")
    assert len(list(graph.objects(None, SH.result))) == 1
    if field == "message":
        assert [str(message) for message in graph.objects(None, SH.resultMessage)] == [text]


@pytest.mark.parametrize(
    ("severity", "fails"),
    [("never", ()), ("Violation", ("Violation", "urn:fatal")),
     ("Warning", ("Violation", "Warning", "urn:fatal")),
     ("Info", ("Violation", "Warning", "Info", "urn:fatal"))],
)  # fmt: skip
def test_the_mildest_severity_that_fails_can_be_chosen(severity: str, fails: tuple[str, ...]) -> None:
    kinds = ("Violation", "Warning", "Info", "urn:fatal")
    assert tuple(kind for kind in kinds if report([replace(WRONG, severity=kind)]).fails(severity)) == fails
