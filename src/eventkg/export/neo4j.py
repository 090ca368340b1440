"""Networks for property graphs: tables for Neo4j's bulk import, and statements in openCypher.

Source: Neo4j Operations Manual, "Import", CSV header format; openCypher 9, "Literals".
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from eventkg.export.network import clean
from eventkg.export.packing import archive, columns_of, csv_file, edges_of, nodes_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from eventkg.export.about import About
    from eventkg.export.network import Graph
    from eventkg.export.packing import Data

_TYPES = {bool: "boolean", int: "long", float: "double", str: "string"}
_COMMAND = (
    "neo4j-admin database import full neo4j --nodes=nodes.csv --relationships=relationships.csv "
    "--multiline-fields=true\n"
)
_ROWS = 500  # of a statement
_ESCAPED = re.compile("[\\\\'\x00-\x1f\x7f-\x9f\u2028\u2029]")
_SHORT = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def tables(network: Graph, about: About) -> bytes:
    """A zip for `neo4j-admin database import`: typed headers, nodes with labels, relationships with types."""
    node_columns = columns_of((d for _, d in network.nodes(data=True)), set())
    edge_columns = columns_of((d for *_, d in network.edges(data=True)), {"role"})
    node_types = _types(d for _, d in network.nodes(data=True))
    edge_types = _types(d for *_, d in network.edges(data=True))
    nodes = (
        [node, ";".join(_labels(data)), *(_cell(data.get(name, "")) for name in node_columns)]
        for node, data in nodes_of(network)
    )
    edges = (
        [source, target, _kind(data), *(_cell(data.get(name, "")) for name in edge_columns)]
        for source, target, data in edges_of(network)
    )
    starts = [":START_ID", ":END_ID", ":TYPE"]
    return archive(
        {
            "nodes.csv": csv_file(
                ["iri:ID", ":LABEL", *(f"{n}:{node_types[n]}" for n in node_columns)], nodes
            ),
            "relationships.csv": csv_file([*starts, *(f"{n}:{edge_types[n]}" for n in edge_columns)], edges),
            "import.txt": _COMMAND.encode(),
            "about.json": about.document(),
        }
    )


def _types(rows: Iterable[Data]) -> dict[str, str]:
    types: dict[str, str] = {}
    for data in rows:
        for name, value in data.items():
            kind = _TYPES[type(value)]
            types[name] = kind if types.get(name, kind) == kind else "string"
    return types


def _cell(value: object) -> object:
    return ("true" if value else "false") if isinstance(value, bool) else value


def _labels(data: Data) -> tuple[str, str]:
    return data.get("bipartite", "actor").title(), _word(data.get("kind") or "Thing")


def _kind(data: Data) -> str:
    return _word(data["role"]).upper()


def _word(text: str) -> str:
    """A label or type that needs no quotes in Cypher."""
    word = "".join(letter if letter.isalnum() and letter.isascii() else "_" for letter in text)
    return word if word[:1].isalpha() else f"_{word}"


def statements(network: Graph, about: About) -> bytes:
    """openCypher, some hundred nodes or relationships a statement; run twice it changes nothing more.

    Every node has the label Thing and its `iri`; a relationship is named by its ends and its type.
    """
    lines = [f"// {clean(line)}" for line in about.lines()]
    lines.append("// Neo4j is faster after: CREATE INDEX thing FOR (n:Thing) ON (n.iri);")
    lines += [*_nodes(network), *_relationships(network)]
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")


def _nodes(network: Graph) -> Iterator[str]:
    by_labels: dict[tuple[str, str], list[str]] = defaultdict(list)
    for node, data in nodes_of(network):
        by_labels[_labels(data)].append(_map({"iri": node, **data}))
    for labels, rows in sorted(by_labels.items()):
        for part in _parts(rows):
            yield f"UNWIND [{part}] AS row"
            yield f"MERGE (n:Thing {{iri: row.iri}}) SET n:{':'.join(labels)} SET n = row;"


def _relationships(network: Graph) -> Iterator[str]:
    by_type: dict[str, list[str]] = defaultdict(list)
    for source, target, data in edges_of(network):
        ends = f"source: {_literal(source)}, target: {_literal(target)}"
        by_type[_kind(data)].append(f"{{{ends}, told: {_map(data)}}}")
    for name, rows in sorted(by_type.items()):
        for part in _parts(rows):
            yield f"UNWIND [{part}] AS row"
            yield "MATCH (a:Thing {iri: row.source}), (b:Thing {iri: row.target})"
            yield f"MERGE (a)-[r:{name}]->(b) SET r = row.told;"


def _parts(rows: list[str]) -> Iterator[str]:
    for first in range(0, len(rows), _ROWS):
        yield ",\n  ".join(rows[first : first + _ROWS])


def _map(data: Mapping[str, object]) -> str:
    return "{" + ", ".join(f"{_word(name)}: {_literal(value)}" for name, value in data.items()) + "}"


def _literal(value: object) -> str:
    """Text in single quotes; a number or truth value as it is."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    return f"'{_ESCAPED.sub(_escape, clean(str(value))).replace(_READ_TWICE, _ONCE)}'"


def _escape(found: re.Match[str]) -> str:
    return _SHORT.get(found[0]) or f"\\u{ord(found[0]):04x}"


# Some readers resolve numbered escapes before they read anything else, even after a backslash of its own.
_READ_TWICE, _ONCE = "\\\\u", "\\\\\\u0075"
