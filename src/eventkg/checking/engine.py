"""Compiled shapes run over a store: each query in turn, its rows made into findings."""

from __future__ import annotations

import os
import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.checking import paths
from eventkg.checking.compiler import SUBCLASS, Compiler
from eventkg.checking.components import TABLE
from eventkg.checking.findings import Checked, Finding, Report, report
from eventkg.checking.literals import FUNCTIONS, as_written
from eventkg.checking.messages import default_message
from eventkg.checking.rows import rows_of
from eventkg.checking.shapes import Shapes
from eventkg.checking.shapesgraph import SH, SHAPES_GRAPH, name, sparql
from eventkg.errors import ShapesError
from eventkg.model.naming import RDFS, shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from eventkg.checking.compiler import Query
    from eventkg.checking.shapes import Shape
    from eventkg.checking.shapesgraph import ShapesGraph, Term

    Progress = Callable[[int, int, str], None]

_MOST_THREADS = 4
_NUMBERED = re.compile(r"\?ekg\d+")
_PLACEHOLDER = re.compile(r"\{[?$](\w+)\}")
NO_TARGET = "no shape has a target: nothing was looked at"
NO_DATA = "the data hold no statement"


@dataclass(slots=True)
class Data:
    """What is looked at. `union`: in all graphs of the store; `focus`: only these nodes as targets."""

    store: ox.Store
    union: bool = False
    as_written: bool = False
    focus: Sequence[Term] | None = None
    _classes: dict[Term, list[Term]] = field(default_factory=dict)
    _known: dict[str, int] = field(default_factory=dict)

    def rows(self, text: str, *, with_shapes: bool = False) -> ox.QuerySolutions:
        """The solutions of a SELECT over the data, with the graph of the shapes beside them if need be."""
        graphs: list[ox.NamedNode | ox.DefaultGraph] | None = None
        if with_shapes and self.union:
            named = [g for g in self.store.named_graphs() if isinstance(g, ox.NamedNode)]
            graphs = [g for g in named if g.value != SHAPES_GRAPH] + [ox.DefaultGraph()]
        found = self.store.query(
            text,
            use_default_graph_as_union=self.union and graphs is None,
            default_graph=graphs,  # type: ignore[arg-type]
            custom_functions=FUNCTIONS,  # type: ignore[arg-type]
        )
        if not isinstance(found, ox.QuerySolutions):
            raise TypeError(text)
        return found

    def classes(self, one: Term) -> list[Term]:
        """A class with its subclasses, as the data have them."""
        if one not in self._classes:
            rows = self.rows(f"SELECT DISTINCT ?c {{ ?c {SUBCLASS}+ {sparql(one)} }}")
            found = {row["c"] for row in rows} - {one}
            below = sorted((c for c in found if isinstance(c, ox.NamedNode)), key=str)
            self._classes[one] = [one, *below]
        return self._classes[one]

    def rarest(self, patterns: Sequence[str]) -> int:
        """Which of some patterns has the fewest matches, found without counting the others to the end."""
        limit = 1_000
        while True:
            sizes = [self.count(f"{{ SELECT * {{ {pattern} }} LIMIT {limit} }}") for pattern in patterns]
            if min(sizes) < limit:
                return sizes.index(min(sizes))
            limit *= 20

    def can_break(self, query: Query) -> bool:
        """Whether there can be a result at all: what a constraint looks at occurs in the data."""
        if any(not self.count(f"{{ SELECT * {{ ?s {iri} ?o }} LIMIT 1 }}") for iri in query.needs):
            return False
        if not query.several or self.focus is not None:
            return True
        return self.count(query.several) > self.count(query.several, "COUNT(DISTINCT ?one)")

    def count(self, pattern: str, what: str = "COUNT(*)") -> int:
        """How often a pattern matches, whatever numbers its variables have."""
        numbers: dict[str, str] = {}
        named = _NUMBERED.sub(lambda m: numbers.setdefault(m[0], f"?x{len(numbers)}"), pattern)
        text = f"SELECT ({what} AS ?n) {{ {named} }}"
        if text not in self._known:
            self._known[text] = int(next(self.rows(text))["n"].value)
        return self._known[text]


@dataclass(frozen=True, slots=True)
class How:
    """How to go about it: `threads` queries run at a time.

    `progress` is told the number of a query, of how many, and its shape when it begins; an empty shape when
    it has ended. `most` is how many findings of a constraint are kept, though all are counted; `count_nodes`
    has the targets of each shape counted.
    """

    progress: Progress | None = None
    threads: int = 1
    most: int | None = None
    count_nodes: bool = False


def processors() -> int:
    """How many queries to run at a time when nobody says it."""
    return min(_MOST_THREADS, os.cpu_count() or 1)


def check(data: Data, graph: ShapesGraph, how: How | None = None) -> Report:
    """Find what is wrong in the data.

    Raises:
        ShapesError: ill-formed shapes, or a query among them that reports a failure.

    """
    return check_shapes(data, Shapes(graph), how)


def check_shapes(data: Data, shapes: Shapes, how: How | None = None) -> Report:
    """As `check`, with shapes that were read before."""
    compiler = Compiler(shapes, TABLE, data.classes, data.focus, data.rarest)
    compiler.as_written = data.as_written
    targeted = shapes.with_targets()
    queries = [(root, query) for root in targeted for query in compiler.queries(root)]
    if any(query.mentions_shapes for _, query in queries):
        data.store.extend(shapes.graph.quads())
    how = how or How()
    nodes = {root.node: data.count(compiler.targets(root)) for root in targeted} if how.count_nodes else {}
    found, checked = _run(data, shapes, queries, how, nodes)
    notes = [f"{name(query.shape.node)}: {query.note}" for _, query in queries if query.note]
    made = report(found, notes=[*_warnings(data, targeted), *shapes.notes, *notes], checked=checked)
    return replace(made, rows=rows_of(data, made.examples()))


def _run(
    data: Data, shapes: Shapes, queries: list[tuple[Shape, Query]], how: How, nodes: dict[Term, int]
) -> tuple[list[Finding], list[Checked]]:
    """Every query, several at a time: the engine lets go of Python while it looks for a solution."""
    names = {node: number for number, node in enumerate(shapes.graph.nodes())}

    def run(number: int) -> tuple[list[Finding], Checked]:
        root, query = queries[number]
        where = name(query.shape.node) if isinstance(query.shape.node, ox.NamedNode) else name(root.node)
        if how.progress is not None:
            how.progress(number, len(queries), where)
        started, results = time.monotonic(), _Results(query, names, shapes)
        found, count = results.findings(data, how.most) if data.can_break(query) else ([], 0)
        if how.progress is not None:
            how.progress(number, len(queries), "")
        return found, Checked(
            shape=where,
            root=name(root.node),
            component=query.constraint.component,
            results=count,
            seconds=time.monotonic() - started,
            severity=results.severity,
            label=_label(shapes.graph, query.shape.node) or shorten(where),
            message=results.message,
            nodes=nodes.get(root.node),
            constraint=results.constraint,
        )

    if how.threads == 1:
        results = [run(number) for number in range(len(queries))]
    else:
        pool = ThreadPoolExecutor(how.threads)
        try:
            results = list(pool.map(run, range(len(queries))))
        finally:
            pool.shutdown(cancel_futures=True)  # one query that fails ends them all
    return [finding for found, _ in results for finding in found], [checked for _, checked in results]


def _label(graph: ShapesGraph, node: Term) -> str:
    """What the shapes call one of them, in English if they can."""
    found = [*graph.objects(node, f"{SH}name"), *graph.objects(node, f"{RDFS}label")]
    texts = [one for one in found if isinstance(one, ox.Literal)]
    return min(texts, key=lambda one: one.language != "en").value if texts else ""


def _warnings(data: Data, targeted: list[Shape]) -> list[str]:
    empty = next(iter(data.store), None) is None
    return [NO_TARGET] * (not targeted) + [NO_DATA] * empty


class _Results:
    """The rows of one query as findings."""

    def __init__(self, query: Query, names: dict[Term, int], shapes: Shapes) -> None:
        self._query, self._names = query, names
        shape, constraint = query.shape, query.constraint
        validator = constraint.validator
        self._own = (validator.messages if validator else ()) or shape.messages
        self._default = default_message(shapes.graph, shape, constraint)
        self._bindings = dict(validator.bindings) if validator else {}
        self._path = None if shape.path is None else _path_text(shape.path)
        self._shape, self.severity = self._text(shape.node), shape.severity.removeprefix(SH)
        self.constraint = self._text(constraint.value) if constraint.parameter == f"{SH}sparql" else None
        self._said: dict[tuple[ox.Literal, ...], tuple[str, tuple[str, ...]]] = {}

    @property
    def message(self) -> str:
        """What the constraint says, with places for values where it has some."""
        return self._spoken(self._own or (ox.Literal(self._default),))[0]

    def findings(self, data: Data, most: int | None) -> tuple[list[Finding], int]:
        """Run it: so many findings, and the number of all."""
        rows = data.rows(self._query.text, with_shapes=self._query.mentions_shapes)
        variables = {variable.value for variable in rows.variables}
        found: list[Finding] = []
        count = 0
        for row in rows:
            count += 1
            if most is None or count <= most or "failure" in variables:
                found.append(self._finding({v: as_written(row[v]) for v in variables if row[v] is not None}))
        return found[:most], count

    def _finding(self, row: dict[str, Term]) -> Finding:
        query, constraint = self._query, self._query.constraint
        if (failure := row.get("failure")) is not None and failure == ox.Literal(True):  # noqa: FBT003  (a term)
            raise ShapesError(
                f"{name(constraint.value)}: the query reports a failure at {name(row[query.focus])}"
            )
        focus, value = row[query.focus], row.get(query.value)
        if value is None and constraint.validator is not None and query.shape.path is None:
            value = focus
        path = row.get(query.path)
        message, messages = self._spoken(self._messages(row))
        return Finding(
            shape=self._shape,
            component=constraint.component,
            focus=_term(focus),
            path=path.value if isinstance(path, ox.NamedNode) else self._path,
            value=None if value is None else _term(value),
            message=message,
            severity=self.severity,
            constraint=self.constraint,
            messages=messages,
        )

    def _spoken(self, messages: tuple[ox.Literal, ...]) -> tuple[str, tuple[str, ...]]:
        """The one for a person and all of them in Turtle, made once for all results that say the same."""
        if messages not in self._said:
            best = min(messages, key=lambda m: (m.language != "en", m.value)).value
            self._said[messages] = best, tuple(map(str, messages))
        return self._said[messages]

    def _messages(self, row: dict[str, Term]) -> tuple[ox.Literal, ...]:
        if isinstance(said := row.get("message"), ox.Literal) and self._query.constraint.validator:
            return (said,)
        if not self._own:
            return (ox.Literal(self._default),)
        if self._query.constraint.validator is None:
            return self._own
        given = {**self._bindings, **row}
        if self._query.constraint.validator.query.form == "ASK" and self._query.value in row:
            given["value"] = row[self._query.value]
        given.setdefault("this", row[self._query.focus])
        return tuple(_filled(message, given) for message in self._own)

    def _text(self, node: Term) -> str:
        """A node of the shapes; blank ones are numbered as they stand in the file."""
        return f"_:shape{self._names.get(node, 0)}" if isinstance(node, ox.BlankNode) else _term(node)


def _filled(message: ox.Literal, given: dict[str, Term]) -> ox.Literal:
    """A message with the values of variables in the places that are named for them."""
    text = _PLACEHOLDER.sub(lambda m: _shown(given[m[1]]) if m[1] in given else m[0], message.value)
    return ox.Literal(text, language=message.language) if message.language else ox.Literal(text)


def _shown(term: Term) -> str:
    return str(term) if isinstance(term, ox.BlankNode) else term.value


def _term(term: Term) -> str:
    return term.value if isinstance(term, ox.NamedNode) else str(term)


def _path_text(path: paths.Path) -> str:
    return path.iri.value if isinstance(path, paths.Predicate) else paths.to_turtle(path)
