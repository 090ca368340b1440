"""Loads: every format, all files or none, twice the same as once, derived in the same step."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from tests.kg.stores import (
    SEED,
    UNCHECKED,
    derived_from_scratch,
    drafts,
    dump,
    eventkg,
    in_graph,
    load,
    many,
    state,
)

from eventkg.errors import DataError, UsageError
from eventkg.kg import loading
from eventkg.kg.loading import Load, delete_graph
from eventkg.kg.vicinity import MAX_NODES
from eventkg.model.naming import (
    GRAPH_CODES,
    GRAPH_DERIVED,
    GRAPH_MOVED,
    GRAPH_ONTOLOGY,
    GRAPH_SEED,
    GRAPH_USER,
)
from eventkg.settings import Limits
from eventkg.store.skolem import GENID

if TYPE_CHECKING:
    from pathlib import Path

TURTLE = """@prefix : <urn:x:> .
:one :says "naïve \\"text\\"\\n𝄞"@fr , 1.50 , "2017-01-22"^^<http://www.w3.org/2001/XMLSchema#date> ;
    :knows [ :name "somebody" ; :knows [ :name "somebody else" ] ] ;
    :list ( 1 :two "three" ) .
"""
FORMATS = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "nq": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "rdf": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
STATEMENTS = 14


def written(folder: Path, extension: str) -> Path:
    """The same graph in a format, packed where the extension says so."""
    triples = [quad.triple for quad in ox.parse(TURTLE, format=ox.RdfFormat.TURTLE)]
    data = ox.serialize(triples, format=FORMATS[extension.removesuffix(".gz")]) or b""
    path = folder / f"file.{extension}"
    path.write_bytes(gzip.compress(data) if extension.endswith(".gz") else data)
    return path


@pytest.fixture(scope="module")
def as_turtle(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """A store with the graph loaded from Turtle."""
    folder = tmp_path_factory.mktemp("turtle")
    load(folder / "store", written(folder, "ttl"))
    return dump(folder / "store")


@pytest.mark.parametrize("extension", [f"{name}{packed}" for name in FORMATS for packed in ("", ".gz")])
def test_every_format_packed_or_not_comes_to_the_same_statements(
    extension: str, tmp_path: Path, as_turtle: list[str]
) -> None:
    loaded = load(tmp_path / "store", written(tmp_path, extension))
    assert (loaded.statements, loaded.graphs) == (STATEMENTS, {GRAPH_USER})
    assert dump(tmp_path / "store") == as_turtle
    assert len(in_graph(tmp_path / "store", GRAPH_USER)) == STATEMENTS


def test_a_second_load_changes_nothing_even_where_the_file_has_blank_nodes(
    tmp_path: Path, as_turtle: list[str]
) -> None:
    assert not any("_:" in line for line in as_turtle)
    assert sum(GENID in line for line in as_turtle) == 11
    file = written(tmp_path, "ttl")
    load(tmp_path / "store", file)
    load(tmp_path / "store", file, written(tmp_path, "jsonld.gz"))
    assert dump(tmp_path / "store") == as_turtle


def test_other_blank_nodes_get_other_names(tmp_path: Path) -> None:
    for name, text in (("a.ttl", '[] <urn:p> "a" .'), ("b.ttl", '[] <urn:p> "b" . [] <urn:p> "c" .')):
        (tmp_path / name).write_text(text)
    load(tmp_path / "store", tmp_path / "a.ttl", tmp_path / "b.ttl")
    subjects = {line.split()[0] for line in in_graph(tmp_path / "store", GRAPH_USER)}
    assert len(subjects) == 3


@pytest.mark.parametrize("extension", ["nq", "trig"])
def test_a_dump_with_graphs_keeps_them_and_the_rest_goes_to_the_graph_named(
    extension: str, tmp_path: Path
) -> None:
    text = '<urn:s> <urn:p> "default" .\n'
    text += "<urn:g> { <urn:s> <urn:p> 1 }" if extension == "trig" else "<urn:s> <urn:p> <urn:o> <urn:g> .\n"
    (tmp_path / f"file.{extension}").write_text(text)
    loaded = load(tmp_path / "store", tmp_path / f"file.{extension}", graph="urn:mine")
    assert loaded.graphs == {"urn:g", "urn:mine"}
    assert len(in_graph(tmp_path / "store", "urn:g")) == 1
    assert in_graph(tmp_path / "store", "urn:mine") == ['<urn:s> <urn:p> "default" <urn:mine> .']


@pytest.mark.slow
def test_standard_input_is_a_file_like_any_other(tmp_path: Path) -> None:
    data = many(tmp_path / "file.nt").read_bytes()
    code, _, said = eventkg("load", "-l", tmp_path / "store", "--format", "nt", "-", stdin=data)
    assert (code, said.split(" loaded")[0]) == (0, f"{UNCHECKED:,} statements")
    assert len(in_graph(tmp_path / "store", GRAPH_USER)) == UNCHECKED


def test_a_graph_is_replaced_in_one_step_and_others_stay(tmp_path: Path) -> None:
    for number in (1, 2, 3):
        (tmp_path / f"{number}.ttl").write_text(f"<urn:s> <urn:p> {number} .")
    load(tmp_path / "store", tmp_path / "1.ttl", graph="urn:a")
    load(tmp_path / "store", tmp_path / "2.ttl", graph="urn:b")
    load(tmp_path / "store", tmp_path / "3.ttl", graph="urn:a", replace=True)
    kept = [
        line.split()[2][1] for graph in ("urn:a", "urn:b") for line in in_graph(tmp_path / "store", graph)
    ]
    assert kept == ["3", "2"]


@pytest.mark.parametrize("second", ["<urn:s> <urn:p> .", ""])
def test_one_bad_file_of_several_leaves_the_store_as_it_was(second: str, tmp_path: Path) -> None:
    store = tmp_path / "store"
    load(store, many(tmp_path / "first.nt", 10))
    (tmp_path / "good.ttl").write_text("<urn:s> <urn:p> 1 .")
    (tmp_path / "bad.ttl").write_text(second)
    before = state(store)
    with pytest.raises(DataError, match=r"bad\.ttl: (line 1, column|no statement found)"):
        load(store, tmp_path / "good.ttl", tmp_path / "bad.ttl", replace=True)
    assert state(store) == before
    assert drafts(store) == []


def test_a_first_load_that_fails_leaves_no_store_but_a_place_for_one(tmp_path: Path) -> None:
    (tmp_path / "bad.ttl").write_text("nonsense")
    with pytest.raises(DataError, match="line 1"):
        load(tmp_path / "store", tmp_path / "bad.ttl")
    code, _, said = eventkg("query", "-l", tmp_path / "store", "ASK {}")
    assert (code, "no eventkg store found" in said) == (1, True)
    load(tmp_path / "store", many(tmp_path / "good.nt", 3))
    assert len(in_graph(tmp_path / "store", GRAPH_USER)) == 3


@pytest.mark.parametrize("graph", [GRAPH_DERIVED, GRAPH_MOVED, GRAPH_ONTOLOGY, GRAPH_CODES])
def test_graphs_of_our_own_are_written_by_nobody_else(graph: str, tmp_path: Path) -> None:
    store = tmp_path / "store"
    load(store, many(tmp_path / "file.nt", 3))
    before = state(store)
    (tmp_path / "f.nq").write_text(f"<urn:s> <urn:p> <urn:o> <{graph}> .\n")
    (tmp_path / "f.trig").write_text(f"<{graph}> {{ <urn:s> <urn:p> [] }}\n")
    with pytest.raises(UsageError, match="which nobody but eventkg writes"):
        load(store, tmp_path / "file.nt", graph=graph)
    with pytest.raises(UsageError, match="which nobody but eventkg writes"):
        delete_graph(store, graph)
    for name in ("f.nq", "f.trig"):
        with pytest.raises(DataError, match=rf"{name}: graph {graph} found"):
            load(store, tmp_path / name)
    assert state(store) == before


@pytest.mark.parametrize("graph", ["claims", "", "urn:with space", "<urn:x>"])
def test_a_graph_that_is_no_iri_is_refused(graph: str, tmp_path: Path) -> None:
    store = tmp_path / "store"
    load(store, many(tmp_path / "file.nt", 3))
    with pytest.raises(UsageError, match="an absolute IRI expected"):
        load(store, tmp_path / "file.nt", graph=graph)
    with pytest.raises(UsageError, match="an absolute IRI expected"):
        delete_graph(store, graph)


def test_a_graph_that_is_not_there_cannot_be_deleted(tmp_path: Path) -> None:
    load(tmp_path / "store", many(tmp_path / "file.nt", 3))
    before = state(tmp_path / "store")
    with pytest.raises(UsageError, match="graph urn:nowhere: not in the store"):
        delete_graph(tmp_path / "store", "urn:nowhere")
    assert state(tmp_path / "store") == before


@pytest.mark.slow
def test_facts_come_with_claims_and_go_with_them_as_if_derived_from_scratch(tmp_path: Path) -> None:
    """The seed in two halves, one replaced by less, one deleted: at each step what deriving all gives."""
    whole, store = tmp_path / "whole", tmp_path / "store"
    load(whole, *SEED, graph=GRAPH_SEED)
    everything = in_graph(whole, GRAPH_DERIVED)
    assert everything == derived_from_scratch(whole)
    assert len(everything) > 200
    load(store, *SEED[::2], graph="urn:a")
    empty = {line for line in in_graph(store, GRAPH_DERIVED) if "policy" in line}
    load(store, *SEED[1::2], graph="urn:b")
    assert in_graph(store, GRAPH_DERIVED) == everything
    load(store, *SEED[1:4:2], graph="urn:b", replace=True)
    assert in_graph(store, GRAPH_DERIVED) == derived_from_scratch(store) != everything
    load(store, *SEED[1::2], graph="urn:b", replace=True)
    assert in_graph(store, GRAPH_DERIVED) == everything
    delete_graph(store, "urn:b")
    assert in_graph(store, GRAPH_DERIVED) == derived_from_scratch(store) != everything
    delete_graph(store, "urn:a")
    assert set(in_graph(store, GRAPH_DERIVED)) == empty


ROW = """@prefix ekg: <https://w3id.org/eventkg/ontology#> . @prefix : <urn:x:> .
    :row a ekg:Claim ; ekg:claimant :maker ; ekg:stance ekg:Asserts ; ekg:conveys :e .
    :e a ekg:Event , ekg:AirStrike .
"""
DENIAL = """@prefix ekg: <https://w3id.org/eventkg/ontology#> . @prefix : <urn:x:> .
    :p a ekg:Proposition ; ekg:about :e ; ekg:predicate ekg:performedBy ; ekg:object :army .
    :no a ekg:Claim ; ekg:claimant :army ; ekg:stance ekg:Denies ; ekg:proposition :p .
"""
FACT = "<urn:x:e> <https://w3id.org/eventkg/ontology#performedBy> <urn:x:army> ."


@pytest.mark.parametrize("others", [0, MAX_NODES])
def test_a_fact_that_is_loaded_alone_meets_the_denial_that_was_there_before(
    others: int, tmp_path: Path
) -> None:
    more = "".join(f"<urn:other:{number}> <urn:p> 1 .\n" for number in range(others))
    for name, text, graph in (
        ("row", ROW, "urn:set"),
        ("denial", DENIAL, "urn:said"),
        ("fact", more + FACT, "urn:set"),
    ):
        (tmp_path / f"{name}.ttl").write_text(text, encoding="utf-8")
        load(tmp_path / "store", tmp_path / f"{name}.ttl", graph=graph)
    assert [line for line in dump(tmp_path / "store") if line.startswith(FACT[:-2])] == []
    assert [line for line in in_graph(tmp_path / "store", GRAPH_MOVED) if "movedFrom> <urn:set>" in line]
    delete_graph(tmp_path / "store", "urn:said")
    assert [line for line in dump(tmp_path / "store") if line.startswith(FACT[:-2])] == [
        f"{FACT[:-2]} <urn:set> ."
    ]


@pytest.mark.slow
def test_findings_are_reported_and_strict_loads_nothing_that_has_any(tmp_path: Path) -> None:
    store, file = tmp_path / "store", tmp_path / "claim.ttl"
    file.write_text(
        "@prefix ekg: <https://w3id.org/eventkg/ontology#> .\n<urn:c> a ekg:Claim ; ekg:stance ekg:Asserts ."
    )
    load(store, many(tmp_path / "file.nt", 3))
    before = state(store)
    with pytest.raises(DataError, match=r"\d+ findings, e\.g\. urn:c: .*; nothing was loaded"):
        loading.load(store, Load((str(file),), strict=True), Limits())
    assert state(store) == before
    code, out, said = eventkg("load", "-l", store, file)
    assert (code, out) == (0, "")
    assert "2 statements loaded" in said
    assert "urn:c" in said
    assert len(in_graph(store, GRAPH_USER)) == 5


@pytest.mark.slow
def test_a_load_of_any_size_is_checked(tmp_path: Path) -> None:
    load(tmp_path / "store", many(tmp_path / "few.nt", 3))
    before = state(tmp_path / "store")
    file = many(tmp_path / "many.nt")
    with file.open("a", encoding="utf-8") as stream:
        stream.write("<urn:battle> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
                     "<https://w3id.org/eventkg/ontology#Battle> .\n")  # fmt: skip
    with pytest.raises(DataError, match=r"findings?, e\.g\. urn:battle: It has at least one skos:prefLabel"):
        loading.load(tmp_path / "store", Load((str(file),), strict=True), Limits())
    assert state(tmp_path / "store") == before


def test_only_what_a_small_load_touches_is_checked_again(tmp_path: Path) -> None:
    """The event that is found wrong beside what is loaded is an old one, and stays unmentioned."""
    first, second = tmp_path / "first.ttl", tmp_path / "second.ttl"
    first.write_text("<urn:old> a <https://w3id.org/eventkg/ontology#Battle> .")
    second.write_text("<urn:new> a <https://w3id.org/eventkg/ontology#Battle> .")
    found = []
    for file in (first, second):
        report = loading.load(tmp_path / "store", Load((str(file),)), Limits()).report
        assert report is not None
        found.append({finding.focus for finding in report.findings})
    assert found == [{"urn:old"}, {"urn:new"}]


def test_what_points_to_something_changed_is_checked_again(tmp_path: Path) -> None:
    """A place that becomes an actor makes an old event wrong."""
    first, second = tmp_path / "first.ttl", tmp_path / "second.ttl"
    ekg = "@prefix ekg: <https://w3id.org/eventkg/ontology#> ."
    first.write_text(f"{ekg} <urn:e> a ekg:Battle ; ekg:place <urn:p> .")
    second.write_text(f"{ekg} <urn:p> a ekg:Actor .")
    load(tmp_path / "store", first)
    report = loading.load(tmp_path / "store", Load((str(second),)), Limits()).report
    assert report is not None
    assert "The place of an event is a Place" in report.to_text()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("load", "{file}"), "Missing option '-l'"),
        (("load", "-l", "{store}"), "Missing argument 'FILE"),
        (("load", "-l", "{store}", "{file}", "--graph", GRAPH_DERIVED), "which nobody but eventkg writes"),
        (("load", "-l", "{store}", "-"), "or --format"),
        (("load", "-l", "{store}", "{file}", "--format", "docx"), "docx"),
        (("delete", "-l", "{store}"), "Missing option '--graph'"),
        (("delete", "--graph", "urn:g"), "Missing option '-l'"),
    ],
)
def test_a_call_that_means_nothing_is_a_usage_error(
    arguments: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    file = many(tmp_path / "file.nt", 3)
    filled = [argument.format(file=file, store=tmp_path / "store") for argument in arguments]
    code, out, error = eventkg(*filled, folder=tmp_path)
    assert (code, out) == (2, "")
    assert said in error
    assert error.count("\n") == 1
    assert not (tmp_path / "store").exists()
