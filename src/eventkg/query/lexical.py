"""What can be told of a query without parsing it, before a worker sees it: depth and refused keywords."""

from __future__ import annotations

import itertools
import re

from eventkg.errors import QueryError, QueryTooDeepError

MAX_LENGTH = 1_000_000  # characters
MAX_DEPTH = 128  # brackets; pyoxigraph's parser ends the process at some thousands

# The order decides: an IRI or a string may hold anything that looks like the rest. The engine ends a keyword
# wherever its letters end, so `5SERVICE<…>` and `SERVICEex:name` are its SERVICE as well. No alternative goes
# over the same characters twice (`*+`): a query cannot make the check slow.
_TOKEN = re.compile(
    r"""
    (?P<comment>\#[^\n\r]*)
  | (?P<iri><(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>)
  | (?P<long>\"\"\"(?:\"{0,2}(?:[^"\\]|\\.))*+\"\"\"|'''(?:'{0,2}(?:[^'\\]|\\.))*+''')
  | (?P<string>"(?!"")(?:[^"\\\n\r]|\\.)*+"|'(?!'')(?:[^'\\\n\r]|\\.)*+')
  | (?P<unclosed>["'])
  | (?P<open>[({\[])
  | (?P<close>[)}\]])
  | (?P<variable>[?$]\w+)
  | (?P<language>@[A-Za-z][A-Za-z0-9\-]*)
  | (?P<blank>_:[\w.\-]+)
  | (?P<name>(?P<prefix>(?:[^\W\d_][\w.\-]*)?):(?:(?:[\w:%]|\\.)(?:[\w.:%\-]|\\.)*)?)
  | (?P<word>\w[\w.\-]*)
  | (?P<other>\S)
    """,
    re.VERBOSE | re.DOTALL,
)
_CODEPOINT = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_CLASS = re.compile(r"\['[^\]]*\]|\[_\]")
_WORD_AROUND = re.compile(r"[\w:.?$]{1,50}$")  # of which the parser may have read the first letters
_EXPECTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|[A-Za-z]\w*(?: \w+)*")
_UPDATES = {"INSERT", "DELETE", "WITH", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY"}
_SUSPECTS = ("'", '"', "\\", "SERVICE", "LOAD", *sorted(_UPDATES))
_SERVICE = "SERVICE would send a request to another host"
_LOAD = "LOAD would fetch a document"
_BEFORE_A_NAME = {"GRAPH", "FROM", "NAMED", "DESCRIBE"}  # a pattern may follow the name: GRAPH service:a { }
# In FILTER(1<2)SERVICE… the engine sees a comparison where an IRI might be read. What follows cannot be told
# apart for sure, so the clause is looked for in the bare text. Whatever slips through meets a worker without
# sockets.
_COMPARISON = re.compile(r"<(?:[?$'(+\-!\d]|[^>]*['()])")
_GAP = r"(?:\s|\#[^\n\r]*)*+"
_CLAUSE = re.compile(
    rf"SERVICE{_GAP}(?:SILENT{_GAP})?"
    r"(?:<[^<>]{0,2000}>|[?$]\w{1,200}|[\w.\-]{0,200}:[\w.\-:%]{0,500})"
    rf"{_GAP}\{{",
    re.IGNORECASE,
)


def check_query(query: str) -> None:
    """Refuse what no worker should be given.

    Raises:
        QueryTooDeepError: nested deeper than `MAX_DEPTH` brackets.
        QueryError: too long, empty, with a string that does not end, or with SERVICE or LOAD.

    """
    if len(query) > MAX_LENGTH:
        raise QueryError(f"query: {len(query):,} characters found, at most {MAX_LENGTH:,} expected")
    if not query.strip():
        raise QueryError("query: nothing found, a SPARQL query expected")
    if _is_harmless(query):
        return
    _check_tokens(query)
    if "\\" in query:  # escapes are replaced before the grammar applies (SPARQL 1.1, section 19.2)
        _check_tokens(plain_letters(query))
    _check_form(query)


def _is_harmless(query: str) -> bool:
    """Whether no letter of it can be part of what is refused, so that it need not be taken apart."""
    letters = query.upper()
    if not letters.isascii() or sum(map(letters.count, "({[")) > MAX_DEPTH:
        return False
    for sign in _SUSPECTS:  # noqa: SIM110  (a generator would take longer than the search)
        if sign in letters:
            return False
    return True


def check_update(update: str, *, loads: bool = False) -> None:
    """Refuse an update that no process should be given; raises as `check_query`, but may be empty.

    `loads` lets LOAD pass, whose documents are at hand.
    """
    _check_tokens(update, loads=loads)
    if "\\" in update:
        _check_tokens(plain_letters(update), loads=loads)


def plain_letters(text: str) -> str:
    """The text with letters in place of their codepoint escapes, as the grammar sees its keywords."""
    return _CODEPOINT.sub(_unescape, text)


def tokens(text: str) -> list[re.Match[str]]:
    """What a query or an update is made of but comments; `lastgroup` is the kind: word, iri and others."""
    return [token for token in _TOKEN.finditer(text) if token.lastgroup != "comment"]


def _check_form(query: str) -> None:
    """An update is named as one; anything else is the parser's to complain about."""
    words = (
        t for t in _TOKEN.finditer(query) if t.lastgroup == "word" and t[0].upper() not in {"PREFIX", "BASE"}
    )
    first = next(words, None)
    if first is not None and first[0].upper() in _UPDATES:
        raise _refusal(query, first, f"{first[0].upper()} begins an update; a query expected")


def _check_tokens(query: str, *, loads: bool = False) -> None:
    depth = 0
    for token in _TOKEN.finditer(query):
        kind = token.lastgroup
        depth += (kind == "open") - (kind == "close")
        if depth > MAX_DEPTH:
            raise QueryTooDeepError(f"query: more than {MAX_DEPTH} nested brackets found")
        if kind == "unclosed":
            raise _refusal(query, token, "a string that does not end")
        if kind == "word" and token[0].upper() == "LOAD" and not loads:
            raise _refusal(query, token, f"{_LOAD}; not allowed here")
    if "SERVICE" in query.upper():
        _check_service(query)


def _check_service(query: str) -> None:
    clause = _keyword(query)
    if clause is None and any(
        t.lastgroup == "iri" and _COMPARISON.match(t[0]) for t in _TOKEN.finditer(query)
    ):
        clause = _CLAUSE.search(query)
    if clause is not None:
        raise _refusal(query, clause, f"{_SERVICE}; not allowed here")


def _keyword(query: str) -> re.Match[str] | None:
    """The keyword, also where it is glued to a number before it or to a prefixed name after it."""
    before, suspect = "", None
    for token in _TOKEN.finditer(query):
        kind, text = token.lastgroup, token[0].upper()
        if kind == "comment":
            continue
        if kind == "word" and "SERVICE" in text:
            return token
        if suspect and text == "{":
            return suspect
        glued = kind == "name" and "SERVICE" in token["prefix"].upper() and not text.endswith(".")
        suspect = token if glued and before not in _BEFORE_A_NAME else None
        before = text
    return None


def _refusal(query: str, token: re.Match[str], what: str) -> QueryError:
    line, column = position(query, token.start())
    return QueryError(f"query: line {line}, column {column}: {what}", line, column)


def query_form(query: str) -> str:
    """The form of a query's answer by its first keyword: graph, boolean or solutions."""
    forms = {"CONSTRUCT": "graph", "DESCRIBE": "graph", "ASK": "boolean", "SELECT": "solutions"}
    words = (t[0].upper() for t in _TOKEN.finditer(query) if t.lastgroup == "word")
    return next((forms[word] for word in words if word in forms), "solutions")


def take_view(query: str, namespace: str) -> tuple[str | None, str]:
    """The IRI of a view named by `FROM <…>`, and the query with spaces in place of that clause.

    Raises:
        QueryError: a view beside another graph; a view is the whole default graph.

    """
    if namespace not in query and "view:" not in query:
        return None, query
    clauses = [
        (start, iri)
        for start, iri in itertools.pairwise(tokens(query))
        if start.lastgroup == "word" and start[0].upper() == "FROM" and iri.lastgroup != "word"
    ]
    views = [(start, iri) for start, iri in clauses if _view_iri(iri, query, namespace)]
    if not views:
        return None, query
    start, iri = views[0]
    if len(clauses) > 1:
        raise _refusal(query, start, "a view is the whole default graph and stands alone in FROM")
    blank = re.sub(r"[^\n]", " ", query[start.start() : iri.end()])
    return _view_iri(iri, query, namespace), query[: start.start()] + blank + query[iri.end() :]


def _view_iri(token: re.Match[str], query: str, namespace: str) -> str | None:
    """Of `<…/view/all>`, and of `view:all` where the query does not declare that prefix itself."""
    if token.lastgroup == "iri" and token[0].startswith(f"<{namespace}"):
        return token[0][1:-1]
    declared = re.search(r"PREFIX\s+view\s*:", query, re.IGNORECASE)
    if token.lastgroup == "name" and token[0].startswith("view:") and not declared:
        return namespace + token[0].removeprefix("view:").replace("\\/", "/")
    return None


def has_dataset_clause(query: str) -> bool:
    """Does the query name its own graphs with FROM? Then the default graph is not the union."""
    if "FROM" not in query.upper() and "\\" not in query:
        return False
    return any(t.lastgroup == "word" and "FROM" in t[0].upper() for t in _TOKEN.finditer(query))


def syntax_problem(query: str, line: int, column: int, message: str) -> str:
    """What stands at a position and what the parser would take, without its grammar's character classes."""
    listed = _CLASS.sub("", " ".join(message.split())).removeprefix("expected ").removeprefix("one of ")
    items = dict.fromkeys(match[0] for match in _EXPECTED.finditer(listed))
    if "Prefix not found" in items:
        return "a prefix that is not declared"
    if sentence := next((item for item in items if " " in item and not item.startswith('"')), None):
        return sentence
    lines = query.split("\n")[line - 1 :]
    start = _WORD_AROUND.search(lines[0], 0, column) if column <= len(lines[0]) else None
    rest = " ".join((lines[0][start.start() if start else column - 1 :], *lines[1:2])).split()
    found = repr(rest[0][:20]) if rest else "the end of the query"
    wanted = [item for item in items if item not in {"SERVICE", "unreported"}]
    if not wanted:
        return f"{found} found, which does not fit here"
    return f"{found} found, {'one of ' * (len(wanted) > 1)}{', '.join(wanted)} expected"


def position(text: str, offset: int) -> tuple[int, int]:
    """Line and column, from 1, of a character."""
    line = text.count("\n", 0, offset) + 1
    return line, offset - (text.rfind("\n", 0, offset) + 1) + 1


def _unescape(match: re.Match[str]) -> str:
    """Letters only: an escaped quotation mark ends no string for the engine."""
    code = int(match[1] or match[2], 16)
    return chr(code) if code < 0x80 and chr(code).isalpha() else match[0]
