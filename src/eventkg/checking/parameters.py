"""The parameters of SHACL's own constraint components, and what a value of each must be.

This is the check of the shapes themselves: what SHACL's shapes for shapes say, as a table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from eventkg.checking.shapesgraph import SH, integer, name, shacl
from eventkg.errors import ShapesError
from eventkg.model.naming import RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventkg.checking.shapesgraph import ShapesGraph, Term


class Parameter(NamedTuple):
    """The component that a parameter switches on, and what its value is.

    `kind` is a key of `_CHECKS`. `single`: at most one value in a shape. `where`: "" for any shape, property
    for property shapes alone.
    """

    iri: str
    kind: str
    single: bool = False
    where: str = ""


def _component(local: str) -> str:
    return f"{SH}{local[0].upper()}{local[1:]}ConstraintComponent"


_TABLE = {
    "class": ("iri", False, ""),
    "datatype": ("iri", True, ""),
    "nodeKind": ("nodeKind", True, ""),
    "minCount": ("integer", True, "property"),
    "maxCount": ("integer", True, "property"),
    "minExclusive": ("literal", True, ""),
    "minInclusive": ("literal", True, ""),
    "maxExclusive": ("literal", True, ""),
    "maxInclusive": ("literal", True, ""),
    "minLength": ("integer", True, ""),
    "maxLength": ("integer", True, ""),
    "pattern": ("text", True, ""),
    "languageIn": ("texts", True, ""),
    "uniqueLang": ("boolean", True, "property"),
    "equals": ("iri", False, ""),
    "disjoint": ("iri", False, ""),
    "lessThan": ("iri", False, "property"),
    "lessThanOrEquals": ("iri", False, "property"),
    "not": ("shape", False, ""),
    "and": ("shapes", False, ""),
    "or": ("shapes", False, ""),
    "xone": ("shapes", False, ""),
    "node": ("shape", False, ""),
    "property": ("shape", False, ""),
    "qualifiedValueShape": ("shape", True, "property"),
    "qualifiedMinCount": ("integer", True, ""),
    "qualifiedMaxCount": ("integer", True, ""),
    "closed": ("boolean", True, ""),
    "hasValue": ("any", False, ""),
    "in": ("list", True, ""),
}
COMPONENTS = {SH + local: Parameter(_component(local), *rest) for local, rest in _TABLE.items()}
SHAPE_VALUED = tuple(iri for iri, one in COMPONENTS.items() if one.kind in {"shape", "shapes"})
_BESIDES = {
    "flags": ("text", True, ""),
    "ignoredProperties": ("iris", True, ""),
    "qualifiedValueShapesDisjoint": ("boolean", True, ""),
    "deactivated": ("boolean", True, ""),
    "severity": ("iri", True, ""),
}
_ALL = {**COMPONENTS, **{SH + local: Parameter("", *rest) for local, rest in _BESIDES.items()}}
KINDS = {
    "IRI": "isIRI({0})",
    "BlankNode": "isBlank({0})",
    "Literal": "isLiteral({0})",
    "BlankNodeOrIRI": "(isBlank({0}) || isIRI({0}))",
    "BlankNodeOrLiteral": "(isBlank({0}) || isLiteral({0}))",
    "IRIOrLiteral": "(isIRI({0}) || isLiteral({0}))",
}


def check_parameters(graph: ShapesGraph, node: Term, *, is_property: bool) -> None:
    """Look at every parameter of a shape.

    Raises:
        ShapesError: a value that the parameter cannot have, too many, or one in a shape of the wrong kind.

    """
    for predicate, found in graph.predicates(node).items():
        parameter = _ALL.get(predicate)
        if parameter is None:
            continue
        if parameter.single:
            graph.one(node, predicate)
        if parameter.where and not is_property:
            raise ShapesError(
                f"{name(node)} {shacl(predicate)}: a node shape found, a property shape expected"
            )
        for value in found:
            _CHECKS[parameter.kind](graph, node, predicate, value)


def _refuse(node: Term, predicate: str, value: Term, expected: str) -> ShapesError:
    return ShapesError(f"{name(node)} {shacl(predicate)}: {name(value)} found, {expected} expected")


def _iri(_: ShapesGraph, node: Term, predicate: str, value: Term) -> None:
    if not isinstance(value, ox.NamedNode):
        raise _refuse(node, predicate, value, "an IRI")


def _literal(_: ShapesGraph, node: Term, predicate: str, value: Term) -> None:
    if not isinstance(value, ox.Literal):
        raise _refuse(node, predicate, value, "a literal")


def _count(_: ShapesGraph, node: Term, predicate: str, value: Term) -> None:
    if integer(node, predicate, value) < 0:
        raise _refuse(node, predicate, value, "a number of 0 or more")


def _text(_: ShapesGraph, node: Term, predicate: str, value: Term) -> None:
    if not isinstance(value, ox.Literal) or value.datatype.value != f"{XSD}string":
        raise _refuse(node, predicate, value, "an xsd:string")


def _boolean(_: ShapesGraph, node: Term, predicate: str, value: Term) -> None:
    fits = isinstance(value, ox.Literal) and value.datatype.value == f"{XSD}boolean"
    if not fits or value.value not in {"true", "false", "0", "1"}:
        raise _refuse(node, predicate, value, "an xsd:boolean")


def _kind(_: ShapesGraph, node: Term, predicate: str, value: Term) -> None:
    if name(value).removeprefix(SH) not in KINDS or not isinstance(value, ox.NamedNode):
        raise _refuse(node, predicate, value, f"one of {', '.join(f'sh:{kind}' for kind in KINDS)}")


def _shape(_: ShapesGraph, node: Term, predicate: str, value: Term) -> None:
    if isinstance(value, ox.Literal):
        raise _refuse(node, predicate, value, "a shape")


def _list(graph: ShapesGraph, _: Term, __: str, value: Term) -> None:
    graph.items(value)


def _list_of(check: Callable[[ShapesGraph, Term, str, Term], None]) -> Callable[..., None]:
    def every(graph: ShapesGraph, node: Term, predicate: str, value: Term) -> None:
        if value == ox.NamedNode(f"{RDF}nil"):
            return
        for member in graph.items(value):
            check(graph, node, predicate, member)

    return every


def _any(*_: object) -> None:
    """Every term will do."""


_CHECKS: dict[str, Callable[[ShapesGraph, Term, str, Term], None]] = {
    "iri": _iri, "literal": _literal, "integer": _count, "text": _text, "boolean": _boolean,
    "nodeKind": _kind, "shape": _shape, "list": _list, "any": _any,
    "shapes": _list_of(_shape), "texts": _list_of(_text), "iris": _list_of(_iri),
}  # fmt: skip
