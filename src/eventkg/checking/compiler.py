"""Shapes compiled to SPARQL: one query finds all that breaks one constraint, at however many nodes.

Two forms come out of a shape. In a report each constraint of a shape with targets is a SELECT of focus nodes
and values. Inside of another shape (sh:not, sh:or, sh:node …) a shape is an expression that is true where a
node does not conform: `bad`. LATERAL (SPARQL-dev SEP-0006) evaluates a pattern for each row on its left.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from eventkg.checking import paths
from eventkg.checking.literals import WRITTEN, as_stored
from eventkg.checking.shapesgraph import SH, sparql
from eventkg.model.naming import RDF, RDFS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from eventkg.checking.shapes import Constraint, Shape, Shapes, Targets
    from eventkg.checking.shapesgraph import Term

    Classes = Callable[[Term], Sequence[Term]]
    Component = Callable[["Compiler", Constraint, "At"], "Found | None"]

TYPE = f"<{RDF}type>"
# Ends an inner SELECT DISTINCT: the engine moves no filter past it, and looks at each node or value once.
ONCE = "LIMIT 1000000000000000"
SUBCLASS = f"<{RDFS}subClassOf>"


@dataclass(frozen=True, slots=True)
class OfValue:
    """A constraint that looks at one value at a time: an expression that is true for a bad one."""

    test: str
    costly: bool = False


@dataclass(frozen=True, slots=True)
class OfFocus:
    """A constraint on all values of a focus node: true for a bad node.

    `candidates` finds the same nodes by itself, where that is quicker than to ask of each node: they have a
    value or, by `several`, more than one.
    """

    test: str
    candidates: str = ""
    several: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """A constraint that finds what is wrong itself: a pattern, the variables that make results differ.

    `hints` are patterns with {0} and {1} that a focus node, {0}, has to match for any row; `needs` properties
    without which there is none. A `whole` pattern finds its focus nodes by itself. By `several` there are
    rows only for nodes with more than one value.
    """

    pattern: str
    keys: tuple[str, ...] = ()
    value: str = ""
    path: str = ""
    hints: tuple[str, ...] = ()
    needs: tuple[ox.NamedNode, ...] = ()
    whole: bool = False
    several: bool = False


Found = OfValue | OfFocus | Rows


class At(NamedTuple):
    """Where a constraint is looked at: the shape, the variables of its focus node and its value."""

    shape: Shape
    focus: str
    value: str


@dataclass(frozen=True, slots=True)
class Query:
    """What finds all results of one constraint; variables are named without a question mark."""

    shape: Shape
    constraint: Constraint
    text: str
    focus: str
    value: str = ""
    path: str = ""
    note: str = ""
    needs: tuple[ox.NamedNode, ...] = ()  # properties without which there is no result
    several: str = ""  # a path that some node has to have several values over for any result

    @property
    def mentions_shapes(self) -> bool:
        """Whether the graph of the shapes has to be at hand."""
        return "shapesGraph" in self.text


@dataclass(frozen=True, slots=True)
class _Chain:
    """How a focus node is come by: from a target over the paths of the shapes around."""

    targets: Targets
    variables: tuple[str, ...]
    patterns: tuple[str, ...] = ()
    anchored: bool = True
    needs: tuple[ox.NamedNode, ...] = ()

    @property
    def focus(self) -> str:
        return self.variables[-1]


class Compiler:
    """Compiles the shapes of one graph for one store."""

    def __init__(
        self,
        shapes: Shapes,
        table: Mapping[str, Component],
        classes: Classes,
        focus: Sequence[Term] | None = None,
        rarest: Callable[[Sequence[str]], int] = lambda _: 0,
    ) -> None:
        """Get ready.

        `focus` restricts targets to some nodes, `classes` knows a class with its subclasses, `rarest` which
        of some patterns has the fewest matches.
        """
        self.shapes = shapes
        self._table = table
        self.classes = classes
        self.notes: list[str] = []
        self.as_written = False  # whether the store holds literals of `WRITTEN`
        self._focus = focus
        self._rarest = rarest
        self._count = 0

    def fresh(self) -> str:
        """A variable that nobody uses yet."""
        self._count += 1
        return f"?ekg{self._count}"

    def queries(self, shape: Shape) -> list[Query]:
        """All queries for a shape with targets."""
        self._count = 0
        return self._report(shape, _Chain(shape.targets, (self.fresh(),)))

    def targets(self, shape: Shape) -> str:
        """A pattern for the targets of a shape."""
        return self._nodes(_Chain(shape.targets, (self.fresh(),)))

    def constant(self, term: Term) -> str:
        """A term of the shapes as the store has it."""
        return sparql(as_stored(term) if self.as_written and isinstance(term, ox.Literal) else term)

    def operand(self, variable: str) -> str:
        """A value to compare by order: its number or time, however it is written."""
        if not self.as_written:
            return variable
        kind = f"STR(DATATYPE({variable}))"
        return (
            f'IF(STRSTARTS({kind}, "{WRITTEN}"), '
            f'STRDT(STR({variable}), IRI(STRAFTER({kind}, "{WRITTEN}"))), {variable})'
        )

    def values(self, at: At) -> str:
        """The pattern of a property shape's values."""
        if at.shape.path is None:
            return f"BIND({at.focus} AS {at.value})"
        return paths.pattern(at.shape.path, at.focus, at.value, self.fresh)

    def reaches(self, at: At) -> str:
        """Whether the path leads from the focus node to a value that is known already."""
        if at.shape.path is None or paths.is_anchored(at.shape.path):
            return f"EXISTS {{ {self.values(at)} }}"
        other = self.fresh()  # BIND would give a known variable another value
        values = self.values(At(at.shape, at.focus, other))
        return f"EXISTS {{ {values} FILTER(sameTerm({other}, {at.value})) }}"

    def exceeds(self, at: At, number: int, test: str = "") -> str:
        """A sub-SELECT of the focus nodes that have `number` values or more (that pass a test)."""
        kept = f"FILTER({test})" if test else ""
        return (
            f"SELECT {at.focus} {{ {self.values(at)} {kept} }} "
            f"GROUP BY {at.focus} HAVING(COUNT(DISTINCT {at.value}) >= {number})"
        )

    def bad(self, node: Term, variable: str) -> str:
        """An expression that is true where the node of a variable does not conform to a shape."""
        shape = self.shapes[node]
        if shape.deactivated:
            return "false"
        at = At(shape, variable, self.fresh() if shape.path is not None else variable)
        tests, of_values = [], []
        for constraint in shape.constraints:
            match self.found(constraint, at):
                case OfValue(test):
                    of_values.append(test)
                case OfFocus(test):
                    tests.append(test)
                case Rows(pattern):
                    tests.append(f"EXISTS {{ {pattern} }}")
                case None:
                    pass
        if shape.path is not None and of_values:
            tests.append(f"EXISTS {{ {self.values(at)} FILTER({_either(of_values)}) }}")
        else:
            tests = of_values + tests
        return _either(tests)

    def found(self, constraint: Constraint, at: At) -> Found | None:
        """What a constraint comes to, by the table of components; None if it holds anyhow."""
        return self._table[constraint.parameter if constraint.validator is None else f"{SH}sparql"](
            self, constraint, at
        )

    def _report(self, shape: Shape, chain: _Chain) -> list[Query]:
        if shape.deactivated:
            return []
        at = At(shape, chain.focus, self.fresh() if shape.path is not None else chain.focus)
        found: list[Query] = []
        for constraint in shape.constraints:
            if constraint.parameter == f"{SH}property":
                inner = self.shapes[constraint.value]
                found += self._report(inner, self._onward(chain, at))
                continue
            one = self.found(constraint, at)
            if one is not None:
                query = self._query(one, at, chain)
                note, self.notes = "; ".join(self.notes), []
                found.append(replace(query, constraint=constraint, note=note))
        return found

    def _onward(self, chain: _Chain, at: At) -> _Chain:
        """The chain to the values of a shape."""
        if at.shape.path is None:
            return chain
        return replace(
            chain,
            variables=(*chain.variables, at.value),
            patterns=(*chain.patterns, self.values(at)),
            anchored=chain.anchored and paths.is_anchored(at.shape.path),
            needs=(*chain.needs, *paths.needed(at.shape.path)),
        )

    def _query(self, found: Found, at: At, chain: _Chain) -> Query:
        match found:
            case OfValue(test, costly):
                query = self._of_value(test, at, chain, costly=costly)
            case OfFocus(test, candidates):
                query = self._of_focus(test, candidates, at, chain)
            case Rows():
                query = self._of_rows(found, at, chain)
        several = (
            not isinstance(found, OfValue) and found.several and isinstance(at.shape.path, paths.Predicate)
        )
        return replace(
            query,
            needs=(*chain.needs, *_needed(found, at.shape)),
            several=self.values(At(at.shape, "?one", "?other")) if several else "",
        )

    def _of_value(self, test: str, at: At, chain: _Chain, *, costly: bool) -> Query:
        if at.shape.path is None:
            where = f"{self._nodes(chain)} FILTER({test})"
            return self._select(where, chain, at, Rows("", (), at.focus))
        values = self.values(at)
        if not self._by_values(chain, at):
            where = f"{self._nodes(chain)} LATERAL {{ {values} FILTER({test}) }}"
        elif costly and len(chain.variables) == 1:
            # A value that many nodes share is looked at once.
            where = (
                f"{{ SELECT {at.value} {{ "
                f"{{ SELECT DISTINCT {at.value} {{ {values} }} {ONCE} }} FILTER({test}) }} }} "
                f"LATERAL {{ {values} FILTER({self._is_target(chain)}) }}"
            )
        else:
            steps = " ".join((*chain.patterns, values))
            where = f"{steps} FILTER(IF({test}, {self._is_target(chain)}, false))"
        return self._select(where, chain, at, Rows("", (at.value,), at.value))

    def _of_focus(self, test: str, candidates: str, at: At, chain: _Chain) -> Query:
        if candidates and self._by_values(chain, at) and not chain.patterns:
            where = f"{candidates} FILTER({self._is_target(chain)})"
        else:
            where = f"{self._nodes(chain)} FILTER({test})"
        return self._select(where, chain, at, Rows(""))

    def _of_rows(self, found: Rows, at: At, chain: _Chain) -> Query:
        free = self._focus is None and not chain.patterns and not chain.targets.nodes
        rare = found.pattern if found.whole and free else ""
        if free and not rare and (start := self._rare_start(found.hints, chain)):
            rare = f"{start} LATERAL {{ {found.pattern} }}"
        if rare:
            names = " ".join(dict.fromkeys((*chain.variables, *found.keys)))
            where = f"{{ SELECT {names} {{ {rare} }} {ONCE} }} FILTER({self._is_target(chain)})"
        else:
            where = f"{self._nodes(chain)} LATERAL {{ {found.pattern} }}"
        return self._select(where, chain, at, found)

    def _rare_start(self, hints: Sequence[str], chain: _Chain) -> str:
        """The nodes that match the rarest of some patterns, unless the targets themselves are fewer."""
        first = chain.variables[0]
        targets = " UNION ".join(f"{{ {one} }}" for one in self._targets(chain.targets, first))
        choices = [targets, *(hint.format(first, self.fresh()) for hint in hints)]
        best = self._rarest(choices) if hints else 0
        return f"{{ SELECT DISTINCT {first} {{ {choices[best]} }} {ONCE} }}" if best else ""

    def _by_values(self, chain: _Chain, at: At) -> bool:
        """Whether to begin with the values, which a property that is rare or absent has few of."""
        anchored = chain.anchored and at.shape.path is not None and paths.is_anchored(at.shape.path)
        targets = chain.targets
        return (
            anchored
            and self._focus is None
            and bool(targets.classes or targets.subjects_of or targets.objects_of)
        )

    def _select(self, where: str, chain: _Chain, at: At, found: Rows) -> Query:
        names = " ".join(dict.fromkeys((*chain.variables, *found.keys)))
        text = f"SELECT DISTINCT {names} WHERE {{ {where} }}"
        return Query(at.shape, at.shape.constraints[0], text, at.focus[1:], found.value[1:], found.path[1:])

    def _nodes(self, chain: _Chain) -> str:
        """A pattern for the focus nodes, each once for every way to it."""
        first, once = chain.variables[0], False
        if self._focus is not None:
            values = " ".join(map(self.constant, self._focus))
            start = f"VALUES {first} {{ {values} }} FILTER({self._is_target(chain)})"
        else:
            found = self._targets(chain.targets, first)
            start = " UNION ".join(f"{{ {one} }}" for one in found)
            once = len(found) == 1 and TYPE in start  # a node has a class once
        nodes = f"{{ {start} }}" if once else f"{{ SELECT DISTINCT {first} {{ {start} }} {ONCE} }}"
        for step in chain.patterns:
            nodes = f"{{ {nodes} LATERAL {{ {step} }} }}"
        return nodes

    def _targets(self, targets: Targets, variable: str) -> list[str]:
        found = []
        if targets.nodes:
            found.append(f"VALUES {variable} {{ {' '.join(map(self.constant, targets.nodes))} }}")
        kinds = dict.fromkeys(kind for one in targets.classes for kind in self.classes(one))
        found += [f"{variable} {TYPE} {sparql(kind)} ." for kind in kinds]
        found += [f"{variable} {sparql(one)} {self.fresh()} ." for one in targets.subjects_of]
        found += [f"{self.fresh()} {sparql(one)} {variable} ." for one in targets.objects_of]
        return found

    def _is_target(self, chain: _Chain) -> str:
        """An expression that is true for a target."""
        targets, variable = chain.targets, chain.variables[0]
        tests = [f"sameTerm({variable}, {self.constant(node)})" for node in targets.nodes]
        if targets.classes:
            kinds = tuple(dict.fromkeys(kind for one in targets.classes for kind in self.classes(one)))
            tests.append(self.has_type(variable, kinds))
        tests += [f"EXISTS {{ {variable} {sparql(one)} {self.fresh()} }}" for one in targets.subjects_of]
        tests += [f"EXISTS {{ {self.fresh()} {sparql(one)} {variable} }}" for one in targets.objects_of]
        return f"({_either(tests)})"

    def has_type(self, variable: str, kinds: Sequence[Term]) -> str:
        """Whether a node has one of these classes as its type."""
        if len(kinds) == 1:
            return f"EXISTS {{ {variable} {TYPE} {sparql(kinds[0])} }}"
        kind = self.fresh()
        return f"EXISTS {{ {variable} {TYPE} {kind} FILTER({kind} IN ({', '.join(map(sparql, kinds))})) }}"


def _either(tests: Sequence[str]) -> str:
    kept = [test for test in tests if test != "false"]
    return " || ".join(f"({test})" for test in kept) if kept else "false"


def _needed(found: Found, shape: Shape) -> tuple[ox.NamedNode, ...]:
    """Properties without which a constraint finds nothing."""
    of_path = () if shape.path is None else paths.needed(shape.path)
    match found:
        case OfValue():
            return of_path
        case OfFocus(_, candidates):
            return of_path if candidates else ()
        case Rows():
            return found.needs
