"""Networks as files of the tools that analysts use: one function a format."""

from __future__ import annotations

import io
import json
from functools import partial
from typing import TYPE_CHECKING, Any

import networkx as nx

from eventkg.export import gexf, graphml, neo4j
from eventkg.export.about import About
from eventkg.export.look import colour_of, edge_colour
from eventkg.export.network import clean
from eventkg.export.packing import archive, columns_of, csv_file, edges_of, flat, nodes_of, ordered
from eventkg.model.naming import DEFAULT_POLICY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from eventkg.export.network import Graph

    Data = Mapping[str, Any]
    Rows = Iterable[Sequence[object]]


def _gexf(network: Graph, about: About, version: str = "1.2") -> bytes:
    out = io.StringIO()
    gexf.write(network, out, version, about.lines())
    return out.getvalue().encode()


def _graphml(network: Graph, about: About) -> bytes:
    """What the file is stands as data of the graph."""
    out = io.StringIO()
    graphml.write(network, out, about.facts())
    return out.getvalue().encode()


def _cytoscape(network: Graph, about: About) -> bytes:
    """Cytoscape JSON (cyjs): an `id` on nodes and edges, as its desktop and its library ask for."""
    elements = {
        "nodes": [{"data": {"id": node, **data}} for node, data in nodes_of(network)],
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
            for number, (source, target, data) in enumerate(edges_of(network))
        ],
    }
    data = {"name": network.graph.get("kind", "network"), **about.facts(), "about": about.members()}
    return _json({"format_version": "1.0", "generated_by": "eventkg", "data": data, "elements": elements})


def _node_link(network: Graph, about: About) -> bytes:
    made = ordered(network)
    made.graph["about"] = about.members()
    return _json(nx.node_link_data(made, edges="links"))


def _json(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n"


def _dot(network: Graph, about: About) -> bytes:
    """Graphviz: contested edges dashed and red."""
    lines = [
        *(f"// {clean(line)}" for line in about.lines()),
        "digraph eventkg {",
        "  graph [overlap=false splines=true];",
        "  node [style=filled fontcolor=white];",
    ]
    for node, data in nodes_of(network):
        told = {
            "label": data["label"],
            "fillcolor": colour_of(data),
            "URL": node,
            "class": data.get("kind", ""),
        }
        lines.append(f"  {_dot_text(node)} [{_dot_pairs(told)}];")
    for source, target, data in edges_of(network):
        style = "dashed" if data["contested"] else "solid"
        told = {"label": data["role"], "weight": data["weight"], "style": style, "color": edge_colour(data)}
        lines.append(f"  {_dot_text(source)} -> {_dot_text(target)} [{_dot_pairs(told)}];")
    return ("\n".join([*lines, "}"]) + "\n").encode("utf-8", "replace")


def _dot_pairs(told: Data) -> str:
    return " ".join(f"{name}={_dot_text(str(value))}" for name, value in told.items())


def _dot_text(text: str) -> str:
    """A quoted string: a backslash would begin one of Graphviz's own escapes."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "").replace("\n", "\\n") + '"'


def _pajek(network: Graph, _: About) -> bytes:
    """Pajek .net: arcs with their weights and roles; labels stand in quotes, which it cannot escape."""
    nodes = sorted(network)
    number = {node: index for index, node in enumerate(nodes, 1)}
    lines = [f"*Vertices {len(nodes)}"]
    lines += [f'{number[node]} "{_one_line(network.nodes[node]["label"])}"' for node in nodes]
    lines.append("*Arcs")
    lines += [
        f'{number[a]} {number[b]} {d["weight"]} l "{_one_line(d["role"])}"' for a, b, d in edges_of(network)
    ]
    return ("\r\n".join(lines) + "\r\n").encode("utf-8", "replace")


def _one_line(text: str) -> str:
    return " ".join(text.replace('"', "'").split())


def _csv_tables(network: Graph, about: About) -> bytes:
    """A zip of nodes.csv and edges.csv with the column names that Gephi's import knows."""
    nodes, edges = _node_table(network, "Id", "Label"), _edge_table(network, "Source", "Target", "Weight")
    return archive(
        {"nodes.csv": csv_file(*nodes), "edges.csv": csv_file(*edges), "about.json": about.document()}
    )


def _node_table(network: Graph, *names: str) -> tuple[list[str], Rows]:
    columns = columns_of((d for _, d in network.nodes(data=True)), {"label"})
    rows = ([node, data["label"], *(data.get(c, "") for c in columns)] for node, data in nodes_of(network))
    return [*names, *columns], rows


def _edge_table(network: Graph, *names: str) -> tuple[list[str], Rows]:
    columns = columns_of((d for *_, d in network.edges(data=True)), {"weight"})
    rows = ([s, t, data["weight"], *(data.get(c, "") for c in columns)] for s, t, data in edges_of(network))
    return [*names, *columns], rows


# format -> (extension, writer)
FORMATS: dict[str, tuple[str, Callable[[Graph, About], bytes]]] = {
    "gexf": (".gexf", _gexf),
    "gexf13": (".gexf", partial(_gexf, version="1.3")),
    "graphml": (".graphml", _graphml),
    "cytoscape": (".cyjs", _cytoscape),
    "node-link": (".json", _node_link),
    "dot": (".dot", _dot),
    "pajek": (".net", _pajek),
    "edges": (".zip", _csv_tables),
    "neo4j": (".zip", neo4j.tables),
    "cypher": (".cypher", neo4j.statements),
}
_WITHOUT_ROOM = {"pajek"}  # for what a file says about itself


def write(network: Graph, form: str, about: About | None = None) -> bytes:
    """The network in a format of `FORMATS`, with what is told about it: the same gives the same bytes."""
    told = about or About(str(network.graph.get("view", DEFAULT_POLICY)))
    return FORMATS[form][1](flat(network), told)


def beside(form: str, about: About) -> bytes | None:
    """A file to stand beside one whose format has no room for what is told about it."""
    return about.document() if form in _WITHOUT_ROOM else None
