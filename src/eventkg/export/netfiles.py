"""Networks as files of the tools that analysts use: one function a format."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import networkx as nx

from eventkg.export import gexf
from eventkg.export.cells import harmless
from eventkg.export.look import colour_of, edge_colour

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from eventkg.export.network import Graph

    Data = Mapping[str, Any]
    Rows = Iterable[Sequence[object]]

_EPOCH = (1980, 1, 1, 0, 0, 0)  # of the files in an archive, so that the same network gives the same bytes


def _gexf(network: Graph, version: str = "1.2") -> bytes:
    out = io.StringIO()
    gexf.write(network, out, version)
    return out.getvalue().encode()


def _graphml(network: Graph) -> bytes:
    out = io.BytesIO()
    nx.write_graphml(_ordered(network), out)
    return out.getvalue()


def _cytoscape(network: Graph) -> bytes:
    """Cytoscape JSON (cyjs): an `id` on nodes and edges, as its desktop and its library ask for."""
    elements = {
        "nodes": [{"data": {"id": node, **data}} for node, data in _nodes(network)],
        "edges": [
            {
                "data": {
                    "id": f"e{number}",
                    "source": source,
                    "target": target,
                    "interaction": data["role"],
                    **data,
                }
            }
            for number, (source, target, data) in enumerate(_edges(network))
        ],
    }
    return _json(
        {"format_version": "1.0", "generated_by": "eventkg", "data": _about(network), "elements": elements}
    )


def _node_link(network: Graph) -> bytes:
    return _json(nx.node_link_data(_ordered(network), edges="links"))


def _json(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n"


def _about(network: Graph) -> dict[str, str]:
    return {"name": network.graph.get("kind", "network"), **{k: str(v) for k, v in network.graph.items()}}


def _dot(network: Graph) -> bytes:
    """Graphviz: contested edges dashed and red."""
    lines = [
        "digraph eventkg {",
        "  graph [overlap=false splines=true];",
        "  node [style=filled fontcolor=white];",
    ]
    for node, data in _nodes(network):
        told = {
            "label": data["label"],
            "fillcolor": colour_of(data),
            "URL": node,
            "class": data.get("kind", ""),
        }
        lines.append(f"  {_dot_text(node)} [{_dot_pairs(told)}];")
    for source, target, data in _edges(network):
        style = "dashed" if data["contested"] else "solid"
        told = {"label": data["role"], "weight": data["weight"], "style": style, "color": edge_colour(data)}
        lines.append(f"  {_dot_text(source)} -> {_dot_text(target)} [{_dot_pairs(told)}];")
    return ("\n".join([*lines, "}"]) + "\n").encode("utf-8", "replace")


def _dot_pairs(told: Data) -> str:
    return " ".join(f"{name}={_dot_text(str(value))}" for name, value in told.items())


def _dot_text(text: str) -> str:
    """A quoted string: a backslash would begin one of Graphviz's own escapes."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "").replace("\n", "\\n") + '"'


def _pajek(network: Graph) -> bytes:
    """Pajek .net: arcs with their weights and roles; labels stand in quotes, which it cannot escape."""
    nodes = sorted(network)
    number = {node: index for index, node in enumerate(nodes, 1)}
    lines = [f"*Vertices {len(nodes)}"]
    lines += [f'{number[node]} "{_one_line(network.nodes[node]["label"])}"' for node in nodes]
    lines.append("*Arcs")
    lines += [
        f'{number[a]} {number[b]} {d["weight"]} l "{_one_line(d["role"])}"' for a, b, d in _edges(network)
    ]
    return ("\r\n".join(lines) + "\r\n").encode("utf-8", "replace")


def _one_line(text: str) -> str:
    return " ".join(text.replace('"', "'").split())


def _csv_tables(network: Graph) -> bytes:
    """A zip of nodes.csv and edges.csv with the column names that Gephi's import knows."""
    nodes, edges = _node_table(network, "Id", "Label"), _edge_table(network, "Source", "Target", "Weight")
    return _archive({"nodes.csv": _csv(*nodes), "edges.csv": _csv(*edges)})


def _node_table(network: Graph, *names: str) -> tuple[list[str], Rows]:
    columns = _columns((d for _, d in network.nodes(data=True)), {"label"})
    rows = ([node, data["label"], *(data.get(c, "") for c in columns)] for node, data in _nodes(network))
    return [*names, *columns], rows


def _edge_table(network: Graph, *names: str) -> tuple[list[str], Rows]:
    columns = _columns((d for *_, d in network.edges(data=True)), {"weight"})
    rows = ([s, t, data["weight"], *(data.get(c, "") for c in columns)] for s, t, data in _edges(network))
    return [*names, *columns], rows


def _columns(rows: Iterable[Data], without: set[str]) -> list[str]:
    return list(dict.fromkeys(name for data in rows for name in data if name not in without))


def _csv(header: Sequence[str], rows: Rows) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8", "replace")


_NEO4J_TYPES = {bool: "boolean", int: "long", float: "double", str: "string"}


def _neo4j(network: Graph) -> bytes:
    """A zip for `neo4j-admin database import`: typed headers, nodes with labels, relationships with types.

    Source: Neo4j Operations Manual, "Import", CSV header format.
    """
    node_columns = _columns((d for _, d in network.nodes(data=True)), set())
    edge_columns = _columns((d for *_, d in network.edges(data=True)), {"role"})
    node_types, edge_types = (
        _types(d for _, d in network.nodes(data=True)),
        _types(d for *_, d in network.edges(data=True)),
    )
    nodes = (
        [node, f"{data.get('bipartite', 'actor').title()};{_word(data.get('kind') or 'Thing')}"]
        + [_neo4j_value(data.get(name, "")) for name in node_columns]
        for node, data in _nodes(network)
    )
    edges = (
        [
            source,
            target,
            _word(data["role"]).upper(),
            *(_neo4j_value(data.get(name, "")) for name in edge_columns),
        ]
        for source, target, data in _edges(network)
    )
    return _archive(
        {
            "nodes.csv": _csv(["iri:ID", ":LABEL", *(f"{n}:{node_types[n]}" for n in node_columns)], nodes),
            "relationships.csv": _csv(
                [":START_ID", ":END_ID", ":TYPE", *(f"{n}:{edge_types[n]}" for n in edge_columns)], edges
            ),
            "import.txt": _NEO4J_COMMAND.encode(),
        }
    )


_NEO4J_COMMAND = (
    "neo4j-admin database import full neo4j --nodes=nodes.csv --relationships=relationships.csv "
    "--multiline-fields=true\n"
)


def _types(rows: Iterable[Data]) -> dict[str, str]:
    types: dict[str, str] = {}
    for data in rows:
        for name, value in data.items():
            kind = _NEO4J_TYPES[type(value)]
            types[name] = kind if types.get(name, kind) == kind else "string"
    return types


def _neo4j_value(value: object) -> object:
    return ("true" if value else "false") if isinstance(value, bool) else value


def _word(text: str) -> str:
    """A label or type that needs no quotes in Cypher."""
    word = "".join(letter if letter.isalnum() and letter.isascii() else "_" for letter in text)
    return word if word[:1].isalpha() else f"_{word}"


def _archive(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _nodes(network: Graph) -> list[tuple[str, Data]]:
    return sorted(((node, network.nodes[node]) for node in network), key=lambda node: node[0])


def _edges(network: Graph) -> list[tuple[str, str, Data]]:
    return sorted(network.edges(data=True), key=lambda edge: (edge[0], edge[1], edge[2]["role"]))


def _ordered(network: Graph) -> Graph:
    """The same network with nodes and edges in the order of their names."""
    made: Graph = nx.MultiDiGraph(**network.graph)
    for node, data in _nodes(network):
        made.add_node(node, **data)
    for source, target, told in _edges(network):
        made.add_edge(source, target, key=told["role"], **told)
    return made


# format -> (extension, writer)
FORMATS: dict[str, tuple[str, Callable[[Graph], bytes]]] = {
    "gexf": (".gexf", _gexf),
    "graphml": (".graphml", _graphml),
    "cytoscape": (".cyjs", _cytoscape),
    "node-link": (".json", _node_link),
    "dot": (".dot", _dot),
    "pajek": (".net", _pajek),
    "edges": (".zip", _csv_tables),
    "neo4j": (".zip", _neo4j),
}


def write(network: Graph, form: str) -> bytes:
    """The network in a format of `FORMATS`: the same network gives the same bytes."""
    return FORMATS[form][1](network)
