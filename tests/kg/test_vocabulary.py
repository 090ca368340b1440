"""The words of a query."""

from __future__ import annotations

from typing import TYPE_CHECKING

import eventkg
from eventkg.kg.vocabulary import Word, vocabulary
from eventkg.model.naming import EKG, PREFIXES

if TYPE_CHECKING:
    from pathlib import Path

    from eventkg import KnowledgeGraph

_OWN = """@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<http://example.org/Boat> a owl:Class, rdfs:Class ;
  rdfs:label "Boot"@de, "boat"@en ; rdfs:comment "It floats." .
<http://example.org/sails> a owl:ObjectProperty .
[] a owl:Class ."""


def test_prefixes_classes_and_properties_come_with_what_they_mean(kg: KnowledgeGraph) -> None:
    found = vocabulary(kg)
    words = {word.name: word for word in found.words}
    assert found.prefixes == PREFIXES
    assert words["ekg:AirStrike"].kind == "class"
    assert words["ekg:AirStrike"].label == "air strike"
    assert words["ekg:AirStrike"].definition.startswith("A military action")
    assert words["ekg:performedBy"].kind == "property"
    assert len(words) == len(found.words)
    assert [word for word in found.words if word.iri.startswith(EKG) and not word.definition] == []


def test_words_of_a_strangers_vocabulary_are_written_out(tmp_path: Path) -> None:
    file = tmp_path / "own.ttl"
    file.write_text(_OWN, encoding="utf-8")
    with eventkg.kg.graph.read([file]) as graph:
        found = [word for word in vocabulary(graph).words if "example.org" in word.iri]
    boat, sails = "http://example.org/Boat", "http://example.org/sails"
    assert found == [
        Word(boat, f"<{boat}>", "class", "boat", "It floats."),
        Word(sails, f"<{sails}>", "property", "", ""),
    ]
