"""Shapes read out of their graph and checked while they are read: what is ill-formed gives no report."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.checking.parameters import COMPONENTS, SHAPE_VALUED, check_parameters
from eventkg.checking.paths import Path, read_path
from eventkg.checking.shapesgraph import SH, is_true, name, shacl
from eventkg.checking.sparqlshapes import Validator, custom_components, sparql_constraints
from eventkg.errors import ShapesError
from eventkg.model.naming import RDF, RDFS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventkg.checking.shapesgraph import ShapesGraph, Term

_TARGETS = tuple(f"{SH}{one}" for one in ("targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf"))


@dataclass(frozen=True, slots=True)
class Targets:
    """Which nodes a shape looks at by itself."""

    nodes: tuple[Term, ...] = ()
    classes: tuple[Term, ...] = ()
    subjects_of: tuple[Term, ...] = ()
    objects_of: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.nodes or self.classes or self.subjects_of or self.objects_of)


@dataclass(frozen=True, slots=True)
class Constraint:
    """One component at work in a shape: `value` is that of its first parameter, `validator` a query's."""

    component: str
    parameter: str
    value: Term
    validator: Validator | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape; `path` is None for a node shape."""

    node: Term
    path: Path | None
    targets: Targets
    severity: str
    messages: tuple[ox.Literal, ...]
    deactivated: bool
    constraints: tuple[Constraint, ...] = field(default=())


class Shapes:
    """All shapes of a graph, each read once."""

    def __init__(self, graph: ShapesGraph) -> None:
        """Read and check every shape there is.

        Raises:
            ShapesError: one of them is ill-formed, or refers to itself.

        """
        self.graph = graph
        self._custom = custom_components(graph)
        self._all: dict[Term, Shape] = {}
        self.notes: list[str] = []
        for node in self._nodes():
            self[node]
        for node in self._all:
            self._refuse_recursion(node, ())

    def __getitem__(self, node: Term) -> Shape:
        if node not in self._all:
            self._all[node] = self._read(node)
        return self._all[node]

    def with_targets(self) -> list[Shape]:
        """Those that look at something by themselves, and are not deactivated."""
        return [shape for shape in list(self._all.values()) if shape.targets and not shape.deactivated]

    def siblings(self, node: Term, qualified: Term) -> list[Term]:
        """The other qualified value shapes of the shapes that have this property shape."""
        found: dict[Term, None] = {}
        for parent in self.graph.subjects(f"{SH}property", node):
            for sibling in self.graph.objects(parent, f"{SH}property"):
                found |= dict.fromkeys(self.graph.objects(sibling, f"{SH}qualifiedValueShape"))
        found.pop(qualified, None)
        return list(found)

    def _nodes(self) -> Iterator[Term]:
        """What the recommendation calls a shape (section 2.1)."""
        graph = self.graph
        for kind in ("NodeShape", "PropertyShape"):
            yield from (n for n in graph.nodes() if graph.instance_of(n, f"{SH}{kind}"))
        for predicate in (*_TARGETS, *COMPONENTS, f"{SH}sparql"):
            yield from graph.subjects(predicate)
        for component in self._custom:
            yield from graph.subjects(component.mandatory[0])
        for parent in list(graph.nodes()):
            for parameter in SHAPE_VALUED:
                yield from self._shapes_in(parent, parameter)

    def _shapes_in(self, node: Term, parameter: str) -> Iterator[Term]:
        for value in self.graph.objects(node, parameter):
            if COMPONENTS[parameter].kind == "shapes":
                yield from self.graph.items(value)
            else:
                yield value

    def _read(self, node: Term) -> Shape:
        graph = self.graph
        if isinstance(node, ox.Literal):
            raise ShapesError(f"{name(node)}: a literal found, a shape expected")
        path_node = graph.one(node, f"{SH}path")
        self._check_kind(node, path_node)
        check_parameters(graph, node, is_property=path_node is not None)
        severity = graph.one(node, f"{SH}severity")
        if severity is not None and not isinstance(severity, ox.NamedNode):
            raise ShapesError(f"{name(node)} sh:severity: {name(severity)} found, an IRI expected")
        return Shape(
            node=node,
            path=None if path_node is None else read_path(graph, path_node),
            targets=self._targets(node),
            severity=severity.value if severity is not None else f"{SH}Violation",
            messages=messages(graph, node),
            deactivated=_switch(graph, node, "deactivated"),
            constraints=tuple(self._constraints(node, is_property=path_node is not None)),
        )

    def _check_kind(self, node: Term, path: Term | None) -> None:
        graph = self.graph
        if path is None and graph.instance_of(node, f"{SH}PropertyShape"):
            raise ShapesError(f"{name(node)} sh:path: nothing found, the path of a property shape expected")
        if path is None and graph.subjects(f"{SH}property", node):
            raise ShapesError(f"{name(node)} sh:path: nothing found, the path of a property shape expected")
        if path is not None and graph.subjects(f"{SH}node", node):
            raise ShapesError(
                f"{name(node)} sh:path: {name(path)} found, no path where sh:node refers to expected"
            )
        if path is not None and graph.instance_of(node, f"{SH}NodeShape"):
            raise ShapesError(f"{name(node)} sh:path: {name(path)} found, no path in a node shape expected")

    def _targets(self, node: Term) -> Targets:
        nodes, classes, subjects, objects = (tuple(self.graph.objects(node, one)) for one in _TARGETS)
        for predicate, found in zip(_TARGETS[1:], (classes, subjects, objects), strict=True):
            for term in found:
                if not isinstance(term, ox.NamedNode):
                    raise ShapesError(f"{name(node)} {shacl(predicate)}: {name(term)} found, an IRI expected")
        for term in nodes:
            if isinstance(term, ox.BlankNode):
                raise ShapesError(
                    f"{name(node)} sh:targetNode: a blank node found, an IRI or a literal expected"
                )
        is_shape = any(self.graph.instance_of(node, SH + kind) for kind in ("NodeShape", "PropertyShape"))
        if is_shape and isinstance(node, ox.NamedNode) and self.graph.instance_of(node, f"{RDFS}Class"):
            classes = (*classes, node)
        return Targets(nodes, tuple(dict.fromkeys(classes)), subjects, objects)

    def _constraints(self, node: Term, *, is_property: bool) -> Iterator[Constraint]:
        for predicate, found in list(self.graph.predicates(node).items()):
            if predicate in COMPONENTS:
                yield from (Constraint(COMPONENTS[predicate].iri, predicate, value) for value in found)
        for validator in sparql_constraints(self.graph, node):
            yield Constraint(f"{SH}SPARQLConstraintComponent", f"{SH}sparql", validator.node, validator)
        for component in self._custom:
            if component.is_ignored(self.graph, node, is_property=is_property):
                self.notes.append(
                    f"{name(node)}: {name(component.node)} has no validator for it, and is ignored"
                )
            for validator in component.validators(self.graph, node, is_property=is_property):
                yield Constraint(name(component.node), component.mandatory[0], component.node, validator)

    def _refuse_recursion(self, node: Term, above: tuple[Term, ...]) -> None:
        if node in above:
            circle = " → ".join(name(one) for one in (*above[above.index(node) :], node))
            raise ShapesError(
                f"{name(node)}: a recursive shape found ({circle}), which SHACL leaves undefined"
            )
        for parameter in SHAPE_VALUED:
            for inner in self._shapes_in(node, parameter):
                self._refuse_recursion(inner, (*above, node))


def messages(graph: ShapesGraph, node: Term) -> tuple[ox.Literal, ...]:
    """The values of sh:message.

    Raises:
        ShapesError: one that is no text, or two in one language.

    """
    found = graph.objects(node, f"{SH}message")
    for term in found:
        if not isinstance(term, ox.Literal) or term.datatype.value not in _TEXT:
            raise ShapesError(f"{name(node)} sh:message: {name(term)} found, a text expected")
    return tuple(term for term in found if isinstance(term, ox.Literal))


_TEXT = {"http://www.w3.org/2001/XMLSchema#string", f"{RDF}langString"}


def _switch(graph: ShapesGraph, node: Term, local: str) -> bool:
    return is_true(graph.one(node, SH + local))
