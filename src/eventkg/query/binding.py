"""Variables of a query replaced by values, for endpoints that take a query's text and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventkg.model.claim import Value
from eventkg.query.lexical import tokens
from eventkg.store.terms import to_term

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_LISTS_OF_VARIABLES = {"SELECT", "BY"}  # where a value stands for a variable only in brackets


def bound(query: str, bindings: Mapping[str, tuple[str, str, str]]) -> str:
    """The query with each variable that is bound replaced wherever it stands; a SELECT returns it as before.

    Raises:
        ValueError: a value that is no RDF term.

    """
    values = {name: str(to_term(Value(*value))) for name, value in bindings.items()}
    return "".join(_pieces(query, values)) if values else query


def _pieces(query: str, values: dict[str, str]) -> Iterator[str]:
    end, listed, brackets = 0, "", 0
    for token in tokens(query):
        if token.lastgroup == "word":
            word = token[0].upper()
            listed = word if word in _LISTS_OF_VARIABLES else "" if word in {"WHERE", "FROM"} else listed
            brackets = brackets if listed else 0
        elif token[0] in "{}":
            listed, brackets = "", 0
        elif listed and token[0] in "()":
            brackets += 1 if token[0] == "(" else -1
        name = token[0][1:] if token.lastgroup == "variable" else ""
        if name in values:
            yield query[end : token.start()]
            yield _in_place(values[name], name, "" if brackets else listed)
            end = token.end()
    yield query[end:]


def _in_place(value: str, name: str, listed: str) -> str:
    if listed == "SELECT":
        return f"({value} AS ?{name})"
    return f"({value})" if listed else value
