"""What can be told of a query without parsing it, before a worker sees it: depth and refused keywords."""

from __future__ import annotations

import re

from eventkg.errors import QueryError, QueryTooDeepError

MAX_LENGTH = 1_000_000  # characters
MAX_DEPTH = 128  # brackets; pyoxigraph's parser ends the process at some thousands

# The order decides: an IRI or a string may hold anything that looks like the rest.
_TOKEN = re.compile(
    r"""
    (?P<comment>\#[^\n\r]*)
  | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
  | (?P<long>\"\"\"(?:\"{0,2}(?:[^"\\]|\\.))*\"\"\"|'''(?:'{0,2}(?:[^'\\]|\\.))*''')
  | (?P<string>"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')
  | (?P<open>[({\[])
  | (?P<close>[)}\]])
  | (?P<word>[?$@:\w][\w.:\-]*)
    """,
    re.VERBOSE | re.DOTALL,
)
_CODEPOINT = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_CLASS = re.compile(r"\[[^\]]*\]")
_REFUSED = {"SERVICE": "SERVICE would send a request to another host", "LOAD": "LOAD would fetch a document"}


def check_query(query: str) -> None:
    """Refuse what no worker should be given.

    Raises:
        QueryTooDeepError: nested deeper than `MAX_DEPTH` brackets.
        QueryError: too long, empty, or with SERVICE or LOAD.

    """
    if len(query) > MAX_LENGTH:
        raise QueryError(f"query: {len(query):,} characters found, at most {MAX_LENGTH:,} expected")
    if not query.strip():
        raise QueryError("query: nothing found, a SPARQL query expected")
    _check_tokens(query)
    if "\\" in query:  # escapes are replaced before the grammar applies (SPARQL 1.1, section 19.2)
        _check_tokens(_CODEPOINT.sub(_unescape, query))


def _check_tokens(query: str) -> None:
    depth = 0
    for token in _TOKEN.finditer(query):
        kind = token.lastgroup
        depth += (kind == "open") - (kind == "close")
        if depth > MAX_DEPTH:
            raise QueryTooDeepError(f"query: more than {MAX_DEPTH} nested brackets found")
        if kind == "word" and token[0].upper() in _REFUSED:
            line, column = position(query, token.start())
            raise QueryError(
                f"line {line}, column {column}: {_REFUSED[token[0].upper()]}; not allowed here", line, column
            )


def has_dataset_clause(query: str) -> bool:
    """Does the query name its own graphs with FROM? Then the default graph is not the union."""
    return any(t.lastgroup == "word" and t[0].upper() == "FROM" for t in _TOKEN.finditer(query))


def readable_expectation(message: str) -> str:
    """The parser's list of what it expected, without the character classes of its grammar."""
    flat = " ".join(message.split())
    if "Prefix not found" in flat:
        return "a prefix that is not declared"
    head, _, listed = flat.partition("expected one of ")
    if not listed:
        return flat
    plain = [
        item
        for item in re.findall(r"\"(?:[^\"\\]|\\.)*\"|[A-Za-z]\w*(?: \w+)*", _CLASS.sub("", listed))
        if item
    ]
    return f"{head}expected one of {', '.join(dict.fromkeys(plain))}"


def position(text: str, offset: int) -> tuple[int, int]:
    """Line and column, from 1, of a character."""
    line = text.count("\n", 0, offset) + 1
    return line, offset - (text.rfind("\n", 0, offset) + 1) + 1


def _unescape(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code <= 0x10FFFF else match[0]
