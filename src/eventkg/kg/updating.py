"""SPARQL updates of a store on disk: run on a draft, derived, published; or nothing happens.

Parsing and running can end the process, so this is a child's work (`eventkg.kg.scribe`).

In a store with a union default graph an update means what its author sees: a triple that is deleted
without a graph goes from every writable graph that holds it, and a new one comes into graph/user.
A plain store does what SPARQL 1.1 Update says and nothing else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.errors import DataError, MissingGraphError, QueryError, ReadOnlyGraphError
from eventkg.kg.changing import READ_ONLY, Change, changing, removed_nodes
from eventkg.kg.documents import load_into, load_plainly
from eventkg.kg.updatetext import Loading, Modify, OverGraphs, Template, declarations, operations
from eventkg.model.naming import EKG, GRAPH_USER, PREFIXES, RDF, VIEW
from eventkg.query.federation import filled
from eventkg.query.lexical import check_update, plain_letters, syntax_problem, tokens
from eventkg.store.directory import open_draft
from eventkg.store.skolem import BlankQuads
from eventkg.store.terms import text
from eventkg.store.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from eventkg.kg.updatetext import Operation
    from eventkg.settings import Limits

_POSITION = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_FAILS = "DROP GRAPH <urn:eventkg:none> ; "  # all is parsed before this, the first operation, fails
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^<>\"{}|^`\\\x00-\x20]*")
_TYPE = ox.NamedNode(f"{RDF}type")
_BRIEF = 300  # characters of an engine's complaint


@dataclass(frozen=True, slots=True)
class Update:
    """An update and the dataset of its request. `base` resolves relative IRIs in a plain store.

    `fillings` stand for SERVICE clauses (`federation.filled`); `documents` are those that LOAD names, by IRI:
    a file, and what its IRI was in the end. One that could not be had is missing.
    """

    text: str
    using: tuple[str, ...] = ()
    using_named: tuple[str, ...] = ()
    plain: bool = False
    base: str = ""
    fillings: dict[str, str] = field(default_factory=dict)
    documents: dict[str, tuple[str, str]] = field(default_factory=dict)


def update(directory: Path, asked: Update, limits: Limits) -> None:
    """Apply all operations or none; on disk when it returns.

    Raises:
        QueryError: malformed, with line and column; refused; or an operation that fails.
        ReadOnlyGraphError: a write to graph/derived, graph/ontology, graph/codes or a view.
        StoreBusyError: another process writes.

    """
    check_update(asked.text, loads=bool(asked.documents))
    for graph in (*asked.using, *asked.using_named):
        check_iri(graph)
    asked = replace(asked, text=filled(asked.text, asked.fillings))
    _check_syntax(asked)
    with changing(directory) as change:
        try:
            _apply(change, asked, limits)
        except (RuntimeError, ValueError, SyntaxError) as problem:
            raise QueryError(f"update: {' '.join(str(problem).split())[:_BRIEF]}") from problem


def check_iri(text: str) -> None:
    """An absolute IRI that can be written between angle brackets.

    Raises:
        QueryError: it is none.

    """
    if not _IRI.fullmatch(text):
        raise QueryError(f"graph {text[:100]!r} found, an absolute IRI expected")


def check_writable(graph: str) -> None:
    """Refuse what eventkg alone writes.

    Raises:
        ReadOnlyGraphError: it is one of those graphs, or a view.

    """
    if graph in READ_ONLY or graph.startswith(VIEW):
        raise ReadOnlyGraphError(f"graph {graph} found, which nobody but eventkg writes")


def _check_syntax(asked: Update) -> None:
    """The engine parses all before the first operation, which fails."""
    header, body = _hoisted(asked.text)
    try:
        ox.Store().update(header + body, base_iri=asked.base or None, prefixes=_prefixes(asked))
    except SyntaxError as problem:
        raise _explained(asked.text, problem, len(header)) from problem
    except (RuntimeError, ValueError, OSError):
        return


def _hoisted(text: str) -> tuple[str, str]:
    """All declarations with an operation that fails, on one line; and the text with spaces in their place.

    The engine knows no PREFIX after the semicolon between two operations, where SPARQL allows it.
    """
    declared, body = "", plain_letters(text)
    for start, end in declarations(body):
        declared += " ".join(body[start:end].split()) + " "
        body = body[:start] + re.sub(r"[^\n]", " ", body[start:end]) + body[end:]
    return (declared + _FAILS if tokens(body) else declared), body


def _explained(text: str, problem: SyntaxError, before: int) -> QueryError:
    match = _POSITION.match(str(problem))
    if match is None:
        return QueryError(f"update: {' '.join(str(problem).split())[:_BRIEF]}")
    line, column = int(match[1]), int(match[2])
    column -= before if line == 1 else 0
    said = syntax_problem(text, line, max(column, 1), match[3])
    return QueryError(f"update: line {line}, column {column}: {said}", line, column)


def _prefixes(asked: Update) -> dict[str, str] | None:
    return None if asked.plain else PREFIXES


def _apply(change: Change, asked: Update, limits: Limits) -> None:
    if asked.plain:
        _plainly(change.store, asked)
        return
    run = _Run(change, asked, limits)
    for operation in operations(asked.text):
        if isinstance(operation, Loading):
            run.load(operation)
        elif isinstance(operation, OverGraphs):
            run.over_graphs(operation)
        else:
            run.modify(operation)
    run.finish()


def _plainly(store: ox.Store, asked: Update) -> None:
    """As SPARQL has it; the request's dataset stands in for a USING clause of each operation."""
    dataset = _using(asked.using, asked.using_named)
    for operation in operations(asked.text):
        if isinstance(operation, Loading):
            load_plainly(store, operation, asked.documents)
        elif isinstance(operation, Modify) and dataset:
            _check_no_dataset(operation)
            store.update(operation.over(dataset), base_iri=asked.base or None)
        else:
            store.update(operation.text, base_iri=asked.base or None)


def _check_no_dataset(operation: Modify) -> None:
    if operation.using or operation.with_graph:
        raise QueryError("update: USING or WITH found beside using-graph-uri; one of them expected")


def _using(default: Iterable[str], named: Iterable[str], keyword: str = "USING") -> str:
    clauses = [f"{keyword} <{graph}>" for graph in default] + [
        f"{keyword} NAMED <{graph}>" for graph in named
    ]
    return "\n".join(clauses)


class _Run:
    """Operations over the union of all graphs, one after the other on the same draft."""

    def __init__(self, change: Change, asked: Update, limits: Limits) -> None:
        self._change, self._store, self._asked, self._limits = change, change.store, asked, limits
        self._blank = False

    def modify(self, operation: Modify) -> None:
        """DELETE, INSERT, or both."""
        given = _using(self._asked.using, self._asked.using_named)
        if given:
            _check_no_dataset(operation)
        graphs = self._graphs()
        default = [self._resolve(operation, operation.with_graph)] if operation.with_graph else graphs
        dataset = given or operation.using or _using(default, graphs)
        placed = self._placed(operation)
        self._check_targets(placed, dataset)
        self._note(placed, dataset)
        if placed.where.strip("{} \t\r\n"):
            self._store.update(placed.over(dataset), prefixes=PREFIXES)
        else:
            self._data(placed)

    def _data(self, placed: Modify) -> None:
        """Where nothing has to be looked for the quads are known, and so go into the store's transcript."""
        for quad in _quads(placed, placed.deleted):
            self._store.remove(quad)
        self._store.extend(_quads(placed, placed.inserted))

    def _placed(self, operation: Modify) -> Modify:
        """Each triple in a graph: that of WITH; else graph/user to insert, all writable ones to delete."""
        if operation.with_graph:
            old, new = [operation.with_graph], operation.with_graph
        else:
            old, new = [f"<{graph}>" for graph in self._writable()], f"<{GRAPH_USER}>"
        deleted, inserted = operation.deleted, operation.inserted
        return replace(
            operation,
            with_graph="",
            deleted=Template([], deleted.named + [(g, triples) for triples in deleted.default for g in old]),
            inserted=Template([], inserted.named + [(new, triples) for triples in inserted.default]),
        )

    def _check_targets(self, placed: Modify, dataset: str) -> None:
        for term in {term for template in (placed.deleted, placed.inserted) for term, _ in template.named}:
            if term.startswith(("?", "$")):
                select = f"SELECT DISTINCT ({term} AS ?eventkg_graph)"
                query = f"{placed.prologue}{select}\n{_from(dataset)}\nWHERE {placed.where}"
                for row in self._store.query(query, prefixes=PREFIXES):  # type: ignore[union-attr]
                    if isinstance(row["eventkg_graph"], ox.NamedNode):
                        check_writable(row["eventkg_graph"].value)
            else:
                check_writable(self._resolve(placed, term))

    def _note(self, placed: Modify, dataset: str) -> None:
        """What must be derived again, and whether blank nodes come in."""
        chunks = dict.fromkeys(triples for t in (placed.deleted, placed.inserted) for _, triples in t.named)
        template = " .\n".join(chunks)
        query = f"{placed.prologue}CONSTRUCT {{ {template} }}\n{_from(dataset)}\nWHERE {placed.where}"
        changed: list[ox.Triple] = []
        for triple in self._store.query(query, prefixes=PREFIXES):  # type: ignore[union-attr]
            self._blank |= isinstance(triple.subject, ox.BlankNode) or isinstance(triple.object, ox.BlankNode)
            if isinstance(triple.object, ox.Triple):
                raise QueryError("update: an RDF 1.2 triple term found, RDF 1.1 expected")
            changed.append(triple)
        self._touch(changed)

    def over_graphs(self, operation: OverGraphs) -> None:
        """CLEAR, DROP, CREATE, ADD, MOVE, COPY."""
        if operation.verb in {"CLEAR", "DROP"}:
            self._clear(operation)
        elif operation.verb == "CREATE":
            self._create(operation)
        else:
            self._pour(operation)

    def _clear(self, operation: OverGraphs) -> None:
        (wanted,) = operation.graphs
        if wanted in {"DEFAULT", "NAMED", "ALL"}:
            graphs = self._writable()
        else:
            graphs = [self._resolve(operation, wanted)]
            check_writable(graphs[0])
            self._check_there(graphs[0], operation)
        for graph in graphs:
            self._change.remove_graph(graph)

    def _create(self, operation: OverGraphs) -> None:
        graph = self._resolve(operation, operation.graphs[0])
        check_writable(graph)
        if self._store.contains_named_graph(ox.NamedNode(graph)) and not operation.silent:
            raise QueryError(f"update: graph {graph} is there already")
        self._store.add_graph(ox.NamedNode(graph))

    def _pour(self, operation: OverGraphs) -> None:
        source, target = operation.graphs
        if source == "DEFAULT":
            raise ReadOnlyGraphError("the default graph is the union of all graphs here; name a graph")
        origin = self._resolve(operation, source)
        goal = GRAPH_USER if target == "DEFAULT" else self._resolve(operation, target)
        for graph in [goal, origin] if operation.verb == "MOVE" else [goal]:
            check_writable(graph)
        self._check_there(origin, operation)
        if origin == goal:
            return
        quads = list(self._store.quads_for_pattern(None, None, None, ox.NamedNode(origin)))
        if operation.verb != "ADD":
            self._change.remove_graph(goal)
        self._store.extend(ox.Quad(q.subject, q.predicate, q.object, ox.NamedNode(goal)) for q in quads)
        self._touch(quads)
        if operation.verb == "MOVE":
            self._change.remove_graph(origin)

    def finish(self) -> None:
        """Blank nodes get names, and what follows from the claims is derived again."""
        for graph in self._writable() if self._blank else []:
            aside = BlankQuads(graph)
            found = [
                quad
                for quad in self._store.quads_for_pattern(None, None, None, ox.NamedNode(graph))
                if isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode)
            ]
            for quad in found:
                aside.add(quad)
                self._store.remove(quad)
            named = list(aside.named())
            self._store.extend(named)
            self._touch(named)
        self._change.derive()

    def _touch(self, changed: Sequence[ox.Quad | ox.Triple]) -> None:
        """What must be derived again: claims with all they are linked to, and what is of our classes."""
        self._change.touched |= removed_nodes(self._store, changed)
        subjects = {one.subject for one in changed if isinstance(one.subject, ox.NamedNode)}
        self._change.touched |= {text(subject) for subject in subjects if self._is_ours(subject)}

    def _is_ours(self, subject: ox.NamedNode) -> bool:
        kinds = self._store.quads_for_pattern(subject, _TYPE, None, None)
        return any(
            isinstance(kind.object, ox.NamedNode) and kind.object.value.startswith(EKG) for kind in kinds
        )

    def _graphs(self) -> list[str]:
        return sorted(graph.value for graph in self._store.named_graphs() if isinstance(graph, ox.NamedNode))

    def _writable(self) -> list[str]:
        return [graph for graph in self._graphs() if graph not in READ_ONLY]

    def load(self, operation: Loading) -> None:
        """LOAD, into graph/user where no graph is named."""
        goal = GRAPH_USER if operation.graph == "DEFAULT" else self._resolve(operation, operation.graph)
        check_writable(goal)
        load_into(self._change, operation, self._asked.documents, goal, self._limits)

    def _resolve(self, operation: Operation, term: str) -> str:
        rows = self._store.query(f"{operation.prologue}SELECT ({term} AS ?g) {{ }}", prefixes=PREFIXES)
        for row in rows:  # type: ignore[union-attr]
            return str(row["g"].value)
        raise DataError(f"{term}: an IRI expected")

    def _check_there(self, graph: str, operation: OverGraphs) -> None:
        if not operation.silent and not self._store.contains_named_graph(ox.NamedNode(graph)):
            raise MissingGraphError(f"graph {graph}: not in the store")


def _quads(placed: Modify, template: Template) -> list[ox.Quad]:
    """What a template without variables stands for."""
    written = ox.Store()
    written.update(replace(placed, deleted=Template(), inserted=template).over(""), prefixes=PREFIXES)
    return list(written)


def _from(dataset: str) -> str:
    """The same dataset for a query; no IRI has the space that stands before the keyword."""
    return re.sub(r"(?<!\S)USING\b", "FROM", dataset, flags=re.IGNORECASE)


def create(directory: Path) -> None:
    """A new, empty store: not even the ontology is in it."""
    with Writer(directory) as writer:
        draft = writer.empty_draft()
        store = open_draft(draft, new=True)
        store.flush()
        del store
        writer.publish(draft)
