"""Networks as rows in order, rows as CSV, files in an archive: the same input gives the same bytes."""

from __future__ import annotations

import csv
import io
import math
import zipfile
from typing import TYPE_CHECKING, Any

import networkx as nx

from eventkg.export.cells import harmless

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from eventkg.export.network import Graph

    Data = Mapping[str, Any]
    Rows = Iterable[Sequence[object]]

EPOCH = (1980, 1, 1, 0, 0, 0)  # of the files in an archive: the first that it can hold


def nodes_of(network: Graph) -> list[tuple[str, Data]]:
    """In the order of their IRIs."""
    return sorted(((node, network.nodes[node]) for node in network), key=lambda node: node[0])


def edges_of(network: Graph) -> list[tuple[str, str, Data]]:
    """In the order of their ends and roles."""
    return sorted(network.edges(data=True), key=lambda edge: (edge[0], edge[1], edge[2]["role"]))


def ordered(network: Graph) -> Graph:
    """The same network with nodes and edges in the order of their names."""
    made: Graph = nx.MultiDiGraph(**network.graph)
    for node, data in nodes_of(network):
        made.add_node(node, **data)
    for source, target, told in edges_of(network):
        made.add_edge(source, target, key=told["role"], **told)
    return made


def flat(network: Graph) -> Graph:
    """The network itself, or a copy whose attributes are what every format holds.

    These are text, numbers and truth values, of one kind for each name. None is left out; anything else, what
    is of several kinds and what is no number (NaN, infinity) becomes text.
    """
    nodes = _kinds(data for _, data in network.nodes(data=True))
    edges = _kinds(data for *_, data in network.edges(data=True))
    if all(len(kinds) == 1 and kinds <= _PLAIN for kinds in (*nodes.values(), *edges.values())):
        return network
    made: Graph = nx.MultiDiGraph(**network.graph)
    for node, data in network.nodes(data=True):
        made.add_node(node, **_flat(data, nodes))
    for source, target, key, data in network.edges(data=True, keys=True):
        made.add_edge(source, target, key=key, **_flat(data, edges))
    return made


_PLAIN = {str, int, float, bool}


def _kinds(rows: Iterable[Data]) -> dict[str, set[type]]:
    kinds: dict[str, set[type]] = {}
    for data in rows:
        for name, value in data.items():
            kinds.setdefault(name, set()).add(object if _is_no_number(value) else type(value))
    return kinds


def _is_no_number(value: object) -> bool:
    return isinstance(value, float) and not math.isfinite(value)


def _flat(data: Data, kinds: Mapping[str, set[type]]) -> dict[str, Any]:
    return {
        name: value if len(told := kinds[name] - {type(None)}) == 1 and told <= _PLAIN else str(value)
        for name, value in data.items()
        if value is not None
    }


def columns_of(rows: Iterable[Data], without: set[str]) -> list[str]:
    """The names that rows have, in the order in which they are met."""
    return list(dict.fromkeys(name for data in rows for name in data if name not in without))


def csv_file(header: Sequence[str], rows: Rows) -> bytes:
    """RFC 4180, without formulas."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8", "replace")


def archive(files: Mapping[str, bytes]) -> bytes:
    """A zip without a clock in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
