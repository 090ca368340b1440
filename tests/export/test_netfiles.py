"""Network files, read back by the tools that analysts use: nothing is lost on the way."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import warnings
import xml.etree.ElementTree as ET
import zipfile
from datetime import date
from typing import TYPE_CHECKING, Any

import igraph
import networkx as nx
import pytest
from tests.export.networks import HOSTILE, network, part

from eventkg.export import gexf, netfiles
from eventkg.export.about import About, Credit

if TYPE_CHECKING:
    from pathlib import Path

    from eventkg import KnowledgeGraph

    Graph = nx.MultiDiGraph[str]

SIZES = {
    "empty": network(),
    "one part": network(part()),
    "undated": network(part(), dated=False),
    "actors": network(part("a"), part("b"), part("c", role="target"), kind="actor-actor"),
}
GEXF = "{http://www.gexf.net/1.2draft}"


def ties(graph: Any) -> list[tuple[str, str, str, bool]]:
    return sorted((a, b, data["role"], bool(data["contested"])) for a, b, data in graph.edges(data=True))


@pytest.fixture(scope="module", params=["actor-event", "actor-actor", "event-place"])
def graph(request: pytest.FixtureRequest, kg: KnowledgeGraph) -> Graph:
    return kg.to_networkx(request.param)


def labels(graph: Any) -> dict[str, str]:
    return dict(nx.get_node_attributes(graph, "label"))


def nodes_of(graph: Any) -> dict[str, dict[str, Any]]:
    return {node: graph.nodes[node] for node in graph}


@pytest.mark.parametrize("form", netfiles.FORMATS)
def test_the_same_network_gives_the_same_bytes_whatever_the_order(form: str) -> None:
    parts = [part(f"a{n}", f"e{n % 3}", role) for n in range(7) for role in ("performedBy", "target")]
    assert netfiles.write(network(*parts), form) == netfiles.write(network(*reversed(parts)), form)


@pytest.mark.parametrize("form", netfiles.FORMATS)
@pytest.mark.parametrize("name", SIZES)
def test_a_network_of_any_size_can_be_written(name: str, form: str) -> None:
    assert netfiles.write(SIZES[name], form)


@pytest.mark.parametrize("form", netfiles.FORMATS)
@pytest.mark.parametrize("label", HOSTILE)
def test_any_label_can_be_written(label: str, form: str) -> None:
    assert netfiles.write(network(part(), label=HOSTILE[label]), form)


@pytest.mark.parametrize("form", ["gexf", "graphml"])
@pytest.mark.parametrize("label", HOSTILE)
def test_a_label_comes_back_from_xml(label: str, form: str) -> None:
    graph = network(part(), label=HOSTILE[label])
    data = netfiles.write(graph, form)
    ET.fromstring(data)  # noqa: S314  (our own)
    read = nx.read_gexf(io.BytesIO(data)) if form == "gexf" else nx.read_graphml(io.BytesIO(data))
    expected = labels(graph)["urn:a"]
    if form == "graphml":  # XML turns line ends in text into one
        expected = expected.replace("\r\n", "\n")
    assert read.nodes["urn:a"]["label"] == expected


def test_graphml_comes_back_from_networkx_and_igraph(graph: Graph, tmp_path: Path) -> None:
    path = tmp_path / "network.graphml"
    path.write_bytes(netfiles.write(graph, "graphml"))
    read = nx.read_graphml(path, force_multigraph=True)
    assert nodes_of(read) == nodes_of(graph)
    assert ties(read) == ties(graph)
    other = igraph.Graph.Read_GraphML(str(path))
    assert (other.vcount(), other.ecount()) == (len(graph), graph.number_of_edges())
    assert sorted(other.vs["label"]) == sorted(labels(graph).values())


def test_what_a_program_noted_on_the_graph_is_data_of_the_graph() -> None:
    graph = network(part())
    graph.graph["made"] = date(2017, 1, 22)
    read = nx.read_graphml(io.BytesIO(netfiles.write(graph, "graphml")))
    assert read.graph["made"] == "2017-01-22"


def test_ties_of_a_graphml_file_have_names_of_their_own(graph: Graph) -> None:
    root = ET.fromstring(netfiles.write(graph, "graphml"))  # noqa: S314  (our own)
    found = [edge.attrib["id"] for edge in root.iter("{http://graphml.graphdrawing.org/xmlns}edge")]
    assert len(set(found)) == len(found) == graph.number_of_edges()


def test_gexf_comes_back_from_networkx(graph: Graph) -> None:
    read = nx.read_gexf(io.BytesIO(netfiles.write(graph, "gexf")))
    assert labels(read) == labels(graph)
    assert len(read.edges) == graph.number_of_edges()


@pytest.mark.parametrize("version", gexf.VERSIONS)
def test_gexf_carries_days_colours_sizes_and_every_attribute(version: str, graph: Graph) -> None:
    out = io.StringIO()
    gexf.write(graph, out, version)
    root = ET.fromstring(out.getvalue())  # noqa: S314
    space = root.tag.removesuffix("gexf")
    viz = f"{{{gexf.VERSIONS[version][2]}}}"
    titles = {a.attrib["id"]: a.attrib["title"] for a in root.iter(f"{space}attribute")}
    nodes = {node.attrib["id"]: node for node in root.iter(f"{space}node")}
    assert set(nodes) == set(graph)
    for name, data in graph.nodes(data=True):
        node = nodes[name]
        assert node.attrib.get("start") == data.get("first")
        assert node.attrib.get("end") == data.get("last")
        told = {titles[v.attrib["for"]]: v.attrib["value"] for v in node.iter(f"{space}attvalue")}
        expected = {
            key: _as_xml(value) for key, value in data.items() if key not in {"label", "first", "last"}
        }
        assert told == expected
        assert node.find(f"{viz}color") is not None
        assert float(node.find(f"{viz}size").attrib["value"]) > 0  # type: ignore[union-attr]
    shapes = sorted(shape.attrib["value"] for shape in root.iter(f"{viz}shape"))
    dashed = sum(data["contested"] for *_, data in graph.edges(data=True))
    assert shapes.count("dashed") == dashed


def _as_xml(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_gexf_is_what_its_schema_allows(graph: Graph) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gexfpy = pytest.importorskip("gexfpy")  # classes made from the schema of 1.2draft
        from xsdata.formats.dataclass.parsers import XmlParser
        from xsdata.formats.dataclass.parsers.config import ParserConfig

        strict = ParserConfig(fail_on_unknown_properties=True, fail_on_converter_warnings=True)
        plain = re.sub(rb"<viz:[^>]*/>", b"", netfiles.write(graph, "gexf"))  # of which it has no classes
        read = XmlParser(config=strict).from_bytes(plain, gexfpy.Gexf)
    assert len(read.graph.nodes[0].node) == len(graph)
    assert len(read.graph.edges[0].edge) == graph.number_of_edges()


def test_cytoscape_json_has_an_id_for_every_element(graph: Graph) -> None:
    document = json.loads(netfiles.write(graph, "cytoscape"))
    nodes, edges = (document["elements"][part] for part in ("nodes", "edges"))
    assert {n["data"]["id"]: n["data"]["label"] for n in nodes} == labels(graph)
    ids = [element["data"]["id"] for element in (*nodes, *edges)]
    assert len(set(ids)) == len(ids)
    found = sorted((d["source"], d["target"], d["role"], d["contested"]) for d in (e["data"] for e in edges))
    assert found == ties(graph)


def test_node_link_json_comes_back_from_networkx(graph: Graph) -> None:
    read = nx.node_link_graph(json.loads(netfiles.write(graph, "node-link")), edges="links")
    assert nodes_of(read) == nodes_of(graph)
    assert ties(read) == ties(graph)


def test_pajek_comes_back_from_networkx_and_igraph(graph: Graph, tmp_path: Path) -> None:
    path = tmp_path / "network.net"
    path.write_bytes(netfiles.write(graph, "pajek"))
    read = nx.read_pajek(path)
    assert (len(read), read.number_of_edges()) == (len(graph), graph.number_of_edges())
    other = igraph.Graph.Read_Pajek(str(path))
    assert (other.vcount(), other.ecount()) == (len(graph), graph.number_of_edges())
    assert sum(other.es["weight"]) == sum(data["weight"] for *_, data in graph.edges(data=True))


@pytest.mark.skipif(not shutil.which("dot"), reason="Graphviz is not installed")
@pytest.mark.parametrize("label", [None, *HOSTILE])
def test_graphviz_draws_the_dot_file(label: str | None, kg: KnowledgeGraph) -> None:
    graph = kg.to_networkx("actor-actor") if label is None else network(part(), label=HOSTILE[label])
    done = subprocess.run(
        ["dot", "-Tsvg"], input=netfiles.write(graph, "dot"), capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    svg = ET.fromstring(done.stdout)  # noqa: S314
    classes = [element.attrib.get("class", "") for element in svg.iter("{http://www.w3.org/2000/svg}g")]
    assert sum(name.startswith("node") for name in classes) == len(graph)
    assert sum(name.startswith("edge") for name in classes) == graph.number_of_edges()


def tables(data: bytes) -> dict[str, list[dict[str, str]]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {
            name: list(csv.DictReader(io.StringIO(archive.read(name).decode(), newline="")))
            for name in archive.namelist()
            if name.endswith(".csv")
        }


def test_tables_for_gephi_have_the_columns_that_it_knows(graph: Graph) -> None:
    found = tables(netfiles.write(graph, "edges"))
    assert {row["Id"]: row["Label"] for row in found["nodes.csv"]} == labels(graph)
    told = sorted((r["Source"], r["Target"], r["role"], r["contested"] == "True") for r in found["edges.csv"])
    assert told == ties(graph)


@pytest.mark.parametrize("form", ["edges", "neo4j"])
def test_no_cell_of_a_table_is_a_formula(form: str) -> None:
    for rows in tables(netfiles.write(network(part(), label=HOSTILE["command"]), form)).values():
        assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]


def test_tables_for_neo4j_keep_its_grammar_of_headers(graph: Graph) -> None:
    found = tables(netfiles.write(graph, "neo4j"))
    field = re.compile(r"\w+:(ID|string|long|double|boolean)|:(LABEL|START_ID|END_ID|TYPE)")
    for rows in found.values():
        assert all(field.fullmatch(name) for name in rows[0])
    assert {row["iri:ID"] for row in found["nodes.csv"]} == set(graph)
    assert all(re.fullmatch(r"[A-Za-z]\w*(;[A-Za-z]\w*)*", row[":LABEL"]) for row in found["nodes.csv"])
    told = sorted((r[":START_ID"], r[":END_ID"], r[":TYPE"]) for r in found["relationships.csv"])
    assert told == sorted((a, b, role.upper()) for a, b, role, _ in ties(graph))
    assert {row["contested:boolean"] for row in found["relationships.csv"]} <= {"true", "false"}


MIXED = {
    "text": "x",
    "none": None,
    "list": [1, 2],
    "day": date(2017, 1, 22),
    "nan": float("nan"),
    "big": 2**70,
}


@pytest.mark.parametrize("form", netfiles.FORMATS)
def test_attributes_of_any_kind_can_be_written(form: str) -> None:
    """As an analyst's own script may add them to the network."""
    graph = network(part("a"), part("b"))
    graph.nodes["a"].update(MIXED, mixed="x")
    graph.nodes["b"].update(mixed=1.5)
    for *_, data in graph.edges(data=True):
        data.update(MIXED)
    written = netfiles.write(graph, form)
    if form == "node-link":
        told = json.loads(written, parse_constant=pytest.fail)["nodes"][0]
        assert (told["mixed"], told["list"], told["day"], told["nan"]) == ("x", "[1, 2]", "2017-01-22", "nan")
        assert "none" not in told
    if form in {"gexf", "graphml"}:
        ET.fromstring(written)  # noqa: S314
    assert graph.nodes["a"]["none"] is None


ABOUT = About(
    "https://w3id.org/eventkg/view/all", "Title & <more>", credits=(Credit("urn:g", "Set", "urn:l", "By"),)
)


def test_what_is_told_about_it_stands_where_the_format_has_a_place(graph: Graph) -> None:
    def data(form: str) -> Any:
        return netfiles.write(graph, form, ABOUT)

    assert ET.fromstring(data("gexf")).findtext(f"{GEXF}meta/{GEXF}description", "").splitlines() == [  # noqa: S314
        "Title & <more>", "view all <https://w3id.org/eventkg/view/all>", "source: Set (urn:l): By",
    ]  # fmt: skip
    told = nx.read_graphml(io.BytesIO(data("graphml"))).graph
    assert (told["view"], told["licences"], told["sources"]) == (ABOUT.view, "urn:l", "Set (urn:l): By")
    assert json.loads(data("cytoscape"))["data"]["about"] == ABOUT.members()
    assert json.loads(data("node-link"))["graph"]["about"] == ABOUT.members()
    for form in ("edges", "neo4j"):
        with zipfile.ZipFile(io.BytesIO(data(form))) as archive:
            assert json.loads(archive.read("about.json")) == ABOUT.members()
    assert data("dot").startswith(b"// Title & <more>\n")
    assert data("cypher").startswith(b"// Title & <more>\n")
    assert json.loads(netfiles.beside("pajek", ABOUT) or b"") == ABOUT.members()
