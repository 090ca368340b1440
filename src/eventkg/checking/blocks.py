"""Blocks of triple patterns in a query of the shapes, in the order in which their variables become known.

The engine does not see that $this has a value when it plans such a query, and may begin at the wrong end of
it. Each pattern of a block is written into a LATERAL of its own: the solutions are the same, each is looked
up from what the ones before it found. A block that is not understood is left as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from eventkg.checking.sparqltext import Token

_PLAIN = {"variable", "iri", "string", "number"}
_NESTING = {"OPTIONAL", "GRAPH", "UNION", "EXISTS", "NOT"}


class _NotUnderstoodError(Exception):
    """A block with blank nodes, lists or something else that is left alone."""


@dataclass(slots=True)
class _Triple:
    subject: list[Token]
    verb: list[Token]
    object: list[Token]

    def variables(self) -> set[str]:
        """The names of those in it."""
        tokens = (*self.subject, *self.verb, *self.object)
        return {token.text[1:] for token in tokens if token.kind == "variable"}

    def cost(self, known: set[str]) -> int:
        """How much there is to look at, roughly: less where more is known."""
        subject, object_ = (_known(part[0], known) for part in (self.subject, self.object))
        if subject:
            return 0 if object_ else 1
        if object_ and self.object[0].kind == "variable":
            return 2
        is_type = len(self.verb) == 1 and (self.verb[0].text == "a" or self.verb[0].text.endswith("#type>"))
        if object_:
            return 4 if is_type else 3
        return 6 if len(self.verb) > 1 or self.verb[0].kind == "variable" else 5

    def text(self) -> str:
        """As SPARQL writes it."""
        return " ".join(_joined(part) for part in (self.subject, self.verb, self.object))


def _spaced(texts: Iterable[str]) -> str:
    """Tokens with spaces between, but none before a bracket: the engine takes none after COALESCE."""
    return "".join(text if text == "(" else f" {text}" for text in texts)


def _known(token: Token, known: set[str]) -> bool:
    return token.kind != "variable" or token.text[1:] in known


def _joined(tokens: Iterable[Token]) -> str:
    return "".join(token.text for token in tokens)


@dataclass(slots=True)
class _Group:
    """What stands between two braces: what is known there, and the block that is being read."""

    known: set[str]
    output: list[str] = field(default_factory=list)
    block: list[Token] = field(default_factory=list)
    first: bool = True

    def close_block(self) -> None:
        """Write the block that has ended."""
        if not self.block:
            return
        try:
            triples = _ordered(_triples(self.block), self.known)
        except (_NotUnderstoodError, IndexError):
            self.output.append(_spaced(token.text for token in self.block))
            triples = []
        for triple in triples:
            self.output.append(f"{triple.text()} ." if self.first else f"LATERAL {{ {triple.text()} }}")
            self.first = False
        self.known |= {token.text[1:] for token in self.block if token.kind == "variable"}
        self.block = []


def in_order(tokens: Sequence[Token], known: set[str]) -> str:
    """The text of a query whose first variables known are these."""
    reader = _Reader([token for token in tokens if token.kind != "space"])
    return reader.query(known)


class _Reader:
    """Walks over the significant tokens of a query once."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens, self._at = tokens, 0

    def query(self, known: set[str]) -> str:
        """Everything up to the first brace as it is, then the groups."""
        output: list[str] = []
        while self._at < len(self._tokens):
            token = self._next()
            output.append(self._group(set(known)) if token.text == "{" else token.text)
        return _spaced(output)

    def _next(self) -> Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _group(self, known: set[str]) -> str:
        """The rest of a group whose brace was read."""
        group = _Group(known)
        if self._tokens[self._at].word == "SELECT":
            return self._select(known)
        while (token := self._next()).text != "}":
            if token.text == "{":
                group.close_block()
                group.output.append(self._group(set(group.known)))
                group.first = False
            elif token.word in {"FILTER", "BIND"}:
                group.close_block()
                group.output.append(f"{token.text} {self._expression(group.known)}")
                group.first = group.first and token.word == "FILTER"
            elif token.word in _NESTING:
                group.close_block()
                group.output.append(token.text)
                group.output += [self._next().text] if token.word == "GRAPH" else []
                group.first = False
            else:
                group.block.append(token)
        group.close_block()
        return f"{{ {' '.join(group.output)} }}"

    def _select(self, known: set[str]) -> str:
        """An inner SELECT up to the brace that ends it."""
        output = ["{"]
        while (token := self._next()).text != "}":
            output.append(self._group(set(known)) if token.text == "{" else token.text)
        return _spaced((*output, "}"))

    def _expression(self, known: set[str]) -> str:
        """What follows FILTER or BIND: [NOT] EXISTS and a group, a call, or brackets."""
        output: list[str] = []
        depth = 0
        while True:
            token = self._next()
            if token.text == "{":
                output.append(self._group(set(known)))
            else:
                depth += (token.text == "(") - (token.text == ")")
                output.append(token.text)
            if depth == 0 and token.text in {")", "{"}:
                return _spaced(output)


def _ordered(triples: list[_Triple], known: set[str]) -> list[_Triple]:
    """The cheapest first, then always the cheapest of those that are left."""
    found, known = [], set(known)
    while triples:
        best = min(triples, key=lambda triple: triple.cost(known))
        triples.remove(best)
        known |= best.variables()
        found.append(best)
    return found


def _triples(tokens: Sequence[Token]) -> list[_Triple]:
    """A block taken apart: `;` keeps the subject, `,` subject and verb."""
    found: list[_Triple] = []
    at = 0
    while at < len(tokens):
        if tokens[at].text in {".", ";", ","}:
            at += 1
            continue
        before = tokens[at - 1].text if at else "."
        if before == "." or not found:
            subject, at = _node(tokens, at)
        else:
            subject = found[-1].subject
        if before == "," and found:
            verb = found[-1].verb
        else:
            verb, at = _verb(tokens, at)
        object_, at = _node(tokens, at)
        if at < len(tokens) and tokens[at].text not in {".", ";", ","}:
            raise _NotUnderstoodError
        found.append(_Triple(subject, verb, object_))
    return found


def _node(tokens: Sequence[Token], at: int) -> tuple[list[Token], int]:
    token = tokens[at]
    if token.kind not in _PLAIN and token.word not in {"TRUE", "FALSE"}:
        raise _NotUnderstoodError
    end = at + 1
    if token.kind == "string" and end < len(tokens):
        if tokens[end].kind == "language":
            end += 1
        elif tokens[end].text == "^^":
            end += 2
    return list(tokens[at:end]), end


def _verb(tokens: Sequence[Token], at: int) -> tuple[list[Token], int]:
    """A property or a path."""
    end, open_ = at, 0
    while True:
        token = tokens[end]
        end += 1
        if token.text in {"^", "!", "(", "/", "|"}:
            open_ += token.text == "("
            continue
        if token.kind not in {"iri", "variable"} and token.text != "a" and token.text != ")":
            raise _NotUnderstoodError
        open_ -= token.text == ")"
        while tokens[end].text in {"*", "+", "?"}:
            end += 1
        if open_ == 0 and tokens[end].text not in {"/", "|"}:
            return list(tokens[at:end]), end
