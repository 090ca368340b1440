"""GraphML, streamed: networkx's writer builds the whole tree first, which takes five times as long.

Source: the GraphML primer and its schema of attributes, graphml.graphdrawing.org.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TextIO
from xml.sax.saxutils import escape

from eventkg.export.gexf import quoted
from eventkg.export.network import clean
from eventkg.export.packing import edges_of, nodes_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from eventkg.export.network import Graph

    Data = Mapping[str, Any]
    Columns = dict[str, tuple[str, str]]  # attribute -> the id of its key, its type

_TYPES = {bool: "boolean", int: "long", float: "double", str: "string"}
_SPACE = "http://graphml.graphdrawing.org/xmlns"


def write(network: Graph, out: TextIO, facts: Mapping[str, str]) -> None:
    """Write a network whose attributes are of one type for each name; `facts` are data of the graph."""
    nodes, edges = nodes_of(network), edges_of(network)
    graph = {name: value if type(value) in _TYPES else str(value) for name, value in network.graph.items()}
    told = {**graph, **facts}
    columns = {
        "node": _columns("n", (data for _, data in nodes)),
        "edge": _columns("e", (data for *_, data in edges)),
        "graph": _columns("g", [told]),
    }
    out.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="{_SPACE}">\n')
    for part, known in columns.items():
        out.writelines(
            f'<key id="{key}" for="{part}" attr.name={quoted(name)} attr.type="{kind}"/>\n'
            for name, (key, kind) in known.items()
        )
    out.write('<graph edgedefault="directed">\n')
    out.writelines(f"<node id={quoted(node)}>{_data(data, columns['node'])}</node>\n" for node, data in nodes)
    out.writelines(
        f'<edge id="e{number}" source={quoted(source)} target={quoted(target)}>'
        f"{_data(data, columns['edge'])}</edge>\n"
        for number, (source, target, data) in enumerate(edges)
    )
    out.write(f"{_data(told, columns['graph'])}\n</graph>\n</graphml>\n")


def _columns(prefix: str, rows: Iterable[Data]) -> Columns:
    types = {name: _TYPES[type(value)] for data in rows for name, value in data.items()}
    return {name: (f"{prefix}{number}", kind) for number, (name, kind) in enumerate(types.items())}


def _data(data: Data, columns: Columns) -> str:
    return "".join(f'<data key="{columns[name][0]}">{_text(value)}</data>' for name, value in data.items())


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return escape(clean(value)) if isinstance(value, str) else str(value)
