"""openCypher statements: every one parses by a published grammar, and the text in them is what it was."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest
from antlr4 import CommonTokenStream, InputStream
from antlr4.error.ErrorListener import ErrorListener
from antlr4_cypher import CypherLexer, CypherParser
from tests.export.networks import HOSTILE, network, part

from eventkg.export import netfiles
from eventkg.export.about import About
from eventkg.export.network import clean

if TYPE_CHECKING:
    from eventkg import KnowledgeGraph

SHORT = {"n": "\n", "r": "\r", "t": "\t"}


class Complaints(ErrorListener):  # type: ignore[misc]
    def __init__(self) -> None:
        self.found: list[str] = []

    def syntaxError(self, recognizer, symbol, line, column, message, problem) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001, ARG002, N802
        self.found.append(f"{line}:{column}: {message}")


def complaints(statement: str) -> list[str]:
    """What a parser made from the openCypher grammar finds wrong."""
    heard = Complaints()
    lexer = CypherLexer(InputStream(statement))
    parser = CypherParser(CommonTokenStream(lexer))
    for part_ in (lexer, parser):
        part_.removeErrorListeners()
        part_.addErrorListener(heard)
    parser.script()
    return heard.found


def statements(script: str) -> list[str]:
    lines = [line for line in script.splitlines() if not line.startswith("//")]
    return [text for text in "\n".join([*lines, ""]).split(";\n") if text.strip()]


def written(graph: Any) -> str:
    return netfiles.write(graph, "cypher").decode()


def unescaped(literal: str) -> str:
    """The text of a literal as openCypher reads it."""

    def meant(found: re.Match[str]) -> str:
        return chr(int(found[1], 16)) if found[1] else SHORT.get(found[2], found[2])

    return re.sub(r"\\(?:u([0-9a-f]{4})|(.))", meant, literal)


@pytest.mark.parametrize("text", ["CREATE (n:X {a: 'it's'})", "MERG (n)", "UNWIND [{a: 1] AS row"])
def test_the_grammar_finds_mistakes(text: str) -> None:
    assert complaints(text)


@pytest.mark.parametrize("kind", ["actor-actor", "actor-event", "event-place", "claims"])
def test_every_statement_parses_and_every_node_and_edge_is_in_one(kind: str, kg: KnowledgeGraph) -> None:
    graph = kg.to_networkx(kind)
    script = written(graph)
    for statement in statements(script):
        assert complaints(statement) == []
    assert len(re.findall(r"\{iri: '", script)) == len(graph)
    assert len(re.findall(r"\{source: '", script)) == graph.number_of_edges()
    types = {data["role"].upper() for *_, data in graph.edges(data=True)}
    assert set(re.findall(r"MERGE \(a\)-\[r:(\w+)\]->\(b\)", script)) == types


@pytest.mark.parametrize("label", HOSTILE)
def test_any_label_parses_and_comes_back(label: str) -> None:
    graph = network(part(), label=HOSTILE[label])
    script = written(graph)
    for statement in statements(script):
        assert complaints(statement) == []
    (literal,) = re.findall(r"iri: 'urn:a', label: '((?:[^'\\]|\\.)*)'", script)
    assert (
        unescaped(literal) == clean(HOSTILE[label]).encode("utf-8", "replace").decode() or not HOSTILE[label]
    )


def test_a_backslash_before_a_u_is_not_taken_for_an_escape_even_by_those_who_read_twice() -> None:
    script = written(network(part(), label="C:\\u0027"))
    assert "'C:\\\\\\u00750027'" in script
    assert unescaped("C:\\\\\\u00750027") == "C:\\u0027"


def test_what_is_told_about_it_cannot_end_its_comment() -> None:
    data = netfiles.write(network(), "cypher", About("urn:v", title="one\nMATCH (n) DETACH DELETE n;"))
    assert statements(data.decode()) == []


def test_large_networks_are_many_statements() -> None:
    graph = network(*(part(f"a{n}", "e") for n in range(1200)))
    assert len(statements(written(graph))) == 1 + 3 + 3
    assert isinstance(graph, nx.MultiDiGraph)
