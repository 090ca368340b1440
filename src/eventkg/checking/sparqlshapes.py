"""SHACL-SPARQL in the shapes: constraints that are queries, and components that people define themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.checking.shapesgraph import SH, is_true, name, sparql
from eventkg.checking.sparqltext import Query, read_query, refuse_forbidden
from eventkg.errors import ShapesError
from eventkg.model.naming import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventkg.checking.shapesgraph import ShapesGraph, Term

_SLOTS = ("validator", "nodeValidator", "propertyValidator")
_OWN_PREFIXES = ("rdf", "rdfs", "owl", "xsd", "sh")  # as widespread engines have it


@dataclass(frozen=True, slots=True)
class Validator:
    """A query at work in a shape: its `bindings` are the values of the component's parameters."""

    node: Term
    query: Query
    bindings: tuple[tuple[str, Term], ...]
    messages: tuple[ox.Literal, ...]

    def bound(self) -> set[str]:
        """Names that have a value before the query begins."""
        given = {"this", "shapesGraph", "currentShape", *(variable for variable, _ in self.bindings)}
        return given | ({"value"} if self.query.form == "ASK" else set())


@dataclass(frozen=True, slots=True)
class CustomComponent:
    """A constraint component of the shapes' own; parameters are IRIs of properties."""

    node: Term
    mandatory: tuple[str, ...]
    optional: tuple[str, ...]
    queries: dict[str, tuple[Term, Query]]
    messages: dict[str, tuple[ox.Literal, ...]]

    def validators(self, graph: ShapesGraph, shape: Term, *, is_property: bool) -> Iterator[Validator]:
        """One for each use in a shape; none where a parameter is missing.

        Raises:
            ShapesError: several parameters, one of them with several values; or no validator that fits.

        """
        slot = self._slot(is_property=is_property)
        if slot not in self.queries or not self._is_used(graph, shape):
            return
        node, query = self.queries[slot]
        for bindings in self._bindings(graph, shape):
            validator = Validator(node, query, tuple(bindings), self.messages[slot])
            refuse_forbidden(query, validator.bound(), name(node))
            yield validator

    def is_ignored(self, graph: ShapesGraph, shape: Term, *, is_property: bool) -> bool:
        """Whether a shape uses it and no validator fits, which the recommendation has ignored."""
        return self._is_used(graph, shape) and self._slot(is_property=is_property) not in self.queries

    def _is_used(self, graph: ShapesGraph, shape: Term) -> bool:
        return all(graph.objects(shape, one) for one in self.mandatory)

    def _slot(self, *, is_property: bool) -> str:
        slot = "propertyValidator" if is_property else "nodeValidator"
        return slot if slot in self.queries else "validator"

    def _bindings(self, graph: ShapesGraph, shape: Term) -> Iterator[list[tuple[str, Term]]]:
        parameters = (*self.mandatory, *self.optional)
        if len(parameters) == 1:
            yield from ([(_local(parameters[0]), value)] for value in graph.objects(shape, parameters[0]))
            return
        values = ((one, graph.one(shape, one)) for one in parameters)
        yield [(_local(one), value) for one, value in values if value is not None]


def sparql_constraints(graph: ShapesGraph, shape: Term) -> Iterator[Validator]:
    """The values of sh:sparql that are switched on.

    Raises:
        ShapesError: no query, several, or one that SHACL does not allow.

    """
    for node in graph.objects(shape, f"{SH}sparql"):
        if is_true(graph.one(node, f"{SH}deactivated")):
            continue
        query = _query(graph, node, f"{SH}select")
        validator = Validator(node, query, (), _messages(graph, node))
        refuse_forbidden(query, validator.bound(), name(node))
        yield validator


def custom_components(graph: ShapesGraph) -> list[CustomComponent]:
    """All components that the shapes define.

    Raises:
        ShapesError: one without parameters, or with a query of the wrong form.

    """
    nodes = [node for node in graph.nodes() if graph.instance_of(node, f"{SH}ConstraintComponent")]
    return [_component(graph, node) for node in nodes if graph.objects(node, f"{SH}parameter")]


def _component(graph: ShapesGraph, node: Term) -> CustomComponent:
    mandatory: list[str] = []
    optional: list[str] = []
    for parameter in graph.objects(node, f"{SH}parameter"):
        path = graph.one(parameter, f"{SH}path")
        if not isinstance(path, ox.NamedNode):
            raise ShapesError(f"{name(parameter)} sh:path: the IRI of a parameter expected")
        (optional if is_true(graph.one(parameter, f"{SH}optional")) else mandatory).append(path.value)
    queries, messages = {}, {}
    for slot in _SLOTS:
        for validator in _in_sparql(graph, node, slot)[:1]:
            form = "ask" if slot == "validator" else "select"
            queries[slot] = (validator, _query(graph, validator, SH + form))
            messages[slot] = _messages(graph, validator) or _messages(graph, node)
    if not mandatory:
        raise ShapesError(f"{name(node)} sh:parameter: optional ones alone found, one that is not expected")
    return CustomComponent(node, tuple(mandatory), tuple(optional), queries, messages)


def _in_sparql(graph: ShapesGraph, node: Term, slot: str) -> list[Term]:
    """Validators in other languages are nobody's business here."""
    found = graph.objects(node, SH + slot)
    return [one for one in found if graph.objects(one, f"{SH}ask") or graph.objects(one, f"{SH}select")]


def _query(graph: ShapesGraph, node: Term, predicate: str) -> Query:
    text = graph.one(node, predicate)
    if not isinstance(text, ox.Literal):
        raise ShapesError(f"{name(node)} {predicate.replace(SH, 'sh:')}: the text of a query expected")
    query = read_query(text.value, _prefixes(graph, node), name(node))
    wanted = "ASK" if predicate.endswith("ask") else "SELECT"
    if query.form != wanted:
        raise ShapesError(f"{name(node)}: {query.form} found, {wanted} expected")
    _refuse_syntax(query, name(node))
    return query


def _refuse_syntax(query: Query, where: str) -> None:
    """Let the engine parse the query over an empty store."""
    text = query.text("<urn:eventkg:path>")
    try:
        ox.Store().query(text)
    except (SyntaxError, ValueError) as problem:
        line = " ".join(str(problem).split())
        raise ShapesError(f"{where}: {line[:300]}; a SPARQL query expected") from problem


def _prefixes(graph: ShapesGraph, node: Term) -> dict[str, str]:
    """What sh:prefixes declares, by way of owl:imports as well."""
    found = {prefix: PREFIXES[prefix] for prefix in _OWN_PREFIXES}
    waiting = list(graph.objects(node, f"{SH}prefixes"))
    seen: set[Term] = set()
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        waiting += graph.objects(one, "http://www.w3.org/2002/07/owl#imports")
        for declared in graph.objects(one, f"{SH}declare"):
            prefix, namespace = graph.one(declared, f"{SH}prefix"), graph.one(declared, f"{SH}namespace")
            if not isinstance(prefix, ox.Literal) or namespace is None or isinstance(namespace, ox.BlankNode):
                raise ShapesError(f"{name(declared)}: sh:prefix and sh:namespace expected")
            found[prefix.value] = namespace.value
    return found


def _messages(graph: ShapesGraph, node: Term) -> tuple[ox.Literal, ...]:
    return tuple(m for m in graph.objects(node, f"{SH}message") if isinstance(m, ox.Literal))


def _local(iri: str) -> str:
    """The name of a parameter as a variable: what follows the last # or / (section 6.2.1)."""
    return iri.replace("#", "/").rsplit("/", 1)[-1]


def bind(bindings: tuple[tuple[str, Term], ...]) -> str:
    """BIND clauses that give parameters their values."""
    return " ".join(f"BIND({sparql(value)} AS ?{variable})" for variable, value in bindings)
