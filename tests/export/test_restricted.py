"""What may not be passed on stays out of every file unless told; what is passed on says whose it is."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pyarrow.parquet as pq
import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result
from tests.export.stores import restricted_store

import eventkg
from eventkg.cli import cli
from eventkg.errors import UsageError
from eventkg.export import netfiles, tablefiles
from eventkg.export.only import Only
from eventkg.export.rdf import FORMATS as RDF
from eventkg.kg import exports
from eventkg.kg import statements as kg_statements
from eventkg.kg.exports import Choice
from eventkg.model.naming import EKG, GRAPH, PREFIXES
from eventkg.store.reading import ntriples

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from eventkg import KnowledgeGraph

SECRET = b"acled/XSX"  # what every row of the sample has in its IRIs
CITED = b"Introducing the UCDP Georeferenced Event Dataset"
VOID, DCTERMS = PREFIXES["void"], PREFIXES["dcterms"]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("restricted")
    return restricted_store(folder)


@pytest.fixture(scope="module")
def graph(store: Path) -> Iterator[KnowledgeGraph]:
    with eventkg.open(store) as opened:
        yield opened


def statements(graph: KnowledgeGraph, form: str, choice: Choice | None = None) -> bytes:
    out = io.BytesIO()
    exports.chosen(graph, (), choice or Choice()).write(form, out, 512, lambda _, __: None)
    return out.getvalue()


def network(graph: KnowledgeGraph, form: str, kind: str, choice: Choice | None = None) -> bytes:
    made, about = exports.network(graph, kind, choice or Choice())
    return unpacked(netfiles.write(made, form, about)) + (netfiles.beside(form, about) or b"")


def table(graph: KnowledgeGraph, form: str, name: str, choice: Choice | None = None) -> bytes:
    made, about = exports.table(graph, name, choice or Choice())
    data = tablefiles.write(made, form, about)
    beside = tablefiles.beside(made, form, about, f"events.{form}") or b""
    if form in {"parquet", "geoparquet"}:
        read = pq.read_table(io.BytesIO(data))
        return repr((read.to_pylist(), read.schema.metadata)).encode()
    if form == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(data))
        return repr([list(sheet.values) for sheet in book]).encode()
    return unpacked(data) + beside


def unpacked(data: bytes) -> bytes:
    if not data.startswith(b"PK"):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())


@pytest.mark.parametrize("form", RDF)
def test_rdf_leaves_out_what_may_not_be_passed_on_wherever_it_rests(form: str, graph: KnowledgeGraph) -> None:
    data = statements(graph, form)
    assert CITED in data
    assert b"Left out, because it may not be passed on: acled" in data
    told = {str(quad.subject.value) for quad in ox.parse(data, format=RDF[form])}
    assert not [iri for iri in told if "/acled/" in iri or "/proposition/moved/" in iri]
    everything = ox.parse(statements(graph, form, Choice(restricted=True)), format=RDF[form])
    assert [quad for quad in everything if SECRET.decode() in str(quad.subject)]


@pytest.mark.parametrize("form", netfiles.FORMATS)
def test_networks_leave_out_its_events_and_cite_the_others(form: str, graph: KnowledgeGraph) -> None:
    data = network(graph, form, "actor-event")
    assert SECRET not in data
    assert CITED in data
    told = network(graph, form, "actor-event", Choice(restricted=True))
    assert b"acled" in told.lower()
    assert len(told) > len(data)


@pytest.mark.parametrize("form", tablefiles.FORMATS)
def test_tables_leave_out_its_events_and_cite_the_others(form: str, graph: KnowledgeGraph) -> None:
    data = table(graph, form, "events")
    assert SECRET not in data
    assert CITED in data
    if form != "kml" or b"Placemark" in data:
        assert SECRET in table(graph, form, "events", Choice(restricted=True))


@pytest.mark.parametrize("kind", ["actor-actor", "actor-event", "actor-equipment", "event-place", "claims"])
def test_every_kind_of_network_leaves_them_out(kind: str, graph: KnowledgeGraph) -> None:
    data = network(graph, "node-link", kind)
    assert SECRET not in data
    assert json.loads(data)["graph"]["about"]["left_out"] == ["https://w3id.org/eventkg/graph/acled"]


def test_a_table_of_claims_leaves_them_out(graph: KnowledgeGraph) -> None:
    assert SECRET not in table(graph, "csv", "claims").replace(b"/event/acled/XSX1,participant", b"")


def test_a_void_dataset_counts_what_is_there_and_says_on_what_terms(graph: KnowledgeGraph) -> None:
    quads = list(ox.parse(statements(graph, "nq"), format=RDF["nq"]))
    data = [
        quad for quad in quads if quad.graph_name != ox.NamedNode("https://w3id.org/eventkg/graph/export")
    ]
    told: dict[str, dict[str, list[str]]] = {}
    for quad in quads[len(data) :]:
        values = told.setdefault(quad.subject.value, {}).setdefault(quad.predicate.value, [])
        values.append(quad.object.value)
    ((whole, facts),) = ((iri, f) for iri, f in told.items() if f"{EKG}policy" in f)
    assert facts[f"{VOID}triples"] == [str(len(data))]
    assert facts[f"{DCTERMS}identifier"][0].startswith("sha256:")
    assert "https://spdx.org/licenses/CC-BY-4.0" in facts[f"{DCTERMS}license"]
    kind = ox.NamedNode(f"{PREFIXES['rdf']}type")
    events = {q.subject for q in data if q.predicate == kind and q.object == ox.NamedNode(f"{EKG}Event")}
    assert told[f"{whole}/class/ekg:Event"][f"{VOID}entities"] == [str(len(events))]
    ucdp = [q for q in data if q.graph_name == ox.NamedNode("https://w3id.org/eventkg/graph/ucdp-ged")]
    part = told[f"{whole}/graph/ucdp-ged"]
    assert part[f"{VOID}triples"] == [str(len(ucdp))]
    assert CITED.decode() in part[f"{DCTERMS}bibliographicCitation"][0]


@pytest.mark.parametrize(
    "ask",
    [
        lambda graph: exports.chosen(graph, ("acled",), Choice()),
        lambda graph: exports.network(graph, "actor-event", Choice(only=Only(sources=frozenset({"acled"})))),
        lambda graph: exports.table(graph, "events", Choice(only=Only(sources=frozenset({"acled"})))),
    ],
)
def test_asking_for_nothing_else_is_refused(ask: object, graph: KnowledgeGraph) -> None:
    with pytest.raises(UsageError, match="acled: may not be passed on; --include-restricted exports it"):
        ask(graph)  # type: ignore[operator]


@pytest.mark.parametrize(
    "arguments",
    [("ttl", "--split"), ("csv",), ("gexf",), ("bundle",)],
    ids=["split", "csv", "gexf", "bundle"],
)
def test_the_command_says_in_one_line_what_it_left_out_and_why(
    arguments: tuple[str, ...], store: Path, tmp_path: Path
) -> None:
    done = run("export", *arguments, "-l", str(store), "-o", str(tmp_path / "made"))
    assert done.stderr == "left out: acled, may not be passed on; --include-restricted exports it\n"
    made = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not [path for path in made if b"claim/acled/XSX1" in path.read_bytes().replace(b"\\/", b"/")]
    told = run("export", *arguments, "--include-restricted", "-l", str(store), "-o", str(tmp_path / "all"))
    assert told.stderr == ""


def test_a_query_in_a_bundle_is_not_answered_from_it(store: Path, tmp_path: Path) -> None:
    query = tmp_path / "all.rq"
    query.write_text("SELECT ?s { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }", encoding="utf-8")
    run("export", "bundle", "-l", str(store), "--query", str(query), "-o", str(tmp_path / "b"))
    answer = (tmp_path / "b" / "answers" / "all.csv").read_bytes()
    assert b"event/ucdp-ged/" in answer
    assert SECRET not in answer
    assert b"urn:x:p" in answer


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments, catch_exceptions=False)


@pytest.mark.parametrize("form", ["nq", "ttl"])
def test_a_large_store_is_read_by_another_process_to_the_same_bytes(
    form: str, graph: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = Choice(restricted=True)
    before = statements(graph, form, everything)
    read: list[str] = []

    def remembered(checkpoint: Path, name: str) -> Iterator[bytes]:
        read.append(name)
        return ntriples(checkpoint, name)

    monkeypatch.setattr(kg_statements, "is_large", lambda _: True)
    monkeypatch.setattr(kg_statements, "ntriples", remembered)
    assert statements(graph, form, everything) == before
    assert f"{GRAPH}acled" in read
    read.clear()
    statements(graph, form)
    assert read == []
