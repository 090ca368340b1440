"""GEXF for Gephi, streamed: attributes, colours and sizes, and days for its timeline.

networkx's own writer marks text dates as timeformat "string", which GEXF does not know, and builds the whole
tree in memory; this one writes 1.2draft (Gephi up to 0.10 reads it best) or 1.3.
Source: the GEXF primer and schemas of gexf.net, 1.2draft and 1.3.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TextIO
from xml.sax.saxutils import escape, quoteattr

from eventkg.export.look import colour_of, rgb, size_of
from eventkg.export.network import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from eventkg.export.network import Graph

    Data = Mapping[str, Any]

VERSIONS = {
    "1.2": ("http://www.gexf.net/1.2draft", "1.2", "http://www.gexf.net/1.2draft/viz"),
    "1.3": ("http://gexf.net/1.3", "1.3", "http://gexf.net/1.3/viz"),
}
_TYPES = {bool: "boolean", int: "integer", float: "double", str: "string"}
_OWN = {"label", "first", "last", "weight"}  # GEXF has words of its own for these


def write(network: Graph, out: TextIO, version: str = "1.2", description: Sequence[str] = ()) -> None:
    """Write a network; nodes in the order of their IRIs. The description is for a person, line by line."""
    namespace, number, viz = VERSIONS[version]
    nodes, edges = (
        _columns(d for _, d in network.nodes(data=True)),
        _columns(d for *_, d in network.edges(data=True)),
    )
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    out.write(f'<gexf xmlns="{namespace}" xmlns:viz="{viz}" version="{number}">\n')
    notes = _text("\n".join(description))
    out.write(f"<meta><creator>eventkg</creator><description>{notes}</description></meta>\n")
    dated = any("first" in data for _, data in network.nodes(data=True))
    out.write('<graph defaultedgetype="directed" idtype="string"')
    out.write(' mode="dynamic" timeformat="date">\n' if dated else ' mode="static">\n')
    _declare("node", nodes, out)
    _declare("edge", edges, out)
    out.write("<nodes>\n")
    for node in sorted(network):
        _node(node, network.nodes[node], nodes, out)
    out.write("</nodes>\n<edges>\n")
    for identifier, edge in enumerate(sorted(network.edges(data=True), key=_order)):
        _edge(identifier, edge, edges, out)
    out.write("</edges>\n</graph>\n</gexf>\n")


def _text(value: str) -> str:
    return escape(clean(value))


def _order(edge: tuple[str, str, Data]) -> tuple[str, str, str]:
    return edge[0], edge[1], str(edge[2].get("role", ""))


def _columns(rows: Iterable[Data]) -> dict[str, str]:
    """The type of every attribute: text where values differ in type."""
    types: dict[str, str] = {}
    for data in rows:
        for name, value in data.items():
            if name not in _OWN:
                kind = _TYPES[type(value)]
                types[name] = kind if types.get(name, kind) == kind else "string"
    return types


def _declare(cls: str, columns: dict[str, str], out: TextIO) -> None:
    if columns:
        out.write(f'<attributes class="{cls}">\n')
        out.writelines(
            f"<attribute id={quoted(name)} title={quoted(name)} type={quoted(kind)}/>\n"
            for name, kind in columns.items()
        )
        out.write("</attributes>\n")


def quoted(value: object) -> str:
    """An attribute's value, with its quotation marks."""
    if isinstance(value, str):
        return f'"{value}"' if _PLAIN(value) else quoteattr(clean(value))
    if isinstance(value, bool):
        return '"true"' if value else '"false"'
    return f'"{value}"'


_PLAIN = re.compile(r"[\w .,:;/#%()?=+-]*", re.ASCII).fullmatch  # what needs no look at each character


@lru_cache(maxsize=1024)
def _name(column: str) -> str:
    return quoted(column)


def _days(data: Data) -> str:
    days = (("start", data.get("first")), ("end", data.get("last")))
    return "".join(f" {name}={quoted(day)}" for name, day in days if day)


def _values(data: Data, columns: dict[str, str], out: TextIO) -> None:
    told = [f"<attvalue for={_name(n)} value={quoted(data[n])}/>" for n in columns if n in data]
    if told:
        out.write(f"<attvalues>{''.join(told)}</attvalues>")


def _node(node: str, data: Data, columns: dict[str, str], out: TextIO) -> None:
    out.write(f"<node id={quoted(node)} label={quoted(data.get('label', node))}{_days(data)}>")
    _values(data, columns, out)
    red, green, blue = rgb(colour_of(data))
    out.write(
        f'<viz:color r="{red}" g="{green}" b="{blue}"/><viz:size value="{size_of(data):.2f}"/></node>\n'
    )


def _edge(identifier: int, edge: tuple[str, str, Data], columns: dict[str, str], out: TextIO) -> None:
    source, target, data = edge
    out.write(
        f'<edge id="{identifier}" source={quoted(source)} target={quoted(target)} '
        f"label={quoted(data.get('role', ''))} weight={quoted(float(data.get('weight', 1)))}{_days(data)}>"
    )
    _values(data, columns, out)
    shape = "dashed" if data.get("contested") else "solid"
    out.write(f'<viz:shape value="{shape}"/></edge>\n')
