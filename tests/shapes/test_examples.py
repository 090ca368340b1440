"""Each example file against all shapes: the findings are exactly those that the file's head announces.

`<file of shapes>_PASS[_what].ttl` has no finding; `<file of shapes>_XFAIL_<why>.ttl` has one planted fault
and `# expect: <shape> | <focus node> | <severity> | <message>` for each finding that the fault causes.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import rdflib
from rdflib import RDF, SH, SKOS

from eventkg.checking.graphs import read_shapes, to_rdflib
from eventkg.checking.pyshacl_engine import check, refuse_ill_formed
from eventkg.model.naming import BASE, CODE, EKGS, shorten
from eventkg.settings import resources
from eventkg.store.bundled import ontology_quads
from eventkg.store.files import read_quads

if TYPE_CHECKING:
    from eventkg.checking.findings import Finding

FOLDER = Path(__file__).parent
EXAMPLES = sorted(FOLDER.glob("*.ttl"))
CLASSES = sorted({path.stem for path in (resources() / "shapes").glob("*.ttl")} - {"prefixes", "value"})
# of each file of shapes one that passes and one that fails
ALONE = [next(path for path in EXAMPLES if path.stem.startswith(f"{name}_{end}"))
         for name in CLASSES for end in ("PASS", "XFAIL")]  # fmt: skip
TARGETS = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)
PARAMETERS: dict[rdflib.term.Node, str] = {
    SH[name]: f"{name[0].upper()}{name[1:]}ConstraintComponent"
    for name in (
        "minCount", "maxCount", "datatype", "class", "node", "nodeKind", "in", "or", "pattern", "maxLength",
        "minInclusive", "maxInclusive", "hasValue", "uniqueLang", "disjoint", "lessThan", "lessThanOrEquals",
    )
}  # fmt: skip
NO_CONSTRAINT = {
    RDF.type, SH.path, SH.message, SH.severity, SH.property, SH.sparql, *TARGETS,
    SH.select, SH.prefixes, SH.declare, SH.prefix, SH.namespace,
}  # fmt: skip


@cache
def shapes() -> rdflib.Graph:
    return read_shapes(resources() / "shapes")


@cache
def ontology() -> rdflib.Graph:
    return to_rdflib(ontology_quads())


def example(path: Path) -> rdflib.Graph:
    return to_rdflib(read_quads(path, "urn:example"))


def local(shape: object) -> str:
    return str(shape).removeprefix(EKGS)


def line(finding: Finding) -> str:
    parts = (local(finding.shape), shorten(finding.focus), finding.severity, finding.message)
    return " | ".join(parts)


def expected(path: Path) -> set[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return {text.removeprefix("# expect: ") for text in lines if text.startswith("# expect: ")}


def constraints() -> set[tuple[str, str]]:
    """(shape, component or SPARQL constraint) of every constraint that can show up in a report by itself."""
    targeted = {shape for target in TARGETS for shape in shapes().subjects(target)}
    reported = targeted | {part for shape in targeted for part in shapes().objects(shape, SH.property)}
    found = set()
    for shape in reported:
        for predicate, value in shapes().predicate_objects(shape):
            if predicate == SH.sparql:
                found.add((local(shape), local(value)))
            elif predicate in PARAMETERS:
                found.add((local(shape), PARAMETERS[predicate]))
    return found


@pytest.fixture(scope="module")
def findings() -> tuple[Finding, ...]:
    return check(all_apart(), shapes(), ontology()).findings


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_has_exactly_the_findings_that_it_announces(
    path: Path, findings: tuple[Finding, ...]
) -> None:
    """Whatever others are beside it: 300 checks of one example each would say the same at greater cost."""
    found = {line(finding) for finding in findings if finding.focus.endswith(f"--{path.stem}")}
    assert found == {line_apart(text, path.stem) for text in expected(path)}
    assert bool(found) == ("_XFAIL_" in path.stem)


@pytest.mark.parametrize("path", ALONE, ids=lambda path: path.stem)
def test_an_example_alone_has_them_too(path: Path) -> None:
    report = check(example(path), shapes(), ontology())
    assert {line(finding) for finding in report.findings} == expected(path)


def test_every_constraint_is_broken_by_an_example_and_examples_do_not_disturb_each_other(
    findings: tuple[Finding, ...],
) -> None:
    announced = {line_apart(text, path.stem) for path in EXAMPLES for text in expected(path)}
    assert {line(finding) for finding in findings} == announced
    hit = {(local(f.shape), local(f.constraint or f.component.removeprefix(str(SH)))) for f in findings}
    assert constraints() - hit == set()


def all_apart() -> rdflib.Graph:
    """All examples in one graph, the things of each with names of their own."""
    everything = rdflib.Graph()
    for path in EXAMPLES:
        for subject, predicate, value in example(path):
            everything.add((_apart(subject, path.stem), predicate, _apart(value, path.stem)))
    return everything


def _apart(node: rdflib.term.Node, name: str) -> rdflib.term.Node:
    """Give the things of an example names of their own; codes and terms of the ontology stay."""
    own = str(node).startswith((f"{BASE}id/", f"{BASE}view/", f"{BASE}graph/"))
    return rdflib.URIRef(f"{node}--{name}") if own else node


def line_apart(text: str, name: str) -> str:
    shape, focus, severity, message = text.split(" | ")
    return f"{shape} | {focus}--{name} | {severity} | {message}"


def test_every_file_of_shapes_has_an_example_that_passes_and_one_that_fails() -> None:
    for verdict in ("PASS", "XFAIL"):
        assert {path.stem.split("_")[0] for path in EXAMPLES if f"_{verdict}" in path.stem} == set(CLASSES)


def test_every_constraint_has_a_message_in_english() -> None:
    by_themselves = {shape for parameter in PARAMETERS for shape in shapes().subjects(parameter)}
    silent = [
        local(shape)
        for shape in by_themselves | set(shapes().subjects(SH.select))
        if [message.n3()[-3:] for message in shapes().objects(shape, SH.message)] != ["@en"]
    ]
    assert silent == []


def test_the_shapes_are_well_formed() -> None:
    refuse_ill_formed(shapes())


def test_the_shapes_use_only_what_every_shacl_engine_can_do() -> None:
    known = {*PARAMETERS, *NO_CONSTRAINT}
    used = {predicate for predicate in shapes().predicates() if str(predicate).startswith(str(SH))}
    assert used - known == {SH.alternativePath, SH.inversePath}


def test_every_shape_has_a_name_of_its_own() -> None:
    kinds = (SH.NodeShape, SH.PropertyShape, SH.SPARQLConstraint, SH.PrefixDeclaration)
    nodes = [node for kind in kinds for node in shapes().subjects(RDF.type, kind)]
    assert [node for node in nodes if not str(node).startswith(EKGS)] == []
    linked = {
        *shapes().objects(None, SH.property),
        *shapes().objects(None, SH.sparql),
        *shapes().objects(None, SH.node),
    }
    assert linked - set(nodes) == set()


def test_lists_of_codes_in_the_shapes_are_those_of_the_code_lists() -> None:
    for shape, start in shapes().subject_objects(SH["in"]):
        listed = {str(code) for code in shapes().items(start)}
        schemes = {code.rsplit("/", 1)[0] for code in listed if code.startswith(CODE)}
        in_scheme = {
            str(c) for scheme in schemes for c in ontology().subjects(SKOS.inScheme, rdflib.URIRef(scheme))
        }
        assert not schemes or listed == in_scheme, local(shape)
