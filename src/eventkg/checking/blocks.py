"""Blocks of triple patterns in a query of the shapes, in the order in which their variables become known.

The engine does not see that $this has a value when it plans such a query, and may begin at the wrong end of
it. Each pattern of a block is written into a LATERAL of its own: the solutions are the same, each is looked
up from what the ones before it found. A group of patterns and filters alone has each filter where the last
of its variables becomes known. A block that is not understood is left as it is.
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
class _Filter:
    """A filter of a group, with the names of all variables in it."""

    text: str
    variables: set[str]


@dataclass(slots=True)
class _Group:
    """What stands between two braces: what is known there, and the block that is being read.

    `outside` is what was known before the brace, `given` what has a value before the query begins. `plain`
    are the parts of a group that has nothing but patterns and filters so far, and None otherwise.
    """

    known: set[str]
    given: set[str]
    outside: set[str]
    output: list[str] = field(default_factory=list)
    block: list[Token] = field(default_factory=list)
    first: bool = True
    plain: list[_Triple | _Filter] | None = field(default_factory=list)
    matched: list[_Triple] = field(default_factory=list)

    def close_block(self) -> None:
        """Write the block that has ended."""
        if not self.block:
            return
        try:
            triples = _ordered(_triples(self.block), self.known)
            if self.plain is not None:
                self.plain += triples
        except (_NotUnderstoodError, IndexError):
            self.output.append(_spaced(token.text for token in self.block))
            triples, self.plain = [], None
        self.matched += triples
        for triple in triples:
            self.output.append(f"{triple.text()} ." if self.first else f"LATERAL {{ {triple.text()} }}")
            self.first = False
        self.known |= {token.text[1:] for token in self.block if token.kind == "variable"}
        self.block = []

    def filter(self, text: str, variables: set[str]) -> None:
        """Write a filter."""
        self.output.append(text)
        if self.plain is not None:
            self.plain.append(_Filter(text, variables))

    def nested(self, text: str) -> None:
        """Write something that is neither a pattern nor a filter."""
        self.output.append(text)
        self.first, self.plain = False, None

    def text(self) -> str:
        """The group as SPARQL writes it."""
        parts = self.output if self.plain is None else _arranged(self.plain, self.outside, self.given)
        return f"{{ {' '.join(parts)} }}"


def _arranged(parts: list[_Triple | _Filter], outside: set[str], given: set[str]) -> list[str]:
    """Patterns in order, each with the filters that can be decided as soon as it is matched."""
    triples = [part for part in parts if isinstance(part, _Triple)]
    filters = [part for part in parts if isinstance(part, _Filter)]
    bound_here = {name for triple in triples for name in triple.variables()} - given
    known, output = set(given), list[str]()
    for step in (None, *_ordered(triples, outside)):
        known |= step.variables() if step else set()
        ready = [one for one in filters if one.variables & bound_here <= known]
        filters = [one for one in filters if one not in ready]
        said = " ".join([*([f"{step.text()} ."] if step else []), *(one.text for one in ready)])
        if said:
            output.append(f"LATERAL {{ {said} }}" if output else f"{{ {said} }}")
    return output


def in_order(tokens: Sequence[Token], known: set[str]) -> str:
    """The text of a query whose first variables known are these."""
    reader = _Reader([token for token in tokens if token.kind != "space"], known)
    return reader.query(known)


def required(tokens: Sequence[Token]) -> list[str]:
    """What $this has to have for any solution: patterns with {0} in its place and {1} for something."""
    reader = _Reader([token for token in tokens if token.kind != "space"], {"this"})
    reader.query({"this"})
    words = {token.word for token in tokens}
    if words & {"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"} and "GROUP" not in words:
        return []  # there is a row for no solution as well
    found = []
    for triple in reader.required:
        step = _step(triple.verb)
        subject, object_ = (part[0].text in {"$this", "?this"} for part in (triple.subject, triple.object))
        if step and subject:
            found.append(f"{{0}} {step} {{1}}")
        elif step and object_:
            found.append(f"{{1}} {step} {{0}}")
    return list(dict.fromkeys(found))


def _step(verb: Sequence[Token]) -> str:
    """A path without repetition that a node has to have for this one; nothing where there is none."""
    tokens = list(verb[:-1]) if verb[-1].text == "+" else list(verb)
    if any(token.text in {"*", "+", "?"} or token.kind == "variable" for token in tokens):
        return ""
    return _joined(tokens)


class _Reader:
    """Walks over the significant tokens of a query once.

    `required` gets the patterns of the outermost group, and those that a filter of it says to exist.
    """

    def __init__(self, tokens: Sequence[Token], given: set[str]) -> None:
        self._tokens, self._given, self._at = tokens, given, 0
        self.required: list[_Triple] = []

    def query(self, known: set[str]) -> str:
        """Everything up to the first brace as it is, then the groups."""
        output: list[str] = []
        while self._at < len(self._tokens):
            token = self._next()
            output.append(self._group(set(known), must=True) if token.text == "{" else token.text)
        return _spaced(output)

    def _next(self) -> Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _group(self, known: set[str], *, must: bool = False) -> str:
        """The rest of a group whose brace was read; `must`: it has to match for any solution."""
        if self._tokens[self._at].word == "SELECT":
            return self._select(known)
        group = _Group(known, self._given, set(known))
        while (token := self._next()).text != "}":
            if token.text == "{" or token.word in {*_NESTING, "FILTER", "BIND"}:
                group.close_block()
                self._part(token, group, must=must)
            else:
                group.block.append(token)
        group.close_block()
        self.required += group.matched if must else []
        return group.text()

    def _part(self, token: Token, group: _Group, *, must: bool) -> None:
        """What is no pattern."""
        if token.text == "{":
            group.nested(self._group(set(group.known)))
        elif token.word == "FILTER":
            start = self._at
            text = f"FILTER {self._expression(group.known, must=must)}"
            read = self._tokens[start : self._at]
            group.filter(text, {one.text[1:] for one in read if one.kind == "variable"})
        elif token.word == "BIND":
            group.nested(f"BIND {self._expression(group.known)}")
        else:
            group.nested(f"{token.text} {self._next().text}" if token.word == "GRAPH" else token.text)

    def _select(self, known: set[str]) -> str:
        """An inner SELECT up to the brace that ends it."""
        output = ["{"]
        while (token := self._next()).text != "}":
            output.append(self._group(set(known)) if token.text == "{" else token.text)
        return _spaced((*output, "}"))

    def _expression(self, known: set[str], *, must: bool = False) -> str:
        """What follows FILTER or BIND: [NOT] EXISTS and a group, a call, or brackets."""
        output: list[str] = []
        depth = 0
        exists = self._tokens[self._at].word == "EXISTS"
        while True:
            token = self._next()
            if token.text == "{":
                output.append(self._group(set(known), must=must and exists))
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
