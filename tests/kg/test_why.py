"""Why something is a fact in a view, or is not."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from tests.kg.test_ledger import JAN_21, JAN_22, MINISTRY, PENTAGON, TALK, VIEWS, read

from eventkg.model.naming import VIEW
from eventkg.query.answers import Solutions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from eventkg import KnowledgeGraph


@pytest.mark.parametrize(
    ("event", "words", "view", "fact", "reason"),
    [
        (JAN_21, "targetsStruck", "default", True, "a fact in default: nobody contests it"),
        (JAN_21, "Performed-by TURKISH air force", "default", True, "a fact in default: nobody contests it"),
        (JAN_21, "22", "default", True, "nobody contests it"),
        (JAN_21, "targets struck 22", "corroborated", False, "1 independent speaker behind it, more"),
        (JAN_21, "performedBy turkish-air-force", "default", True, "nobody contests it"),
        (JAN_22, "performedBy us-led-coalition", "default", False, "denied by Pentagon; doubted by Author"),
        (
            JAN_22,
            "ekg:performedBy actor:us-led-coalition",
            "default",
            False,
            "contradicted by Pentagon: coord",
        ),
        (JAN_22, "2", MINISTRY, True, "no bar: denied by Pentagon"),
        (JAN_22, "2", "all", True, "adopts what is contested as well: denied by Pentagon"),
        (
            JAN_22,
            "  US-LED   coalition ",
            PENTAGON,
            False,
            "no fact in claimant/pentagon: denied by Pentagon",
        ),
        (
            JAN_22,
            "turkish-air-force",
            "default",
            False,
            "nobody asserts it; Author of the joint mission article",
        ),
        (JAN_22, "ekg:Event", "default", True, "nobody contests it"),
    ],
)
def test_why_walks_back_from_a_fact(
    kg: KnowledgeGraph, event: str, words: str, view: str, fact: bool, reason: str
) -> None:
    (found,) = kg.why(event, words, view)
    assert (found.fact, found.view) == (fact, VIEW + view)
    assert reason in found.reason
    assert all(voice.documents and voice.quotation for row in found.rows for voice in row.claims)


def test_why_of_a_statement_shows_it_with_more_and_fewer_details(kg: KnowledgeGraph) -> None:
    (found,) = kg.why(JAN_21, "turkish-air-force 4")
    assert [row.point.words for row in found.rows] == [
        "Turkish Air Force",
        "Turkish Air Force, 4: 2 F-16, 2 F-4",
    ]


@pytest.mark.slow
@pytest.mark.parametrize("view", VIEWS)
def test_every_fact_about_a_curated_event_has_a_why_that_ends_in_a_document(
    kg: KnowledgeGraph, view: str
) -> None:
    answer = kg.query(
        """SELECT DISTINCT ?event ?p ?o { GRAPH graph:derived { ?event ?p ?o }
        ?event a ekg:ReportedEvent FILTER(?p != ekg:hasFact) }""",
        view,
    )
    assert isinstance(answer, Solutions)
    assert (len(answer) > 0) == (view != "corroborated")
    for row in answer:
        found = kg.why(row["event"], f"{row['p']} {row['o']}", view)
        voices = [v for w in found if w.fact for r in w.rows for v in r.claims if v.stance == "Asserts"]
        assert any(voice.documents for voice in voices), row


def test_a_dispute_about_a_number_leaves_the_plain_fact(tmp_path: Path) -> None:
    more = """
    :e a ekg:ReportedEvent .
    :p a ekg:Proposition ; ekg:about :e ; ekg:predicate ekg:performedBy ; ekg:object :f .
    :n a ekg:Proposition ; ekg:about :e ; ekg:predicate ekg:performedBy ; ekg:object :f ; ekg:count 2 .
    :c1 a ekg:Claim ; ekg:claimant :a ; ekg:stance ekg:Asserts ; ekg:proposition :n .
    :c2 a ekg:Claim ; ekg:claimant :b ; ekg:stance ekg:Asserts ; ekg:proposition :p .
    :c3 a ekg:Claim ; ekg:claimant :b ; ekg:stance ekg:Denies ; ekg:proposition :n ."""
    with read(tmp_path, more) as graph:
        (found,) = graph.why("urn:x:e", "2")
        assert "but not in these details: denied by" in found.reason
        assert [(row.judgement.fact, row.judgement.whole) for row in found.rows] == [
            (True, True),
            (True, False),
        ]
        assert [dispute.point.count for dispute in graph.disputed()] == [2]


def test_a_fact_of_an_event_that_may_not_have_happened_is_explained(tmp_path: Path) -> None:
    more = """:k a ekg:Proposition ; ekg:about :e ; ekg:object ekg:Battle ;
        ekg:predicate <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> .
    :c4 a ekg:Claim ; ekg:claimant :a ; ekg:stance ekg:Asserts ; ekg:proposition :k .
    :c5 a ekg:Claim ; ekg:claimant :b ; ekg:stance ekg:Denies ; ekg:proposition :k ."""
    with read(tmp_path, TALK + more) as graph:
        (found,) = graph.why("urn:x:e", "strikeCount 7")
    assert (found.fact, found.reason) == (
        False,
        "no fact in default: whether the event happened at all is contested",
    )


# Four events that data sets convey: one that all agree on, one with a denied part, one denied as a whole, one
# whose kind somebody denies; and one that two data sets convey.
ROWS = """
<urn:x:g> {
    :set a ekg:SourceDataset .
    :e1 a ekg:Event , ekg:AirStrike ; ekg:performedBy :army ; ekg:deathsBest 5 .
    :e2 a ekg:Event , ekg:AirStrike ; ekg:performedBy :army ; ekg:deathsBest 6 .
    :e3 a ekg:Event , ekg:AirStrike ; ekg:performedBy :army ; ekg:deathsBest 7 .
    :e4 a ekg:Event , ekg:AirStrike ; ekg:performedBy :army ; ekg:deathsBest 8 .
    :e5 a ekg:Event , ekg:AirStrike ; ekg:performedBy :army ; ekg:deathsBest 9 .
    :r1 ekg:conveys :e1 ; ekg:record "1" . :r2 ekg:conveys :e2 ; ekg:record "2" .
    :r3 ekg:conveys :e3 ; ekg:record "3" . :r4 ekg:conveys :e4 ; ekg:record "4" .
    :r5 ekg:conveys :e5 ; ekg:record "5" ; ekg:attributedTo :witness , :agency .
    :r1 a ekg:Claim ; ekg:claimant :maker ; ekg:stance ekg:Asserts .
    :r2 a ekg:Claim ; ekg:claimant :maker ; ekg:stance ekg:Asserts .
    :r3 a ekg:Claim ; ekg:claimant :maker ; ekg:stance ekg:Asserts .
    :r4 a ekg:Claim ; ekg:claimant :maker ; ekg:stance ekg:Asserts .
    :r5 a ekg:Claim ; ekg:claimant :maker ; ekg:stance ekg:Asserts .
}
<urn:x:h> {
    :e1 a ekg:Event , ekg:AirStrike ; ekg:deathsBest 15 ; ekg:performedBy :army .
    :l1 a ekg:Claim ; ekg:claimant :other ; ekg:stance ekg:Asserts ; ekg:conveys :e1 ; ekg:record "A" .
}
<urn:x:curated> {
    :p2 a ekg:Proposition ; ekg:about :e2 ; ekg:predicate ekg:performedBy ; ekg:object :army .
    :n2 a ekg:Claim ; ekg:claimant :army ; ekg:stance ekg:Denies ; ekg:proposition :p2 ; ekg:foundIn :paper .
    :y2 a ekg:Claim ; ekg:claimant :ally ; ekg:stance ekg:Asserts ; ekg:proposition :p2 ; ekg:foundIn :paper .
    :n3 a ekg:Claim ; ekg:claimant :army ; ekg:stance ekg:Denies ; ekg:respondsTo :r3 ; ekg:foundIn :paper .
    :p4 a ekg:Proposition ; ekg:about :e4 ; ekg:object ekg:Event ;
        ekg:predicate <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> .
    :n4 a ekg:Claim ; ekg:claimant :army ; ekg:stance ekg:Denies ; ekg:proposition :p4 ; ekg:foundIn :paper .
    :p5 a ekg:Proposition ; ekg:about :e5 ; ekg:predicate ekg:performedBy ; ekg:object :army ; ekg:count 2 .
    :y5 a ekg:Claim ; ekg:claimant :ally ; ekg:stance ekg:Asserts ; ekg:proposition :p5 ; ekg:foundIn :paper .
}"""


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    with read(tmp_path_factory.mktemp("rows"), ROWS) as graph:
        yield graph


@pytest.mark.slow
@pytest.mark.parametrize(
    ("view", "events"),
    [
        ("default", {"e1", "e2", "e5"}),
        ("all", {"e1", "e2", "e3", "e4", "e5"}),
        ("corroborated", {"e1", "e5"}),
        ("claimant/urn:x:maker", {"e1", "e2", "e3", "e4", "e5"}),
        ("claimant/urn:x:army", {"e1", "e2", "e5"}),
    ],
)
def test_every_fact_of_a_data_set_has_a_why_that_ends_in_a_row_or_a_document(
    rows: KnowledgeGraph, view: str, events: set[str]
) -> None:
    facts = rows.query(
        "SELECT DISTINCT ?e ?p ?o { ?e ?p ?o FILTER(?p != ekg:hasFact && ?o != ekg:ReportedEvent "
        "&& STRSTARTS(STR(?e), 'urn:x:e')) }",
        view,
    )
    assert isinstance(facts, Solutions)
    assert {str(row["e"]).removeprefix("urn:x:") for row in facts} == events
    for row in facts:
        found = rows.why(row["e"], f"{row['p']} {row['o']}", view)
        voices = [v for why in found if why.fact for r in why.rows for v in r.claims if v.stance == "Asserts"]
        assert any(voice.documents or voice.record for voice in voices), row


@pytest.mark.slow
def test_what_is_contested_is_marked_in_the_world_that_adopts_everything(rows: KnowledgeGraph) -> None:
    marked = rows.query(
        """SELECT DISTINCT ?e { ?p ekg:about ?e ; ekg:predicate ?predicate ; ekg:object|ekg:value ?o ;
        ekg:status ekg:Contested . ?e ?predicate ?o FILTER(?predicate != rdf:type) }""",
        "all",
    )
    assert isinstance(marked, Solutions)
    assert {str(row["e"]).removeprefix("urn:x:") for row in marked} == {"e2", "e3"}
    (why, *_) = rows.why("urn:x:e3", "deathsBest", "all")
    assert why.fact
    assert "adopts what is contested as well" in why.reason


@pytest.mark.slow
@pytest.mark.parametrize(
    ("view", "event", "expected"),
    [
        ("all", None, {"e2": 1, "e3": 4, "e4": 4}),
        ("claimant/urn:x:maker", None, {"e2": 1, "e3": 4, "e4": 4}),
        ("claimant/urn:x:army", None, {}),
        ("corroborated", None, {"e1": 2, "e2": 3}),  # nobody speaks of what falls there but their data sets
        ("corroborated", "urn:x:e2", {"e2": 3}),
        ("corroborated", "urn:x:e5", {}),
    ],
)
def test_worlds_differ_in_facts_of_data_sets_too(
    rows: KnowledgeGraph, view: str, event: str | None, expected: dict[str, int]
) -> None:
    found = rows.compare("default", view, event).differences
    assert Counter(each.point.about.iri.removeprefix("urn:x:") for each in found) == expected
    assert {each.kind for each in found} <= {"only-in-a" if view == "corroborated" else "only-in-b"}
    assert all(each.a.fact == each.a.whole and each.b.fact == each.b.whole for each in found)
