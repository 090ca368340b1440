"""The shape of a SPARQL update that the engine has accepted: its operations, templates and graphs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from eventkg.errors import QueryError
from eventkg.query.lexical import plain_letters, tokens

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    Tokens = list[re.Match[str]]

_OVER_GRAPHS = {"CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY"}


@dataclass(slots=True)
class Template:
    """Triples without a graph, and (graph, triples) as they are written."""

    default: list[str] = field(default_factory=list)
    named: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Modify:
    """DELETE and INSERT in all their forms; `where` has its braces, `using` its keywords."""

    prologue: str
    text: str
    deleted: Template = field(default_factory=Template)
    inserted: Template = field(default_factory=Template)
    with_graph: str = ""
    using: str = ""
    where: str = "{ }"

    def over(self, using: str) -> str:
        """The operation with these templates over this dataset."""
        with_graph = f"WITH {self.with_graph}\n" if self.with_graph else ""
        parts = [f"DELETE {{\n{_written(self.deleted)}\n}}"] if _any(self.deleted) else []
        if _any(self.inserted) or not parts:
            parts.append(f"INSERT {{\n{_written(self.inserted)}\n}}")
        return f"{self.prologue}{with_graph}{' '.join(parts)}\n{using}\nWHERE {self.where}"


@dataclass(slots=True)
class OverGraphs:
    """CLEAR, DROP, CREATE, ADD, MOVE, COPY; a graph is a term as written, DEFAULT, NAMED or ALL."""

    prologue: str
    text: str
    verb: str
    graphs: list[str]
    silent: bool


@dataclass(slots=True)
class Loading:
    """LOAD of the document at `source` into a graph, a term as written, or DEFAULT."""

    prologue: str
    source: str
    graph: str
    silent: bool


Operation = Modify | OverGraphs | Loading


def operations(update: str) -> list[Operation]:
    """One after the other, each with the declarations that stand before it."""
    text = plain_letters(update)
    found: list[Operation] = []
    prologue = ""
    for kind, own in _pieces(text):
        if kind == "declaration":
            prologue += text[own[0].start() : own[-1].end()] + "\n"
        else:
            found.append(_operation(text, prologue, own))
    return found


def declarations(text: str) -> list[tuple[int, int]]:
    """Where the PREFIX and BASE declarations of an update stand."""
    return [(own[0].start(), own[-1].end()) for kind, own in _pieces(text) if kind == "declaration"]


def _pieces(text: str) -> Iterator[tuple[str, Tokens]]:
    """Declarations and operations in their order."""
    rest = tokens(text)
    while rest:
        word = rest[0][0].upper()
        if word == ";":
            rest = rest[1:]
            continue
        declares = word in {"PREFIX", "BASE"}
        size = (3 if word == "PREFIX" else 2) if declares else _size(rest)
        yield "declaration" if declares else "operation", rest[:size]
        rest = rest[size:]


def _size(rest: Tokens) -> int:
    depth = 0
    for index, token in enumerate(rest):
        depth += (token.lastgroup == "open") - (token.lastgroup == "close")
        if token[0] == ";" and not depth:
            return index
    return len(rest)


def _operation(text: str, prologue: str, own: Tokens) -> Operation:
    verb = own[0][0].upper()
    if verb in _OVER_GRAPHS:
        words = [t[0].upper() if t.lastgroup == "word" else t[0] for t in own[1:]]
        graphs = [word for word in words if word not in {"SILENT", "GRAPH", "TO"}]
        whole = text[own[0].start() : own[-1].end()]
        return OverGraphs(prologue, f"{prologue}{whole}", verb, graphs, "SILENT" in words)
    if verb == "LOAD":
        return _loading(prologue, own)
    return _Reader(text, own).modify(prologue)


def _loading(prologue: str, own: Tokens) -> Loading:
    iris = [token for token in own if token.lastgroup in {"iri", "name"}]
    words = {token[0].upper() for token in own if token.lastgroup == "word"}
    if not iris or iris[0].lastgroup != "iri":
        raise QueryError("update: LOAD <IRI> expected")
    return Loading(prologue, iris[0][0][1:-1], iris[1][0] if iris[1:] else "DEFAULT", "SILENT" in words)


class _Reader:
    """Reads one DELETE or INSERT from left to right."""

    def __init__(self, text: str, own: Tokens) -> None:
        self._text, self._own, self._next = text, own, 0

    def modify(self, prologue: str) -> Modify:
        whole = self._text[self._own[0].start() : self._own[-1].end()]
        found = Modify(prologue, f"{prologue}{whole}")
        if self._word("WITH"):
            found.with_graph = self._take()[0]
        if self._word("DELETE"):
            if self._word("WHERE"):
                block = self._block()
                found.deleted, found.where = _template(self._text, block), self._between(block)
                return found
            self._word("DATA")
            found.deleted = _template(self._text, self._block())
        if self._word("INSERT"):
            self._word("DATA")
            found.inserted = _template(self._text, self._block())
        start = self._next
        while self._word("USING"):
            self._word("NAMED")
            self._take()
        found.using = self._text[slice(*self._span(start))]
        if self._word("WHERE"):
            found.where = self._between(self._block())
        if self._next < len(self._own):
            raise QueryError(
                f"update: {self._own[self._next][0]!r} found where an operation should have ended"
            )
        return found

    def _word(self, wanted: str) -> bool:
        here = self._own[self._next : self._next + 1]
        if here and here[0].lastgroup == "word" and here[0][0].upper() == wanted:
            self._next += 1
            return True
        return False

    def _take(self) -> re.Match[str]:
        if self._next >= len(self._own):
            raise QueryError("update: an operation that does not end found")
        self._next += 1
        return self._own[self._next - 1]

    def _block(self) -> Tokens:
        """From a brace to the one that closes it."""
        start = self._next
        if self._take()[0] != "{":
            raise QueryError(f"update: {self._own[start][0]!r} found, {{ expected")
        depth = 1
        while depth:
            kind = self._take().lastgroup
            depth += (kind == "open") - (kind == "close")
        return self._own[start : self._next]

    def _span(self, start: int) -> tuple[int, int]:
        """Where the tokens since `start` stand in the text; nothing if there are none."""
        own = self._own[start : self._next]
        return (own[0].start(), own[-1].end()) if own else (0, 0)

    def _between(self, block: Tokens) -> str:
        return self._text[block[0].start() : block[-1].end()]


def _template(text: str, block: Tokens) -> Template:
    """What stands in the braces, by graph."""
    found = Template()
    chunk: Tokens = []
    inner, index = block[1:-1], 0
    while index < len(inner):
        if inner[index].lastgroup == "word" and inner[index][0].upper() == "GRAPH":
            _add(found.default, text, chunk)
            end = next(i for i in range(index, len(inner)) if inner[i][0] == "}")
            named: list[str] = []
            _add(named, text, inner[index + 3 : end])
            found.named += [(inner[index + 1][0], triples) for triples in named]
            chunk, index = [], end + 1
            if index < len(inner) and inner[index][0] == ".":
                index += 1
        else:
            chunk.append(inner[index])
            index += 1
    _add(found.default, text, chunk)
    return found


def _add(chunks: list[str], text: str, chunk: Tokens) -> None:
    """Without the last full stop, so that chunks can be joined by one."""
    if chunk and (triples := text[chunk[0].start() : chunk[-1].end()].rstrip(". \t\r\n")):
        chunks.append(triples)


def _any(template: Template) -> bool:
    return bool(template.default or template.named)


def _written(template: Template) -> str:
    parts = [" .\n".join(template.default)] if template.default else []
    return "\n".join([*parts, *(f"GRAPH {graph} {{ {triples} }}" for graph, triples in template.named)])
