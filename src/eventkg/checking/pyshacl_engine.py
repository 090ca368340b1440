"""pySHACL as an engine: slow, complete, and the one that the others are compared with."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pyshacl
import rdflib
from pyparsing import ParseException
from pyshacl.entrypoints import meta_validate
from pyshacl.errors import ReportableRuntimeError
from rdflib import RDF, SH
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.algebra import traverse

from eventkg.checking import findings
from eventkg.errors import DataError, ShapesError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib.plugins.sparql.sparql import Query
    from rdflib.query import Result
    from rdflib.term import Node


def check(data: rdflib.Graph, shapes: rdflib.Graph, ontology: rdflib.Graph | None = None) -> findings.Report:
    """Find what is wrong in `data`, whose classes `ontology` describes (it may also be in `data` itself).

    Nothing is inferred and nothing fetched: no owl:imports, no rules, no scripts, no remote queries.

    Raises:
        ShapesError: shapes that are not well-formed, or that ask for what a query must not do.
        DataError: a blank node where the shapes compare values.

    """
    return run(data, _well_formed(frozenset(shapes)), ontology)


def run(data: rdflib.Graph, shapes: rdflib.Graph, ontology: rdflib.Graph | None = None) -> findings.Report:
    """As `check`, for shapes that are known to be well-formed; pySHACL adds triples to them."""
    together = _QueriesParsedOnce(bind_namespaces="none")
    for graph in (data, ontology) if ontology is not None else (data,):
        for triple in graph:
            together.add(triple)
    try:
        _, results, text = pyshacl.validate(
            together, shacl_graph=shapes, inference="none", advanced=False, do_owl_imports=False
        )
    except ReportableRuntimeError as problem:
        if "compare a BlankNode" in str(problem):  # all that pySHACL gives up on because of the data
            raise DataError("a blank node found where values are compared, a literal expected") from problem
        raise ShapesError(f"shapes: {_first_line(str(problem))}") from problem
    if not isinstance(results, rdflib.Graph):
        raise ShapesError(f"shapes: {_first_line(text)}")
    return findings.report(list(_findings(results, shapes)))


def refuse_ill_formed(shapes: rdflib.Graph) -> None:
    """Check shapes against SHACL's own shapes, and parse their queries.

    Raises:
        ShapesError: with the first thing that is wrong.

    """
    _well_formed(frozenset(shapes))


@lru_cache(maxsize=4)  # takes seconds, and the same shapes are asked about again and again
def _well_formed(triples: frozenset[tuple[Node, Node, Node]]) -> rdflib.Graph:
    """Copy the shapes, because pySHACL adds triples to those that it is given."""
    shapes, copy = rdflib.Graph(), rdflib.Graph(store="SimpleMemory")  # the faster of rdflib's stores
    for triple in triples:
        shapes.add(triple)
        copy.add(triple)
    for constraint, query in sorted(shapes.subject_objects(SH.select | SH.ask)):
        _refuse_query(shapes, constraint, str(query))
    try:
        _, results, text = meta_validate(shapes, inference="none")
    except ReportableRuntimeError as problem:
        raise ShapesError(f"shapes: {_first_line(str(problem))}") from problem
    if not isinstance(results, rdflib.Graph):
        raise ShapesError(f"shapes: {_first_line(text)}")
    wrong = findings.report(list(_findings(results, shapes))).findings
    if wrong:
        first = wrong[0]
        where = f"{first.focus} {first.path or ''}".rstrip()
        raise ShapesError(f"{where}: {first.value or 'nothing'} found; {_first_line(first.message)}")
    return copy


def _refuse_query(shapes: rdflib.Graph, constraint: Node, query: str) -> None:
    """Refuse what cannot be parsed or would reach for the network; pySHACL notices only at the first run."""
    declared = shapes.objects(constraint, SH.prefixes / SH.declare)
    names = {str(shapes.value(d, SH.prefix)): str(shapes.value(d, SH.namespace)) for d in declared}
    try:
        parsed = prepareQuery(query, initNs={"rdf": RDF, "rdfs": rdflib.RDFS, "owl": rdflib.OWL, **names})
    except (ParseException, TypeError, ValueError) as problem:
        raise ShapesError(
            f"{_text(constraint)}: {_first_line(str(problem))}; a SPARQL query expected"
        ) from problem
    except Exception as problem:
        # rdflib raises a bare Exception where a prefix is not declared.
        if type(problem) is not Exception:
            raise
        raise ShapesError(f"{_text(constraint)}: {_first_line(str(problem))}") from problem
    if parsed.algebra.datasetClause or _has_service(parsed):
        raise ShapesError(f"{_text(constraint)}: FROM or SERVICE found; a query of the data alone expected")


def _has_service(query: Query) -> bool:
    parts: list[str] = []
    traverse(query.algebra, visitPre=lambda part: parts.append(getattr(part, "name", "")))
    return "ServiceGraphPattern" in parts


class _QueriesParsedOnce(rdflib.Graph):
    """A graph for pySHACL, which hands over each query for each focus node; parsing is the slow part."""

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> Result:  # noqa: ANN401  (as in rdflib)
        """As in rdflib, with the parse remembered."""
        query = _parsed(query_object) if isinstance(query_object, str) else query_object
        return super().query(query, *args, **kwargs)


@lru_cache(maxsize=512)
def _parsed(query: str) -> Query:
    return prepareQuery(query)


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "unknown problem")


def _findings(results: rdflib.Graph, shapes: rdflib.Graph) -> Iterator[findings.Finding]:
    names = _names_of_blank_nodes(results)
    for result in results.objects(None, SH.result):
        severity = str(results.value(result, SH.resultSeverity))
        path = results.value(result, SH.resultPath)
        yield findings.Finding(
            shape=_named(results.value(result, SH.sourceShape), names) or "",
            component=_named(results.value(result, SH.sourceConstraintComponent), names) or "",
            focus=_named(results.value(result, SH.focusNode), names) or "",
            path=None if path is None else _path(shapes, results, path),
            value=_named(results.value(result, SH.value), names),
            message=_message(results, result),
            severity=severity.removeprefix(str(SH)),
            constraint=_named(results.value(result, SH.sourceConstraint), names),
        )


def _message(results: rdflib.Graph, result: Node) -> str:
    """Prefer the English one if there are several."""
    messages = [m for m in results.objects(result, SH.resultMessage) if isinstance(m, rdflib.Literal)]
    return str(min(messages, key=lambda m: (m.language != "en", str(m)), default=""))


def _names_of_blank_nodes(results: rdflib.Graph) -> dict[Node, str]:
    """Number them in an order without rdflib's random labels, as far as the results tell nodes apart."""
    uses: dict[Node, list[str]] = {}
    for result in results.objects(None, SH.result):
        seen = sorted(
            f"{p} {'' if isinstance(o, rdflib.BNode) else o}" for p, o in results.predicate_objects(result)
        )
        for predicate, node in results.predicate_objects(result):
            if isinstance(node, rdflib.BNode) and predicate != SH.resultPath:
                uses.setdefault(node, []).append(f"{predicate} {seen}")
    ordered = sorted(uses, key=lambda node: sorted(uses[node]))
    return {node: f"_:b{number}" for number, node in enumerate(ordered)}


def _named(node: Node | None, names: dict[Node, str]) -> str | None:
    return None if node is None else names.get(node) or _text(node)


def _text(node: Node) -> str:
    return str(node) if isinstance(node, rdflib.URIRef) else node.n3()


def _path(shapes: rdflib.Graph, results: rdflib.Graph, path: Node) -> str:
    """Write a bare IRI, or in Turtle the blank node that SHACL has for a longer path."""
    return str(path) if isinstance(path, rdflib.URIRef) else _path_turtle(shapes + results, path)


def _path_turtle(graph: rdflib.Graph, path: Node) -> str:
    if isinstance(path, rdflib.URIRef):
        return path.n3()
    if (path, RDF.first, None) in graph:
        return f"( {' '.join(_path_turtle(graph, step) for step in graph.items(path))} )"
    (predicate, target), *_ = sorted(graph.predicate_objects(path))
    return f"[ {predicate.n3()} {_path_turtle(graph, target)} ]"
