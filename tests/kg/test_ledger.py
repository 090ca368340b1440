"""Who says what about an event, why something is a fact, what is contested, in what two worlds differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import eventkg
from eventkg.errors import UsageError
from eventkg.kg.dossier import UnknownSubjectError
from eventkg.model.naming import EKG, VIEW, shorten
from eventkg.query.answers import Solutions

if TYPE_CHECKING:
    from pathlib import Path

    from eventkg import KnowledgeGraph
    from eventkg.kg.ledger import Ledger, Row

MINISTRY, PENTAGON = "claimant/russian-defence-ministry", "claimant/pentagon"
VIEWS = ("default", MINISTRY, PENTAGON, "all", "corroborated")
EVENTS = (
    *("2017-01-18-al-bab-strike", "2017-01-21-al-bab-strike", "2017-01-22-al-bab-strike"),
    *("2017-01-22-coordinates-transfer", "2017-01-22-reconnaissance", "us-russian-coordination"),
    *("euphrates-shield", "jarabulus-retaken"),
)
JAN_21, JAN_22, TALKS = EVENTS[1], EVENTS[2], EVENTS[5]
COALITION = "performed by US-led coalition, 2"
AUTHOR = "Author of the joint mission article"
PREFIXES = """@prefix ekg: <https://w3id.org/eventkg/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix : <urn:x:> .
"""


def rows(ledger: Ledger) -> dict[str, Row]:
    return {f"{row.point.predicate.label} {row.point.words}": row for row in ledger.rows}


def read(tmp_path: Path, turtle: str, name: str = "more.trig") -> KnowledgeGraph:
    file = tmp_path / name
    file.write_text(PREFIXES + turtle, encoding="utf-8")
    return eventkg.read([file])


@pytest.mark.parametrize(
    ("event", "view", "point", "status", "fact"),
    [
        (JAN_22, "default", COALITION, "Contested", False),
        (JAN_22, MINISTRY, COALITION, "Uncontested", True),
        (JAN_22, PENTAGON, COALITION, "Contested", False),
        (JAN_22, "all", COALITION, "Contested", True),
        (JAN_22, "default", "performed by Russian Aerospace Forces", "Uncontested", True),
        (JAN_22, "default", "performed by Turkish Air Force", "Unsupported", False),
        (
            JAN_21,
            "default",
            "performed by Russian Aerospace Forces, 3: 2 Su-24M, 1 Su-34",
            "Uncontested",
            True,
        ),
        (JAN_21, "default", "in series Russian-Turkish joint strikes, no. 2", "Uncontested", True),
        (JAN_21, "default", "targets struck 22", "Uncontested", True),
        (JAN_21, "corroborated", "targets struck 22", "Uncontested", False),
        (TALKS, "default", "coordination level no coordination", "Contested", False),
        (TALKS, PENTAGON, "coordination level no coordination", "Uncontested", True),
        ("place:al-bab", "default", "within Aleppo province", "Uncontested", True),
    ],
)
def test_a_point_has_the_status_of_the_view(
    kg: KnowledgeGraph, event: str, view: str, point: str, status: str, fact: bool
) -> None:
    ledger = kg.claims(event, view)
    judged = rows(ledger)[point].judgement
    assert (judged.status, judged.fact, judged.whole) == (status, fact, fact)
    assert ledger.view == VIEW + view


@pytest.mark.parametrize(
    "name",
    [JAN_22, f"event:{JAN_22}", f"https://w3id.org/eventkg/id/event/{JAN_22}", JAN_22.replace("-", "%2D")],
)
def test_an_event_goes_by_its_name_or_its_iri(kg: KnowledgeGraph, name: str) -> None:
    assert kg.claims(name).subject.label == "Strike in Al-Bab, 22 January 2017"


@pytest.mark.parametrize(
    ("point", "claimant", "quotation", "stance", "roots"),
    [
        (COALITION, "Russian Defence Ministry", "two jets of the international coalition", "Asserts", []),
        (COALITION, AUTHOR, "Pentagon Denies", "Relays", [("Pentagon", "Denies")]),
        (COALITION, AUTHOR, "instead of US planes", "Doubts", []),
        (
            "performed by US-led coalition",  # Kremlin in the headline: it relays the ministry
            AUTHOR,
            "First Joint Mission With US-Coalition Aircraft Kremlin Says",
            "Relays",
            [("Russian Defence Ministry", "Asserts")],
        ),
    ],
)
def test_a_relay_is_shown_with_the_speaker_it_leads_to(
    kg: KnowledgeGraph, point: str, claimant: str, quotation: str, stance: str, roots: list[tuple[str, str]]
) -> None:
    voices = rows(kg.claims(JAN_22))[point].claims
    (voice,) = [v for v in voices if v.claimant.label == claimant and v.quotation == quotation]
    assert voice.stance == stance
    assert [(root.speaker.label, root.stance) for root in voice.roots] == roots


def test_a_claim_shows_its_words_and_their_place_in_the_document(kg: KnowledgeGraph) -> None:
    (voice,) = rows(kg.claims(JAN_21))["targets struck 22"].claims
    assert (voice.quotation, voice.start, voice.end) == ("22 Daesh targets have been struck", 2425, 2458)
    assert [shorten(document.iri) for document in voice.documents] == [
        "document:2017-01-23-joint-mission-article"
    ]


def test_every_claim_on_a_proposition_is_in_its_ledger(kg: KnowledgeGraph) -> None:
    answer = kg.query("SELECT ?event ?p ?c { ?c ekg:proposition ?p . ?p ekg:about ?event }")
    assert isinstance(answer, Solutions)
    for event in {row["event"] for row in answer}:
        expected = {(row["p"], row["c"]) for row in answer if row["event"] == event}
        found = {(r.point.proposition, voice.claim) for r in kg.claims(event).rows for voice in r.claims}
        assert expected <= found


@pytest.mark.parametrize(
    ("event", "predicate", "values", "speakers", "most", "spans"),
    [
        (JAN_21, "targetsStruck", 1, 1, 1, [(None, "22", "22")]),
        (
            *(JAN_21, "performedBy", 2, 1, 1),
            [("Russian Aerospace Forces", "3", "3"), ("Turkish Air Force", "4", "4")],
        ),
        (JAN_22, "target", 1, 1, 2, []),  # Interfax does not say where it has it from
        (JAN_22, "struckKind", 2, 0, 1, []),
        ("place:al-bab", "within", 1, 1, 2, []),
    ],
)
def test_agreement_counts_values_and_independent_speakers(
    kg: KnowledgeGraph,
    event: str,
    predicate: str,
    values: int,
    speakers: int,
    most: int,
    spans: list[tuple[str | None, str, str]],
) -> None:
    (found,) = [a for a in kg.claims(event).agreement if a.predicate.iri == EKG + predicate]
    assert (found.values, found.speakers, found.speakers_max) == (values, speakers, most)
    assert [(s.of.label if s.of else None, s.low, s.high) for s in found.spans] == spans


def test_what_nobody_asserts_is_no_agreement(kg: KnowledgeGraph) -> None:
    assert {shorten(a.predicate.iri) for a in kg.claims(TALKS).agreement} == {"ekg:coordinationLevel"}


@pytest.mark.parametrize(
    ("ask", "kind", "message"),
    [
        (lambda kg: kg.claims("nope"), UnknownSubjectError, "event:nope: nothing of this name"),
        (lambda kg: kg.claims("x> . ?s ?p ?o"), UnknownSubjectError, "nothing of this name"),
        (lambda kg: kg.claims("http://a b"), UsageError, "an event's name or an IRI expected"),
        (lambda kg: kg.claims(JAN_22, "mine"), UsageError, "one of default, corroborated, all"),
        (lambda kg: kg.claims(JAN_22, "claimant/nobody"), UsageError, "who says nothing here"),
        (lambda kg: kg.why(JAN_22, "weather"), UsageError, "what is spoken of: type, performedBy, target"),
        (lambda kg: kg.why("actor:kremlin", "22"), UsageError, "what is spoken of: nothing"),
        (lambda kg: kg.compare("default", "all", "nope"), UnknownSubjectError, "nothing of this name"),
        (lambda kg: kg.disputed("mine"), UsageError, "one of default, corroborated, all"),
    ],
)
def test_what_is_not_there_is_said(
    kg: KnowledgeGraph, ask: object, kind: type[Exception], message: str
) -> None:
    assert callable(ask)
    with pytest.raises(kind, match=message):
        ask(kg)


def test_a_thing_that_nobody_speaks_of_has_an_empty_ledger(kg: KnowledgeGraph) -> None:
    ledger = kg.claims("actor:kremlin")
    assert (ledger.subject.label, ledger.rows, ledger.agreement) == ("Kremlin", (), ())
    assert kg.compare("default", "all", "actor:kremlin").differences == ()


BULK = """
:dataset { :battle a ekg:Battle ; skos:prefLabel "A battle"@en ; ekg:deathsBest 12 ; ekg:deathsLow 3 .
    :row a ekg:Claim ; ekg:claimant :monitor ; ekg:stance ekg:Asserts ; ekg:conveys :battle ;
        ekg:attributedTo :army ; ekg:foundIn :report ; ekg:record "SYR-7" .
    :monitor skos:prefLabel "A monitor"@en . :army skos:prefLabel "An army"@en . }
:other { :battle ekg:deathsBest 20 .
    :row2 a ekg:Claim ; ekg:claimant :rebels ; ekg:stance ekg:Asserts ; ekg:conveys :battle ;
        ekg:foundIn :paper ; ekg:record "9" . }
:background { :battle ekg:strikeCount 5 . }
"""


@pytest.mark.parametrize(
    ("words", "claims", "records"),
    [
        ("deathsBest 12", {"urn:x:row"}, ["SYR-7"]),
        ("deathsLow", {"urn:x:row"}, ["SYR-7"]),
        ("20", {"urn:x:row2"}, ["9"]),
        ("battle", {"urn:x:row"}, ["SYR-7"]),
    ],
)
def test_a_row_of_a_data_set_asserts_the_facts_in_its_graph(
    tmp_path: Path, words: str, claims: set[str], records: list[str]
) -> None:
    with read(tmp_path, BULK) as graph:
        (found,) = graph.why("urn:x:battle", words)
    (row,) = found.rows
    assert {voice.claim for voice in row.claims} == claims
    assert [voice.record for voice in row.claims] == records
    assert (found.fact, row.judgement.status, row.point.proposition) == (True, "Uncontested", None)


def test_the_numbers_of_data_sets_are_compared(tmp_path: Path) -> None:
    with read(tmp_path, BULK) as graph:
        ledger = graph.claims("urn:x:battle", "all")
    (found,) = [a for a in ledger.agreement if a.predicate.iri == f"{EKG}deathsBest"]
    assert (found.values, found.speakers, found.spans[0].low, found.spans[0].high) == (2, 2, "12", "20")
    (row,) = [r for r in ledger.rows if r.point.value == "12"]
    assert [name.label for name in row.judgement.asserted_by] == ["A monitor", "An army"]
    assert row.judgement.independent == 1  # the monitor only passes on what the army says


def test_a_fact_that_no_claim_conveys_is_in_no_row(tmp_path: Path) -> None:
    with read(tmp_path, BULK) as graph, pytest.raises(UsageError, match="nobody says 'strikeCount'"):
        graph.why("urn:x:battle", "strikeCount")


TALK = """
:e a ekg:ReportedEvent . :p a ekg:Proposition ; ekg:about :e ; ekg:predicate ekg:strikeCount ; ekg:value 7 .
:c1 a ekg:Claim ; ekg:claimant :a ; ekg:stance ekg:Asserts ; ekg:proposition :p .
"""


@pytest.mark.parametrize(
    ("more", "claim", "expected"),
    [
        (
            ":c2 a ekg:Claim ; ekg:claimant :a ; ekg:stance ekg:Retracts ; ekg:respondsTo :c1 .",
            "c1",
            "withdrawn",
        ),
        (
            ":c2 a ekg:Claim ; ekg:claimant :a ; ekg:stance ekg:Retracts ; ekg:proposition :p .",
            "c1",
            "withdrawn",
        ),
        (
            ":c2 a ekg:Claim ; ekg:claimant :b ; ekg:stance ekg:Denies ; ekg:respondsTo :c1 .",
            "c2",
            "a Asserts",
        ),
        (
            """:c2 a ekg:Claim ; ekg:claimant :b ; ekg:stance ekg:Denies ; ekg:respondsTo :c1 .
            :c3 a ekg:Claim ; ekg:claimant :d ; ekg:stance ekg:Doubts ; ekg:respondsTo :c2 .""",
            *("c3", "b Denies"),
        ),
        (":c2 a ekg:Claim ; ekg:claimant :b ; ekg:stance ekg:Relays ; ekg:relays :c1 .", "c2", "a Asserts"),
        (
            """:c2 a ekg:Claim ; ekg:claimant :b ; ekg:stance ekg:Relays ; ekg:proposition :p ;
                ekg:relays :c3 .
            :c3 a ekg:Claim ; ekg:claimant :d ; ekg:stance ekg:Relays ; ekg:relays :c2 .""",
            *("c2", ""),
        ),
    ],
)
def test_answers_and_withdrawals_are_shown_for_what_they_are(
    tmp_path: Path, more: str, claim: str, expected: str
) -> None:
    with read(tmp_path, TALK + more) as graph:
        (row,) = graph.claims("urn:x:e").rows
    (voice,) = [v for v in row.claims if v.claim == f"urn:x:{claim}"]
    said = [f"{s.speaker.iri[-1]} {s.stance}" for s in (*voice.roots, *voice.answers)]
    assert " ".join([*said, *(["withdrawn"] if voice.withdrawn else [])]) == expected


@pytest.mark.slow
def test_a_remote_store_has_the_same_ledger(kg: KnowledgeGraph, server: str) -> None:
    with eventkg.open(f"{server}/sparql") as graph:
        assert graph.claims(JAN_22) == kg.claims(JAN_22)
        assert graph.claims("place:al-bab") == kg.claims("place:al-bab")
        assert graph.why(JAN_21, "22") == kg.why(JAN_21, "22")
        assert graph.disputed() == kg.disputed()
        assert graph.compare("default", PENTAGON, JAN_22) == kg.compare("default", PENTAGON, JAN_22)
        assert graph.claims(JAN_22, MINISTRY) == kg.claims(JAN_22, MINISTRY)
        with pytest.raises(UnknownSubjectError, match="nothing of this name"):
            graph.claims("nope")


def test_a_store_on_disk_has_the_same_ledger(kg: KnowledgeGraph, tmp_path: Path) -> None:
    from eventkg.kg.loading import Load, load
    from eventkg.settings import Limits, resources

    seed = tuple(str(path) for path in sorted((resources() / "data" / "seed").glob("*.ttl")))
    load(tmp_path / "store", Load(seed), Limits())
    with eventkg.open(tmp_path / "store") as graph:
        assert graph.claims(JAN_22, MINISTRY) == kg.claims(JAN_22, MINISTRY)
        assert graph.disputed() == kg.disputed()


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("al-bab", "did you mean event:2017-01-18-al-bab-strike or event:2017-01-21-al-bab-strike or "),
        ("Euphrates", r"did you mean event:euphrates-shield\?$"),
        ("nowhere", "nothing of this name is in the graph$"),
    ],
)
def test_a_name_that_is_part_of_another_leads_to_it(kg: KnowledgeGraph, name: str, meant: str) -> None:
    with pytest.raises(UsageError, match=meant):
        kg.claims(name)
