"""The text of a SPARQL query in the shapes, made fit for standing inside a query of ours.

Nothing is parsed: tokens are told apart, names are written out as IRIs, and what SHACL forbids is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from eventkg.checking.blocks import in_order, required
from eventkg.errors import ShapesError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TOKEN = re.compile(
    r"""
    (?P<space>\s+|\#[^\n\r]*)
  | (?P<iri><(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>)
  | (?P<string>\"\"\"(?:\"{0,2}(?:[^"\\]|\\.))*+\"\"\"|'''(?:'{0,2}(?:[^'\\]|\\.))*+'''
              |"(?:[^"\\\n\r]|\\.)*+"|'(?:[^'\\\n\r]|\\.)*+')
  | (?P<variable>[?$]\w+)
  | (?P<language>@[A-Za-z][A-Za-z0-9\-]*)
  | (?P<blank>_:[\w.\-]+)
  | (?P<name>(?:[^\W\d_](?:[\w.\-]*[\w\-])?)?:(?:(?:[\w:%]|\\.)(?:(?:[\w.:%\-]|\\.)*(?:[\w:%\-]|\\.))?)?)
  | (?P<number>\d*\.\d+(?:[eE][+-]?\d+)?|\d+(?:[eE][+-]?\d+)?)
  | (?P<word>[^\W\d]\w*)
  | (?P<operator>\|\||&&|!=|<=|>=|\^\^)
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_FORBIDDEN = {"MINUS", "VALUES", "SERVICE", "FROM", "LOAD", "LATERAL"}


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the query; `kind` is the name of a group of the expression above."""

    kind: str
    text: str

    @property
    def word(self) -> str:
        """A keyword in capitals, else nothing."""
        return self.text.upper() if self.kind == "word" else ""


@dataclass(frozen=True, slots=True)
class Query:
    """A SELECT or ASK without prologue, each name written out."""

    form: str
    tokens: tuple[Token, ...]

    def text(self, path: str | None = None) -> str:
        """The query, with a property path in place of `$PATH`."""
        return "".join(token.text for token in self._with(path))

    def _with(self, path: str | None) -> list[Token]:
        return [Token("iri", _path(path)) if t.text in {"$PATH", "?PATH"} else t for t in self.tokens]

    def variables(self) -> set[str]:
        """The names of all variables anywhere in it."""
        return {token.text[1:] for token in self.tokens if token.kind == "variable"}

    def projecting(self, wanted: list[str], path: str | None) -> str:
        """The SELECT, which hands on these variables beside its own: they are the same inside and outside."""
        start = next(i for i, token in enumerate(self.tokens) if token.kind != "space")
        end = next(i for i, token in enumerate(self.tokens) if token.text == "{")
        head = self.tokens[start:end]
        here = {token.text[1:] for token in head if token.kind == "variable"}
        ordered = Query(self.form, self.tokens).planned(set(wanted), path)
        if any(token.text == "*" for token in head) and not here:
            return ordered
        missing = "".join(f" ?{variable}" for variable in wanted if variable not in here)
        keyword = next((t.text for t in head if t.word in {"DISTINCT", "REDUCED"}), self.tokens[start].text)
        return ordered.replace(keyword, keyword + missing, 1)

    def planned(self, known: set[str], path: str | None) -> str:
        """The query with its patterns in an order that begins with what is known."""
        return in_order(self._with(path), known)

    def body(self, known: set[str], path: str | None) -> str:
        """What stands between the outermost braces of an ASK."""
        text = self.planned(known, path)
        return text[text.index("{") + 1 : text.rindex("}")]

    def required(self) -> list[str]:
        """Patterns that $this, {0} in them, has to match for any result."""
        return required(self.tokens)


def _path(path: str | None) -> str:
    if path is None:
        raise ShapesError("$PATH found in a query for node shapes, where there is none")
    return path


def read_query(text: str, prefixes: Mapping[str, str], where: str) -> Query:
    """Take a query apart.

    Raises:
        ShapesError: it is neither SELECT nor ASK, uses an undeclared prefix, or something that SHACL forbids.

    """
    known = dict(prefixes)
    tokens = list(_without_prologue(_tokens(text), known))
    form = next((token.word for token in tokens if token.kind != "space"), "")
    if form not in {"SELECT", "ASK"}:
        raise ShapesError(f"{where}: {form or 'nothing'} found, a SELECT or ASK query expected")
    return Query(form, tuple(_written_out(token, known, where) for token in tokens))


def _tokens(text: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(text):
        yield Token(match.lastgroup or "other", match[0])


def _without_prologue(tokens: Iterator[Token], known: dict[str, str]) -> Iterator[Token]:
    in_prologue = True
    for token in tokens:
        if in_prologue and token.word == "PREFIX":
            prefix, iri = (next(part for part in tokens if part.kind != "space") for _ in range(2))
            known[prefix.text.removesuffix(":")] = iri.text[1:-1]
            continue
        if in_prologue and token.kind == "space":
            continue
        in_prologue = False
        yield token


def _written_out(token: Token, known: Mapping[str, str], where: str) -> Token:
    if token.kind == "space":
        return Token("space", " ")  # a comment would hide what is put behind it
    if token.kind != "name":
        return token
    prefix, _, local = token.text.partition(":")
    if prefix not in known:
        raise ShapesError(
            f"{where}: Unknown namespace prefix : {prefix}; one that sh:prefixes declares expected"
        )
    local = re.sub(r"\\(.)", r"\1", local)
    return Token("iri", f"<{known[prefix]}{local}>")


def refuse_forbidden(query: Query, bound: set[str], where: str) -> None:
    """Refuse what a query with variables bound beforehand must not have (SHACL, appendix A).

    Raises:
        ShapesError: MINUS, VALUES, SERVICE, a dataset, a value given anew to a bound variable, or an inner
            SELECT that hides one.

    """
    significant = [token for token in query.tokens if token.kind != "space"]
    selects = 0
    for number, token in enumerate(significant):
        if token.word in _FORBIDDEN:
            raise ShapesError(f"{where}: {token.word} found, which SHACL does not allow in its queries")
        follows_as = number and significant[number - 1].word == "AS"
        if follows_as and token.text[1:] in bound:
            raise ShapesError(f"{where}: AS {token.text} found, which SHACL gives a value beforehand")
        if token.word == "SELECT":
            selects += 1
            if selects > 1 or query.form == "ASK":
                _refuse_hidden(significant[number:], bound, where)


def _refuse_hidden(tokens: list[Token], bound: set[str], where: str) -> None:
    """An inner SELECT has to hand on every variable that is bound beforehand."""
    end = next((i for i, token in enumerate(tokens) if token.text == "{"), len(tokens))
    head = {token.text[1:] if token.kind == "variable" else token.text for token in tokens[:end]}
    handed_on = _in_scope(tokens[end:]) if "*" in head else head
    missing = sorted(bound - handed_on - {"shapesGraph", "currentShape"})
    if missing:
        raise ShapesError(f"{where}: an inner SELECT without ${missing[0]} found, which SHACL gives a value")


def _in_scope(tokens: list[Token]) -> set[str]:
    """The variables of a group that `*` stands for: those of its patterns, not of expressions alone."""
    found, depth, expression = set[str](), 0, 0  # expression: the depth inside of its brackets, if in one
    for token in tokens:
        if token.word in {"FILTER", "BIND"} and not expression:
            expression = depth + 1
        depth += (token.text in {"{", "("}) - (token.text in {"}", ")"})
        if token.text in {"}", ")"} and depth < expression:
            expression = 0
        if not depth:
            break
        if token.kind == "variable" and not expression:
            found.add(token.text[1:])
    return found
