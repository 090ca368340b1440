"""The Python API."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
import rdflib
from tests.query.processes import alive, descendants, wait_until

import eventkg
from eventkg.errors import DataError, EventkgError, QueryError, ShapesError, TimeLimitError, UsageError
from eventkg.kg.configuration import limits
from eventkg.kg.graph import check
from eventkg.query.answers import Solutions
from eventkg.settings import Limits

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from eventkg import KnowledgeGraph

SHAPE = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
<urn:shape> a sh:NodeShape ; sh:targetClass <https://w3id.org/eventkg/ontology#AirStrike> ;
    sh:property <urn:nickname> .
<urn:nickname> a sh:PropertyShape ; sh:path <urn:nick> ;
    sh:minCount 1 ; sh:message "every strike needs a nickname" .
"""
CLAIM = """
@prefix ekg: <https://w3id.org/eventkg/ontology#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
<urn:event> a ekg:ReportedEvent .
<urn:p> a ekg:Proposition ; ekg:about <urn:event> ; ekg:predicate rdf:type ; ekg:object ekg:AirStrike .
<urn:c> a ekg:Claim ; ekg:claimant <urn:actor> ; ekg:stance ekg:Asserts ; ekg:proposition <urn:p> .
"""
CROSS = "{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("SELECT * { ?s a ekg:AirStrike }", Solutions),
        ("ASK { ?s a ekg:AirStrike }", bool),
        ("CONSTRUCT WHERE { ?s a ekg:AirStrike }", rdflib.Graph),
        ("DESCRIBE actor:pentagon", rdflib.Graph),
    ],
)
def test_every_form_of_query_has_its_python_type(query: str, kind: type, kg: KnowledgeGraph) -> None:
    answer = kg.query(query)
    assert isinstance(answer, kind)
    assert answer


def test_a_no_is_false(kg: KnowledgeGraph) -> None:
    assert kg.query("ASK { FILTER(false) }") is False
    assert kg.query('ASK { FILTER("true" = "false") }') is False


def test_a_graph_keeps_literals_as_they_were_written(kg: KnowledgeGraph) -> None:
    query = 'CONSTRUCT { <urn:s> <urn:p> "2017-01-22Z"^^xsd:date, "x\\u0001"@en, "1.50"^^xsd:decimal } { }'
    answer = kg.query(query)
    assert isinstance(answer, rdflib.Graph)
    assert {str(text) for text in answer.objects()} == {"2017-01-22Z", "x\u0001", "1.50"}
    assert dict(answer.namespaces())["ekg"] == rdflib.URIRef("https://w3id.org/eventkg/ontology#")


def test_a_triple_term_of_rdf_1_2_is_an_error_of_ours(kg: KnowledgeGraph) -> None:
    with pytest.raises(DataError, match=r"RDF 1\.2 triple term"):
        kg.query("CONSTRUCT { <urn:s> <urn:p> <<( <urn:s> <urn:p> <urn:o> )>> } { }")


def test_variables_are_bound_by_name_and_never_pasted(kg: KnowledgeGraph) -> None:
    query = "SELECT ?who ?label { ?who skos:prefLabel ?label FILTER(LANG(?label) = 'en') }"
    pentagon = "https://w3id.org/eventkg/id/actor/pentagon"
    rows = kg.query(query, who=pentagon)
    assert isinstance(rows, Solutions)
    assert [row["who"] for row in rows] == [pentagon]
    with pytest.raises(QueryError):
        kg.query(query, who="urn:x> ?y ?z . <urn:y")


@pytest.mark.parametrize("query", ["", "SELECT", "ASK { SERVICE <urn:x> { } }", "CLEAR ALL", "\ud800", "\0"])
def test_a_wrong_query_is_an_error_of_ours_in_one_line(query: str, kg: KnowledgeGraph) -> None:
    with pytest.raises(QueryError) as failed:
        kg.query(query)
    assert "\n" not in str(failed.value)
    assert isinstance(failed.value, EventkgError)


@pytest.mark.slow
def test_the_time_limit_is_an_argument() -> None:
    with eventkg.open(timeout_s=0.5) as kg:
        with pytest.raises(TimeLimitError):
            kg.query(f"SELECT (COUNT(*) AS ?n) {CROSS}")
        assert kg.query("ASK { }") is True


def test_statistics_agree_with_queries(kg: KnowledgeGraph) -> None:
    stats = kg.stats()
    rows = kg.query("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
    assert isinstance(rows, Solutions)
    assert sum(stats["graphs"].values()) == rows[0]["n"]
    assert {iri.rpartition("#")[2] for iri in stats["statuses"]} <= {
        "Contested", "Corroborated", "Uncontested", "Unsupported"
    }  # fmt: skip


def test_a_graph_may_be_closed_twice_and_used_again() -> None:
    kg = eventkg.open()
    assert kg.query("ASK { }") is True
    kg.close()
    kg.close()
    assert kg.query("ASK { }") is True
    kg.close()


def test_a_graph_is_checked_against_shapes_of_ones_own(kg: KnowledgeGraph, tmp_path: Path) -> None:
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(SHAPE, encoding="utf-8")
    conforms, report, text = kg.validate(shapes)
    assert (conforms, report.conforms) == (False, False)
    assert "every strike needs a nickname" in text


def test_files_are_read_with_the_ontology(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.write_text("<urn:s> a <https://w3id.org/eventkg/ontology#AirStrike> .", encoding="utf-8")
    with eventkg.read([path]) as kg:
        assert kg.query("ASK { <urn:s> a ekg:AirStrike . ekg:AirStrike rdfs:subClassOf ?super }") is True
        assert kg.query("ASK { GRAPH graph:seed { ?s ?p ?o } }") is False


def test_reading_nothing_is_an_error() -> None:
    with pytest.raises(DataError, match="no file found"):
        eventkg.read([])


def test_leaving_the_with_block_ends_every_process() -> None:
    before = set(descendants(os.getpid()))
    with eventkg.open() as kg:
        assert set(descendants(os.getpid())) == before  # nothing is started before the first query
        kg.query("ASK { }")
        started = set(descendants(os.getpid())) - before
        assert started
    assert wait_until(lambda: not any(map(alive, started)))


def _query_and_fail() -> None:
    with eventkg.open() as kg:
        assert kg.query("ASK { }") is True
        raise ZeroDivisionError


def test_an_exception_in_the_with_block_ends_every_process() -> None:
    before = set(descendants(os.getpid()))
    with pytest.raises(ZeroDivisionError):
        _query_and_fail()
    assert wait_until(lambda: not any(alive(one) for one in set(descendants(os.getpid())) - before))


def test_without_a_location_the_bundled_graph_is_open(kg: KnowledgeGraph) -> None:
    graphs = {iri.removeprefix("https://w3id.org/eventkg/graph/") for iri in kg.stats()["graphs"]}
    assert graphs == {"ontology", "codes", "seed", "derived"}
    assert kg.query("ASK { event:2017-01-22-al-bab-strike ekg:performedBy actor:us-led-coalition }") is False


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("nowhere", "nowhere: no such directory"),
        ("folder", "folder: no eventkg store found"),
        ("file", "file"),
    ],
)
def test_a_location_without_a_store_is_named(
    location: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(DataError) as missing:
        eventkg.open(location)
    assert said in str(missing.value)
    assert "\n" not in str(missing.value)


def test_rows_of_a_named_query_are_solutions(kg: KnowledgeGraph) -> None:
    rows = kg.select("network_parts")
    assert isinstance(rows, Solutions)
    assert {"actor", "event", "role"} <= set(rows.variables)


def test_an_unknown_kind_of_network_is_an_error(kg: KnowledgeGraph) -> None:
    with pytest.raises(
        UsageError, match=r"network kind 'nonsense' found, one of actor-event, actor-actor, .* expected"
    ):
        kg.to_networkx("nonsense")


@pytest.mark.slow
def test_validation_gives_a_verdict_a_report_and_its_text(kg: KnowledgeGraph) -> None:
    conforms, report, text = kg.validate()
    assert conforms is True
    assert report.conforms is True
    assert text == report.to_text() == "conforms\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("shapes", "said"), [("missing.ttl", "missing.ttl: no such file"), ("wrong.ttl", "wrong.ttl: line 1")]
)
def test_shapes_that_cannot_be_read_are_an_error(
    shapes: str, said: str, kg: KnowledgeGraph, tmp_path: Path
) -> None:
    (tmp_path / "wrong.ttl").write_text("<urn:s> <urn:p> ; .", encoding="utf-8")
    with pytest.raises(ShapesError, match=said):
        kg.validate(tmp_path / shapes)


@pytest.mark.parametrize(
    ("write", "said"),
    [
        (lambda path: path.write_bytes(b""), "an empty file found"),
        (lambda path: path.write_bytes(b"<urn:s>\n <urn:p> ; ."), "line 2, column"),
        (lambda path: path.write_bytes(b"\x89PNG\r\n"), "line 1, column 1"),
        (lambda path: path.mkdir(), "a directory found"),
        (lambda _: None, "no such file"),
    ],
    ids=["empty", "malformed", "picture", "directory", "missing"],
)
def test_a_file_that_cannot_be_read_is_an_error_that_names_it(
    write: Callable[[Path], object], said: str, tmp_path: Path
) -> None:
    path = tmp_path / "data.ttl"
    write(path)
    with pytest.raises(DataError) as failed:
        eventkg.read([path])
    assert str(failed.value).startswith(f"{path}: {said}")


def test_claims_in_files_come_to_facts(tmp_path: Path) -> None:
    path = tmp_path / "claims.ttl"
    path.write_text(CLAIM, encoding="utf-8")
    with eventkg.read([path]) as kg:
        assert kg.query("ASK { <urn:event> a ekg:AirStrike . <urn:p> ekg:status ekg:Uncontested }") is True


@pytest.mark.slow
def test_a_limit_on_validation_of_files_counts_from_the_first_byte_read(tmp_path: Path) -> None:
    path = tmp_path / "big.nt"
    path.write_text("".join(f"<urn:s:{n}> <urn:p> <urn:o> .\n" for n in range(400_000)), encoding="utf-8")
    with pytest.raises(TimeLimitError, match=r"the time limit is 0\.1 s"):
        check([path], timeout_s=0.1)


@pytest.mark.parametrize("wrong", [{"timeout": 5}, {"timeout_s": 0}, {"memory_mb": -1}, {"workers": 0.5}])
def test_a_limit_that_cannot_be_is_an_error(wrong: dict[str, float]) -> None:
    with pytest.raises(UsageError, match=next(iter(wrong))):
        limits(wrong)


def test_limits_come_from_arguments_then_environment_then_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert limits({}, tmp_path) == Limits()
    (tmp_path / "eventkg.toml").write_text("timeout_s = 3\nmemory_mb = 5\nworkers = 7", encoding="utf-8")
    assert limits({}, tmp_path) == Limits(3, 5, 7)
    monkeypatch.setenv("EVENTKG_TIMEOUT_S", "11")
    monkeypatch.setenv("EVENTKG_MEMORY_MB", "13")
    assert limits({}, tmp_path) == Limits(11, 13, 7)
    assert limits({"timeout_s": 17, "memory_mb": None}, tmp_path) == Limits(17, 13, 7)
