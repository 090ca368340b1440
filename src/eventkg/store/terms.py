"""The one place where our plain values meet pyoxigraph's terms."""

from __future__ import annotations

import pyoxigraph as ox

from eventkg.model.claim import Value
from eventkg.model.naming import XSD

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


def to_term(value: Value) -> ox.NamedNode | ox.Literal:
    """An IRI where the value has no datatype, else a literal."""
    if value.language:
        return ox.Literal(value.text, language=value.language)
    if value.datatype:
        return ox.Literal(value.text, datatype=ox.NamedNode(value.datatype))
    return ox.NamedNode(value.text)


def to_value(term: Term) -> Value:
    """The inverse of `to_term`; a blank node keeps its `_:` form."""
    if isinstance(term, ox.NamedNode):
        return Value(term.value)
    if isinstance(term, ox.Literal):
        return Value(term.value, term.datatype.value, term.language or "")
    return Value(str(term))


def text(term: Term) -> str:
    """The IRI or the lexical form."""
    return term.value if isinstance(term, ox.NamedNode | ox.Literal | ox.BlankNode) else str(term)


def integer(number: int) -> Value:
    """A plain xsd:integer."""
    return Value(str(number), f"{XSD}integer")
