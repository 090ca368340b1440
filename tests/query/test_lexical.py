"""What is refused before a worker sees it, and what is not."""

from __future__ import annotations

import contextlib
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventkg.errors import QueryError, QueryTooDeepError
from eventkg.query import lexical
from eventkg.query.lexical import MAX_DEPTH, MAX_LENGTH, check_query, position, syntax_problem

# The engine reads every one of these as its SERVICE, or would after the escapes of SPARQL 1.1, section 19.2.
SERVICES = {
    "plain": "SELECT * { SERVICE <@> { ?s ?p ?o } }",
    "lower case": "SELECT * { service <@> { ?s ?p ?o } }",
    "mixed case": "SELECT * { sErViCe <@> { ?s ?p ?o } }",
    "silent": "SELECT * { SERVICE SILENT <@> { ?s ?p ?o } }",
    "silent, glued": "SELECT * { SERVICESILENT<@> { ?s ?p ?o } }",
    "no space": "SELECT*{SERVICE<@>{?s?p?o}}",
    "after a dot": "SELECT * { ?a ?b ?c.SERVICE <@> { ?s ?p ?o } }",
    "after a number": "SELECT * { OPTIONAL { ?a ?b 5SERVICE <@> { ?s ?p ?o } } }",
    "after a double": "SELECT * { OPTIONAL { ?a ?b 1e5SERVICE <@> { ?s ?p ?o } } }",
    "after a boolean": "SELECT * { OPTIONAL { ?a ?b trueSERVICE <@> { ?s ?p ?o } } }",
    "after a language": "SELECT * { OPTIONAL { ?a ?b 'x'@en.SERVICE <@> { ?s ?p ?o } } }",
    "after a string": "SELECT * { OPTIONAL { ?a ?b '''x'''SERVICE <@> { ?s ?p ?o } } }",
    "after a bare prefix": "PREFIX ex: <urn:> SELECT * { OPTIONAL { ?a ?b ex:.SERVICE <@> { ?s ?p ?o } } }",
    "after a path": "SELECT * { ?a <urn:p>?true.SERVICE <@> { ?s ?p ?o } }",
    "after a bracket": "SELECT * { BIND(1 AS ?x)SERVICE<@>{ ?s ?p ?o } }",
    "after a collection": "SELECT * { OPTIONAL { ?a a()SERVICE<@>{ ?s ?p ?o } } }",
    "after a comment": "SELECT * { # SERVICE is next\nSERVICE <@> { ?s ?p ?o } }",
    "comment in between": "SELECT * { SERVICE # to whom\n <@> { ?s ?p ?o } }",
    "after an escape in an IRI": "SELECT * { OPTIONAL { ?a <urn:\\u0041#> 5 . SERVICE <@> { ?s ?p ?o } } }",
    "after a slash in an IRI": "SELECT * { OPTIONAL { ?a <urn:b\\u002F#> 5 . SERVICE <@> { ?s ?p ?o } } }",
    "prefixed": "PREFIX e: <@> SELECT * { SERVICE e:x { ?s ?p ?o } }",
    "prefixed, glued": "PREFIX e: <@> SELECT * { SERVICEe:x { ?s ?p ?o } }",
    "empty prefix, glued": "PREFIX : <@> SELECT * { SERVICE:x { ?s ?p ?o } }",
    "that looks like a name": "PREFIX service: <urn:> PREFIX : <@> SELECT * { service:x { ?s ?p ?o } }",
    "glued on both sides": "PREFIX e: <@> SELECT * { OPTIONAL { ?a ?b 1.SERVICEe:x{ ?s ?p ?o } } }",
    "in what looks like an IRI": "PREFIX e: <@> SELECT * { FILTER(1<2)SERVICEe:x#>\n{ ?s ?p ?o } }",
    "variable, same": "SELECT * { VALUES ?s { <@> } FILTER(1<2)SERVICE?s#>\n{ ?s ?p ?o } }",
    "after a compared string": "ASK { FILTER(?a<'b>')SERVICE<@>{ ?s ?p ?o } }#'",
    "after a commented comparison": "ASK { FILTER(?a<?b#> '''\n)SERVICE<@>{ ?s ?p ?o } }#'''",
    "by a variable": "SELECT * { VALUES ?s { <@> } SERVICE ?s { ?s ?p ?o } }",
    "in a CONSTRUCT": "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <@> { ?s ?p ?o } }",
    "in a DESCRIBE": "DESCRIBE ?s { SERVICE <@> { ?s ?p ?o } }",
    "in a FILTER": "ASK { FILTER EXISTS { SERVICE <@> { ?s ?p ?o } } }",
    "in a LATERAL": "SELECT * { LATERAL { SERVICE <@> { ?s ?p ?o } } }",
    "escaped": "SELECT * { \\u0053ERVICE <@> { ?s ?p ?o } }",
    "escaped in eight digits": "SELECT * { \\U00000053ERVICE <@> { ?s ?p ?o } }",
}
INNOCENT = {
    "string": "SELECT ('SERVICE' AS ?x) (\"LOAD\" AS ?y) { }",
    "long string": 'SELECT ("""a "SERVICE" <urn:x> { LOAD""" AS ?x) { }',
    "long string with apostrophes": "SELECT ('''it's ''SERVICE'' <urn:x> {''' AS ?x) { }",
    "escaped quotation mark": 'SELECT ("\\" SERVICE " AS ?x) { }',
    "escaped quotation mark by number": 'SELECT ("\\u0022 SERVICE " AS ?x) { }',
    "comment": "ASK { } # SERVICE <urn:x> { LOAD <urn:y>",
    "IRI": "ASK { ?s <http://example.org/SERVICE> <http://example.org/(a)/service#x> }",
    "IRI with brackets": "ASK { ?s ?p <http://example.org/wiki/Foo_(army)_service> }",
    "prefixed name": "PREFIX ex: <urn:> ASK { ?s ex:SERVICE ex:load }",
    "prefixed name with escapes": "PREFIX ex: <urn:> ASK { ?s ex:a\\/SERVICE ex:a%20LOAD }",
    "prefix": "PREFIX service: <urn:> ASK { ?s service:x service:y . { ?a ?b ?c } }",
    "prefix of a graph": "PREFIX service: <urn:> ASK { GRAPH service:x { ?s ?p ?o } }",
    "variable": "SELECT ?service $LOAD { ?service ?p $LOAD { ?service ?a ?b } }",
    "language": "SELECT ('x'@en-SERVICE AS ?x) { }",
    "comparisons": "ASK { ?s ?p ?o FILTER(?s<?o && ?o>?p || ?o<'x') } # SERVICE",
    "comment on a clause": "PREFIX a: <urn:a#> ASK { ?s a:b ?o } # SERVICE <urn:x> { ?s ?p ?o }",
    "blank node": "ASK { _:SERVICE ?p _:LOAD }",
}


@pytest.mark.parametrize("query", SERVICES.values(), ids=SERVICES.keys())
def test_service_is_refused_however_it_is_spelt(query: str) -> None:
    with pytest.raises(QueryError, match="SERVICE would send a request to another host; not allowed here"):
        check_query(query.replace("@", "http://127.0.0.1:9/"))


@pytest.mark.parametrize("query", INNOCENT.values(), ids=INNOCENT.keys())
def test_a_word_that_only_looks_like_service_or_load_is_not_refused(query: str) -> None:
    check_query(query)


@pytest.mark.parametrize("query", ["LOAD <urn:x>", "load silent <urn:x>", "CLEAR ALL; \\u004cOAD <urn:x>"])
def test_load_is_refused(query: str) -> None:
    with pytest.raises(QueryError, match="LOAD would fetch a document"):
        check_query(query)


def test_a_refusal_says_where() -> None:
    with pytest.raises(QueryError, match=r"^query: line 2, column 3: SERVICE") as refused:
        check_query("SELECT * {\n  SERVICE <urn:x> { } }")
    assert (refused.value.line, refused.value.column) == (2, 3)


@pytest.mark.parametrize(("opening", "closing"), ["()", "{}", "[]"])
def test_brackets_are_counted_before_the_parser_sees_them(opening: str, closing: str) -> None:
    check_query(opening * MAX_DEPTH + closing * MAX_DEPTH)
    with pytest.raises(QueryTooDeepError, match=f"more than {MAX_DEPTH} nested brackets"):
        check_query(opening * (MAX_DEPTH + 1))


def test_brackets_in_strings_comments_and_iris_do_not_count() -> None:
    many = "(" * 500
    check_query(f"SELECT ('{many}' AS ?x) {{ }} # {many}\n# <urn:{many}>")
    check_query(f"ASK {{ ?s <urn:{many}> ?o }}")


@pytest.mark.parametrize("text", ['"', "'", '"""x""', "'x\n'", '"x\n"', '"\\"', '"""a"" ""'])
def test_a_string_that_does_not_end_is_refused_where_it_begins(text: str) -> None:
    with pytest.raises(QueryError, match=r"line 1, column 9: a string that does not end"):
        check_query(f"SELECT ({text}")


@pytest.mark.parametrize("query", ["", " \n\t"])
def test_an_empty_query_is_refused(query: str) -> None:
    with pytest.raises(QueryError, match="nothing found, a SPARQL query expected"):
        check_query(query)


def test_a_query_too_long_is_refused() -> None:
    check_query("#" * MAX_LENGTH)
    with pytest.raises(QueryError, match="1,000,001 characters found, at most 1,000,000 expected"):
        check_query("#" * (MAX_LENGTH + 1))


@pytest.mark.parametrize(
    "piece",
    ["a.", "<", "<a", '"', "'", '"""', "'''", "\\", '"\\', "a:", "?", "_:", "@a", "\\u0053", "a.a ",
     "service:x ", '\\"""x\n', "SERVICE", "ASERVICE:", "<'>:service ", "<''> SERVICE#\n", '"" '],
)  # fmt: skip
@pytest.mark.slow
def test_no_query_makes_the_check_slow(piece: str) -> None:
    started = time.process_time()
    with contextlib.suppress(QueryError):
        check_query(piece * (MAX_LENGTH // len(piece)))
    assert time.process_time() - started < 10


@given(st.text(alphabet=st.sampled_from("SERVICE servicLOAD<>(){}?:.#'\"\\@ \n") | st.characters()))
def test_the_check_raises_nothing_but_query_errors(text: str) -> None:
    with contextlib.suppress(QueryError):
        check_query(text)


@given(st.text())
def test_a_literal_is_never_refused(text: str) -> None:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    check_query(f'SELECT ("{escaped}" AS ?x) {{ }}')


@pytest.mark.parametrize(
    ("query", "names_graphs"),
    [
        ("SELECT * FROM <urn:g> { ?s ?p ?o }", True),
        ("ask from named <urn:g> { }", True),
        ("ASKFROM<urn:g>{ }", True),
        ("SELECT * { ?from ?p 'FROM' } # FROM", False),
        ("PREFIX from: <urn:> ASK { ?s from:a <urn:FROM> }", False),
    ],
)
def test_from_is_told_from_what_looks_like_it(query: str, names_graphs: bool) -> None:
    assert lexical.has_dataset_clause(query) is names_graphs


@pytest.mark.parametrize(
    ("offset", "line", "column"), [(0, 1, 1), (2, 1, 3), (3, 1, 4), (4, 2, 1), (5, 3, 1), (6, 3, 2)]
)
def test_line_and_column_count_from_one(offset: int, line: int, column: int) -> None:
    assert position("abc\n\nxy", offset) == (line, column)


@given(st.text(), st.integers(min_value=0, max_value=200))
def test_a_position_is_where_splitting_into_lines_finds_it(text: str, offset: int) -> None:
    offset = min(offset, len(text))
    line, column = position(text, offset)
    lines = text[:offset].split("\n")
    assert (line, column) == (len(lines), len(lines[-1]) + 1)


@pytest.mark.parametrize(
    ("query", "column", "message", "said"),
    [
        ("ASK { ) }", 7, 'expected one of ".", "}", [_]', '\')\' found, one of ".", "}" expected'),
        ("ASK", 4, 'expected one of "{", [\' \' | \'\\t\']', "the end of the query found, \"{\" expected"),
        ("SELEC ?x", 3, "expected [_]", "'SELEC' found, which does not fit here"),
        ("ASK { a skos:x }", 10, "expected OPTIONAL", "'skos:x' found, OPTIONAL expected"),
        ("ASK {", 6, "expected one of SERVICE, [_]", "the end of the query found, which does not fit here"),
        ("x", 1, "expected one of Prefix not found, [':']", "a prefix that is not declared"),
        ("x", 1, "expected one of Duplicated variable name, [_]", "Duplicated variable name"),
    ],
)  # fmt: skip
def test_a_syntax_error_says_what_was_found_and_expected(
    query: str, column: int, message: str, said: str
) -> None:
    assert syntax_problem(query, 1, column, message) == said
    assert re.search(r"SERVICE", said) is None


PIECES = st.sampled_from(
    ["SELECT", " ", "{", "}", "(", "[", "<urn:a>", "'", '"', "\\u0053ERVICE", "service", "LOAD", "clear", "x"]
)


@given(st.lists(PIECES, max_size=12).map("".join), st.sampled_from([0, MAX_DEPTH - 1, MAX_DEPTH, 4000]))
def test_a_query_that_need_not_be_taken_apart_would_pass(query: str, depth: int) -> None:
    query = "(" * depth + "ASK" + query

    def verdict() -> str:
        try:
            check_query(query)
        except QueryError as error:
            return str(error)
        return ""

    quickly = verdict()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lexical, "_is_harmless", lambda _: False)
        assert verdict() == quickly
