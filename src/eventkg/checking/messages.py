"""What a result says where its shape has no sh:message."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.checking.shapesgraph import SH, name
from eventkg.errors import ShapesError
from eventkg.model.naming import shorten

if TYPE_CHECKING:
    from eventkg.checking.shapes import Constraint, Shape
    from eventkg.checking.shapesgraph import ShapesGraph, Term

_SENTENCES = {
    "class": "Not an instance of {0}",
    "datatype": "Not a well-formed literal of the datatype {0}",
    "nodeKind": "Not of the node kind {0}",
    "minCount": "Fewer than {0} values",
    "maxCount": "More than {0} values",
    "minExclusive": "Not greater than {0}",
    "minInclusive": "Less than {0}, or not comparable to it",
    "maxExclusive": "Not less than {0}",
    "maxInclusive": "Greater than {0}, or not comparable to it",
    "minLength": "Shorter than {0} characters",
    "maxLength": "Longer than {0} characters",
    "pattern": "Does not match the pattern {0}",
    "languageIn": "Not in one of the languages {0}",
    "uniqueLang": "Two values in one language",
    "equals": "The values are not those of {0}",
    "disjoint": "Also a value of {0}",
    "lessThan": "Not less than a value of {0}",
    "lessThanOrEquals": "Greater than a value of {0}, or not comparable to it",
    "not": "Conforms to the shape {0}, and must not",
    "and": "Does not conform to every one of the shapes {0}",
    "or": "Does not conform to any of the shapes {0}",
    "xone": "Does not conform to exactly one of the shapes {0}",
    "node": "Does not conform to the shape {0}",
    "qualifiedMinCount": "Fewer than {0} values conform to the qualified shape",
    "qualifiedMaxCount": "More than {0} values conform to the qualified shape",
    "closed": "A property that the closed shape does not have",
    "hasValue": "The value {0} is missing",
    "in": "Not one of {0}",
    "sparql": "Found by the query of the shape",
}
_LISTS = {"languageIn", "and", "or", "xone", "in"}


def default_message(graph: ShapesGraph, shape: Shape, constraint: Constraint) -> str:
    """A sentence about a constraint, with the value of its parameter."""
    local = constraint.parameter.removeprefix(SH)
    sentence = _SENTENCES.get(local)
    if sentence is None:
        return f"Does not satisfy {shorten(constraint.component)}"
    return sentence.format(_shown(graph, constraint.value, is_list=local in _LISTS)) if shape else sentence


def _shown(graph: ShapesGraph, term: Term, *, is_list: bool) -> str:
    if is_list:
        try:
            return ", ".join(_shown(graph, member, is_list=False) for member in graph.items(term))
        except ShapesError:
            return ""
    if isinstance(term, ox.Literal):
        return term.value
    return shorten(name(term)) if isinstance(term, ox.NamedNode) else "given there"
