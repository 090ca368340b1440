"""The book as it is read out of a store, and what is written back."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from eventkg.claims.reading import read_book
from eventkg.claims.writing import rederive
from eventkg.errors import DataError
from eventkg.model.claim import Stance, Value
from eventkg.model.naming import EKG, GRAPH_DERIVED, GRAPH_USER, PREFIXES, XSD
from eventkg.store.bundled import bundled_quads

_HEAD = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
_PROPOSITION = """
proposition:p a ekg:Proposition ; ekg:about event:e ; ekg:predicate ekg:performedBy ; ekg:object actor:a ;
    ekg:count 3 ; ekg:equipment <https://w3id.org/eventkg/id/proposition/p/equipment/1> .
<https://w3id.org/eventkg/id/proposition/p/equipment/1> a ekg:EquipmentCount ;
    ekg:equipmentType equipment:su-34 ; ekg:count 1 .
"""
_CLAIM = """
claim:c a ekg:Claim ; ekg:claimant actor:m ; ekg:stance ekg:Asserts ; ekg:proposition proposition:p ;
    ekg:rootStatus <https://w3id.org/eventkg/code/root-status/unstated> ;
    ekg:claimantRelation <https://w3id.org/eventkg/code/claimant-relation/author> ;
    ekg:modality <https://w3id.org/eventkg/code/modality/feared> ;
    ekg:claimedOn "2017-01-23"^^xsd:date .
actor:m a ekg:MediaOutlet .
"""


def store(*texts: str) -> ox.Store:
    found = ox.Store()
    found.load(
        "".join((_HEAD, *texts)).encode(), format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(GRAPH_USER)
    )
    return found


def test_a_proposition_keeps_its_qualifiers() -> None:
    (proposition,) = read_book(store(_PROPOSITION)).propositions.values()
    assert proposition.statement.object == Value("https://w3id.org/eventkg/id/actor/a")
    assert proposition.qualifiers == {
        ("count", "3"),
        ("equipment", "1 https://w3id.org/eventkg/id/equipment/su-34"),
    }


def test_a_claim_keeps_who_says_it_and_how() -> None:
    book = read_book(store(_PROPOSITION, _CLAIM))
    (claim,) = book.claims.values()
    assert (claim.stance, claim.relation, claim.root_stated, claim.actual, claim.claimed_on) == (
        Stance.ASSERTS, "author", False, False, "2017-01-23",
    )  # fmt: skip
    assert book.kinds["https://w3id.org/eventkg/id/actor/m"] == {"MediaOutlet"}


def test_a_literal_keeps_its_datatype() -> None:
    text = (
        "proposition:p a ekg:Proposition ; ekg:about event:e ;"
        ' ekg:predicate ekg:date ; ekg:value "2017-01-22"^^xsd:date .'
    )
    (proposition,) = read_book(store(text)).propositions.values()
    assert proposition.statement.object == Value("2017-01-22", f"{XSD}date")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("proposition:p a ekg:Proposition .", "0 values of ekg:about found, exactly 1 expected"),
        (_PROPOSITION + "proposition:p ekg:value 5 .", "2 values of ekg:object or ekg:value found"),
        (_CLAIM.replace("ekg:claimant actor:m ;", ""), "0 values of ekg:claimant found"),
        (_CLAIM.replace("ekg:Asserts", "ekg:Shouts"), "one of Asserts, Denies, Doubts, Speculates"),
    ],
)
def test_what_cannot_be_derived_from_is_named(text: str, found: str) -> None:
    with pytest.raises(DataError, match=found):
        read_book(store(text))


def test_deriving_twice_is_deriving_once() -> None:
    graph = ox.Store()
    graph.extend(bundled_quads())
    rederive(graph)
    once = set(graph)
    rederive(graph)
    assert set(graph) == once


def test_what_was_derived_is_no_source_of_claims() -> None:
    graph = store(_PROPOSITION, _CLAIM)
    book = read_book(graph)
    status = ox.NamedNode(f"{EKG}count")
    proposition = ox.NamedNode("https://w3id.org/eventkg/id/proposition/p")
    graph.add(ox.Quad(proposition, status, ox.Literal(99), ox.NamedNode(GRAPH_DERIVED)))
    assert read_book(graph) == book
