"""Property paths of SHACL: read from the shapes, written as SPARQL patterns and as Turtle.

A zero-length path in SPARQL finds nothing at a node that no triple has, while in SHACL every node is a value
of its own. So what may be empty is written as a UNION, not as `*` or `?`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.checking.shapesgraph import SH, name
from eventkg.errors import ShapesError

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventkg.checking.shapesgraph import ShapesGraph, Term


@dataclass(frozen=True, slots=True)
class Predicate:
    """One property."""

    iri: ox.NamedNode


@dataclass(frozen=True, slots=True)
class Inverse:
    """A path walked backwards."""

    inner: Path


@dataclass(frozen=True, slots=True)
class Sequence:
    """One path after the other."""

    parts: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Alternative:
    """Any of these paths."""

    parts: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A path `*`, `+` or `?` times."""

    inner: Path
    times: str


Path = Predicate | Inverse | Sequence | Alternative | Repeat

_REPEATS = {f"{SH}zeroOrMorePath": "*", f"{SH}oneOrMorePath": "+", f"{SH}zeroOrOnePath": "?"}
_NAMES = {times: iri for iri, times in _REPEATS.items()}


def read_path(graph: ShapesGraph, node: Term, above: tuple[Term, ...] = ()) -> Path:
    """The path that a node of the shapes describes; where it describes two, the list is the one that counts.

    Raises:
        ShapesError: none, or one that contains itself.

    """
    if node in above:
        raise ShapesError(f"{name(node)}: a path that contains itself found, a property path expected")
    if isinstance(node, ox.NamedNode):
        return Predicate(node)
    inside = (*above, node)
    if graph.is_list(node):
        return Sequence(_members(graph, node, inside))
    for predicate, found in graph.predicates(node).items():
        if predicate == f"{SH}alternativePath" and len(found) == 1:
            return Alternative(_members(graph, found[0], inside))
        if predicate == f"{SH}inversePath" and len(found) == 1:
            return Inverse(read_path(graph, found[0], inside))
        if predicate in _REPEATS and len(found) == 1:
            return Repeat(read_path(graph, found[0], inside), _REPEATS[predicate])
    raise ShapesError(f"{name(node)}: no property path found, an IRI or a path of SHACL expected")


def _members(graph: ShapesGraph, node: Term, above: tuple[Term, ...]) -> tuple[Path, ...]:
    members = graph.items(node)
    if len(members) < 2:
        raise ShapesError(f"{name(above[-1])}: a path of {len(members)} members found, 2 or more expected")
    return tuple(read_path(graph, member, above) for member in members)


def to_turtle(path: Path) -> str:
    """The path as it stands in a report: blank nodes and lists."""
    match path:
        case Predicate(iri):
            return str(iri)
        case Inverse(inner):
            return f"[ <{SH}inversePath> {to_turtle(inner)} ]"
        case Sequence(parts):
            return f"( {' '.join(map(to_turtle, parts))} )"
        case Alternative(parts):
            return f"[ <{SH}alternativePath> ( {' '.join(map(to_turtle, parts))} ) ]"
        case Repeat(inner, times):
            return f"[ <{_NAMES[times]}> {to_turtle(inner)} ]"


def to_sparql(path: Path) -> str:
    """The path in SPARQL's own syntax, for `$PATH` in a query of the shapes."""
    match path:
        case Predicate(iri):
            return str(iri)
        case Inverse(inner):
            return f"^{_closed(inner)}"
        case Sequence(parts):
            return "/".join(map(_closed, parts))
        case Alternative(parts):
            return "|".join(map(_closed, parts))
        case Repeat(inner, times):
            return f"{_closed(inner)}{times}"


def _closed(path: Path) -> str:
    return to_sparql(path) if isinstance(path, Predicate) else f"({to_sparql(path)})"


def may_be_empty(path: Path) -> bool:
    """Whether a node can be a value of its own over this path."""
    match path:
        case Predicate():
            return False
        case Inverse(inner):
            return may_be_empty(inner)
        case Sequence(parts):
            return all(map(may_be_empty, parts))
        case Alternative(parts):
            return any(map(may_be_empty, parts))
        case Repeat(inner, times):
            return times != "+" or may_be_empty(inner)


def is_anchored(path: Path) -> bool:
    """Whether the path is found by scanning the statements of few properties: no repetition in it."""
    match path:
        case Predicate():
            return True
        case Inverse(inner):
            return is_anchored(inner)
        case Sequence(parts) | Alternative(parts):
            return all(map(is_anchored, parts))
        case Repeat():
            return False


def needed(path: Path) -> tuple[ox.NamedNode, ...]:
    """Properties without which no node has a value over this path."""
    match path:
        case Predicate(iri):
            return (iri,)
        case Inverse(inner):
            return needed(inner)
        case Sequence(parts):
            return tuple(dict.fromkeys(iri for part in parts for iri in needed(part)))
        case Repeat(inner, "+"):
            return needed(inner)
        case Alternative() | Repeat():
            return ()


def pattern(path: Path, subject: str, value: str, fresh: Callable[[], str]) -> str:
    """A graph pattern that relates two variables by the path; the subject is bound where it is evaluated."""
    if not _has_empty_part(path):
        return f"{subject} {to_sparql(path)} {value} ."
    match path:
        case Inverse(inner):
            return pattern(_turned(inner), subject, value, fresh)
        case Sequence(parts):
            return _sequence(parts, subject, value, fresh)
        case Alternative(parts):
            return " UNION ".join(f"{{ {pattern(part, subject, value, fresh)} }}" for part in parts)
        case Repeat(inner, times):
            more = to_sparql(Repeat(_core(inner), "+" if times in "*+" else "?"))
            if times == "?":
                more = to_sparql(_core(inner))
            return f"{{ BIND({subject} AS {value}) }} UNION {{ {subject} {more} {value} . }}"
        case Predicate():
            raise AssertionError(path)


def _sequence(parts: tuple[Path, ...], subject: str, value: str, fresh: Callable[[], str]) -> str:
    steps, here = "", subject
    for number, part in enumerate(parts, 1):
        there = value if number == len(parts) else fresh()
        step = pattern(part, here, there, fresh)
        steps = f"{{ {steps} }} LATERAL {{ {step} }}" if steps else step
        here = there
    return steps


def _has_empty_part(path: Path) -> bool:
    """Whether a repetition that may be empty stands somewhere outside of another repetition."""
    match path:
        case Predicate():
            return False
        case Inverse(inner):
            return _has_empty_part(inner)
        case Sequence(parts) | Alternative(parts):
            return any(map(_has_empty_part, parts))
        case Repeat():
            return may_be_empty(path)


def _core(path: Path) -> Path:
    """`p` of `p*`, `p+` and `p?`: what is repeated anyhow need not be empty itself."""
    return _core(path.inner) if isinstance(path, Repeat) and path.times != "+" else path


def _turned(path: Path) -> Path:
    """A path walked backwards, with the inversion moved to its properties."""
    match path:
        case Predicate():
            return Inverse(path)
        case Inverse(inner):
            return inner
        case Sequence(parts):
            return Sequence(tuple(_turned(part) for part in reversed(parts)))
        case Alternative(parts):
            return Alternative(tuple(map(_turned, parts)))
        case Repeat(inner, times):
            return Repeat(_turned(inner), times)
