"""SERVICE without a worker that has a network: the clause is asked of the endpoint and replaced by its rows.

That is what the clause means (SPARQL 1.1 Federated Query, section 4): the solutions of the pattern at the
endpoint, joined with the rest. Only the outermost clauses with an IRI are replaced; the check that every
query goes through refuses whatever is left.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from eventkg.errors import EventkgError, QueryError
from eventkg.model.naming import PREFIXES
from eventkg.query.lexical import plain_letters, position, tokens

if TYPE_CHECKING:
    from collections.abc import Callable

    Tokens = list[re.Match[str]]
    Ask = Callable[[str, str], str]  # (endpoint, SELECT) -> a VALUES clause

MOST_CLAUSES = 10
NOTHING = "VALUES () { () }"  # what SILENT makes of a failure: one solution that binds nothing


def has_service(text: str) -> bool:
    """Whether there may be a clause at all."""
    return "SERVICE" in plain_letters(text).upper()


def without_services(text: str, ask: Ask) -> tuple[str, dict[str, str]]:
    """The text with a mark in place of each SERVICE clause, and the VALUES clause that each mark stands for.

    Raises:
        QueryError: a variable as endpoint, more than `MOST_CLAUSES`; whatever `ask` raises.

    """
    text = plain_letters(text)
    own = tokens(text)
    found: dict[str, str] = {}
    parts, done, index = [], 0, 0
    while index < len(own):
        if own[index].lastgroup != "word" or own[index][0].upper() != "SERVICE":
            index += 1
            continue
        clause = _Clause(text, own, index)
        if len(found) == MOST_CLAUSES:
            raise QueryError(f"query: more than {MOST_CLAUSES} SERVICE clauses found")
        mark = f"VALUES ?eventkg_service_{len(found)} {{ }}"
        found[mark] = clause.rows(ask)
        parts += [text[done : clause.start], mark, "\n" * clause.lines]
        done, index = clause.end, clause.after
    return "".join([*parts, text[done:]]), found


def filled(text: str, marks: dict[str, str]) -> str:
    """The text with the rows in place of the marks, in one pass: rows are never searched for marks."""
    if not marks:
        return text
    return re.sub("|".join(map(re.escape, marks)), lambda mark: marks[mark[0]], text)


class _Clause:
    """One of them: SERVICE SILENT? IRI { … }."""

    def __init__(self, text: str, own: Tokens, index: int) -> None:
        self._text, self._own = text, own
        self.start = own[index].start()
        at = index + 1
        self._silent = own[at : at + 1] != [] and own[at][0].upper() == "SILENT"
        at += self._silent
        if at + 1 >= len(own) or own[at].lastgroup not in {"iri", "name"} or own[at + 1][0] != "{":
            line, column = position(text, self.start)
            raise QueryError(
                f"query: line {line}, column {column}: SERVICE <IRI> {{ … }} expected", line, column
            )
        self._prefixes, self._prologue = _declared(own[:index])
        self._endpoint = self._resolved(own[at])
        self.after = _closing(own, at + 1)
        self._block = text[own[at + 1].start() : own[self.after - 1].end()]
        self.end = own[self.after - 1].end()
        self.lines = text.count("\n", self.start, self.end)

    def rows(self, ask: Ask) -> str:
        """Its solutions as a VALUES clause."""
        query = f"{self._prologue}{self._ours()}SELECT * WHERE {self._block}"
        try:
            return ask(self._endpoint, query)
        except EventkgError:
            if self._silent:
                return NOTHING
            raise

    def _resolved(self, token: re.Match[str]) -> str:
        if token.lastgroup == "iri":
            return token[0][1:-1]
        prefix, _, local = token[0].partition(":")
        if prefix not in self._prefixes and prefix not in PREFIXES:
            raise QueryError(f"query: {token[0]}: a prefix that is not declared")
        return (self._prefixes.get(prefix) or PREFIXES[prefix]) + local.replace("\\", "")

    def _ours(self) -> str:
        """Those of our prefixes that the pattern uses without declaring them."""
        return "".join(
            f"PREFIX {prefix}: <{namespace}>\n"
            for prefix, namespace in PREFIXES.items()
            if prefix not in self._prefixes and re.search(rf"(?<![\w:]){prefix}:", self._block)
        )


def _declared(own: Tokens) -> tuple[dict[str, str], str]:
    """Prefixes declared so far, and the declarations as text."""
    prefixes: dict[str, str] = {}
    prologue = ""
    for index, token in enumerate(own):
        word = token[0].upper() if token.lastgroup == "word" else ""
        if word == "PREFIX" and index + 2 < len(own):
            prefixes[own[index + 1][0].removesuffix(":")] = own[index + 2][0][1:-1]
            prologue += f"PREFIX {own[index + 1][0]} {own[index + 2][0]}\n"
        elif word == "BASE" and index + 1 < len(own):
            prologue += f"BASE {own[index + 1][0]}\n"
    return prefixes, prologue


def _closing(own: Tokens, start: int) -> int:
    """The number of the token after the brace that closes the one at `start`."""
    depth = 0
    for index in range(start, len(own)):
        depth += (own[index].lastgroup == "open") - (own[index].lastgroup == "close")
        if not depth:
            return index + 1
    raise QueryError("query: a SERVICE clause that does not end found")
