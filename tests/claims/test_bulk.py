"""Facts of data sets: they stand as given until somebody contests them, and come back."""

from __future__ import annotations

from itertools import permutations

import pyoxigraph as ox
import pytest

from eventkg.claims.incremental import neighbours, rederive_part
from eventkg.claims.policy import ALL, CORROBORATED, DEFAULT, NOBODY, Policy, Voices, as_known_on, as_told_by
from eventkg.claims.worlds import difference
from eventkg.claims.writing import rederive
from eventkg.model.claim import Stance
from eventkg.model.naming import EKG, GRAPH_MOVED, GRAPH_ONTOLOGY, PREFIXES, RDF
from eventkg.settings import resources

_HEAD = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
_HEAD += "@prefix : <urn:x:> .\n"
ROWS = """GRAPH :ucdp {
    :e a ekg:Event , ekg:AirStrike ; ekg:performedBy :army ; ekg:deathsBest 5 ; skos:prefLabel "Strike"@en ;
        ekg:fromDataset :set .
    :row a ekg:Claim ; ekg:claimant :maker ; ekg:stance ekg:Asserts ; ekg:conveys :e ; ekg:foundIn :report ;
        ekg:attributedTo :agency .
    :f a ekg:Event ; ekg:performedBy :army .
    :row-f a ekg:Claim ; ekg:claimant :maker ; ekg:stance ekg:Asserts ; ekg:conveys :f ; ekg:foundIn :report .
}"""
SAID = """GRAPH :curated {
    :p a ekg:Proposition ; ekg:about :e ; ekg:predicate ekg:performedBy ; ekg:object :army .
}"""
DENIED = """GRAPH :curated {
    :no a ekg:Claim ; ekg:claimant :ministry ; ekg:stance ekg:Denies ; ekg:proposition :p .
}"""
RETRACTED = """GRAPH :later {
    :sorry a ekg:Claim ; ekg:claimant :ministry ; ekg:stance ekg:Retracts ; ekg:respondsTo :no .
}"""
NEVER = """GRAPH :curated {
    :t a ekg:Proposition ; ekg:about :e ; ekg:predicate rdf:type ; ekg:object ekg:AirStrike .
    :never a ekg:Claim ; ekg:claimant :ministry ; ekg:stance ekg:Denies ; ekg:proposition :t .
}"""
RIVAL = """GRAPH :curated {
    :q a ekg:Proposition ; ekg:about :e ; ekg:predicate ekg:performedBy ; ekg:object :rebels ;
        ekg:contradicts :p .
    :other a ekg:Claim ; ekg:claimant :ministry ; ekg:stance ekg:Asserts ; ekg:proposition :q .
}"""
CONTESTS = "GRAPH :ucdp { :set a ekg:SourceDataset ; ekg:contests true . }"
ANSWER = """GRAPH :curated {
    :no a ekg:Claim ; ekg:claimant :ministry ; ekg:stance ekg:Denies ; ekg:respondsTo :row .
}"""
AGREED = DENIED.replace("Denies", "Asserts")
ALL_FACTS = {"type AirStrike", "type Event", "performedBy army", "deathsBest 5"}


@pytest.fixture(scope="module")
def ontology() -> list[ox.Quad]:
    path = resources() / "ontology" / "eventkg.ttl"
    claimable, graph = ox.NamedNode(f"{EKG}ClaimableProperty"), ox.NamedNode(GRAPH_ONTOLOGY)
    declared = (q for q in ox.parse(path=str(path)) if q.object == claimable)
    return [ox.Quad(q.subject, q.predicate, q.object, graph) for q in declared]


def quads(*texts: str) -> list[ox.Quad]:
    return [q for text in texts for q in ox.parse((_HEAD + text).encode(), format=ox.RdfFormat.TRIG)]


def store(ontology: list[ox.Quad], *texts: str) -> ox.Store:
    found = ox.Store()
    found.extend((*ontology, *quads(*texts)))
    rederive(found)
    return found


def facts(found: ox.Store, event: str = "e") -> set[str]:
    """The plain facts about an event in the default world: `performedBy army`."""
    stated = found.quads_for_pattern(ox.NamedNode(f"urn:x:{event}"), None, None)
    local = {_local(q.predicate) + " " + _local(q.object) for q in stated}
    return {fact for fact in local if fact.split()[0] in {"type", "performedBy", "deathsBest"}}


def _iri(term: object) -> str:
    assert isinstance(term, ox.NamedNode)
    return term.value


def _local(term: object) -> str:
    text = term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)
    return text.rpartition("#")[2].rpartition(":")[2]


def seen(found: ox.Store, policy: Policy) -> ox.Store:
    """The store as a view has it."""
    removed, added = difference(found, policy)
    view = ox.Store()
    view.extend(set(found) - set(ox.parse(removed, format=ox.RdfFormat.N_QUADS)))
    view.extend(ox.parse(added, format=ox.RdfFormat.N_QUADS))
    return view


MINISTRY, AGENCY, MAKER = (as_told_by(f"urn:x:{name}") for name in ("ministry", "agency", "maker"))


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        pytest.param([ROWS], ALL_FACTS, id="nobody speaks of it"),
        pytest.param([ROWS, SAID], ALL_FACTS, id="a proposition that nobody takes a stance on"),
        pytest.param([ROWS, SAID, AGREED], ALL_FACTS, id="somebody agrees"),
        pytest.param([ROWS, SAID, DENIED], ALL_FACTS - {"performedBy army"}, id="one fact is denied"),
        pytest.param([ROWS, SAID, DENIED, RETRACTED], ALL_FACTS, id="and the denial taken back"),
        pytest.param(
            [ROWS, SAID, RIVAL], ALL_FACTS - {"performedBy army"}, id="a curated contradiction is asserted"
        ),
        pytest.param(
            [ROWS, SAID, RIVAL.replace("Asserts", "Speculates")], ALL_FACTS, id="or only guessed at"
        ),
        pytest.param([ROWS, NEVER], {"type ReportedEvent"}, id="it never happened"),
        pytest.param(
            [ROWS, NEVER.replace("ekg:AirStrike", "ekg:Event")], {"type ReportedEvent"}, id="it was no event"
        ),
        pytest.param(
            [ROWS, NEVER, "GRAPH :ucdp { :e a ekg:Battle }"],
            {"type Event", "type Battle", "performedBy army", "deathsBest 5"},
            id="it was another kind of event",
        ),
        pytest.param([ROWS, ANSWER], {"type ReportedEvent"}, id="the row is denied as a whole"),
        pytest.param(
            [ROWS, ANSWER.replace("Denies", "Retracts").replace(":ministry", ":maker")],
            {"type ReportedEvent"},
            id="the row is taken back by who made it",
        ),
        pytest.param([ROWS, ANSWER.replace("Denies", "Retracts")], ALL_FACTS, id="but not by another"),
    ],
)
def test_a_contested_fact_of_a_data_set_is_no_fact(
    ontology: list[ox.Quad], texts: list[str], expected: set[str]
) -> None:
    found = store(ontology, *texts)
    expected = expected | ({"performedBy rebels"} if RIVAL in texts and CONTESTS not in texts else set())
    assert facts(found) == expected
    assert facts(found, "f") == {"type Event", "performedBy army"}


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([ROWS, SAID, RIVAL], "Uncontested"),
        ([ROWS, SAID, RIVAL, CONTESTS], "Contested"),
        ([ROWS, SAID, RIVAL, CONTESTS.replace("true", "false")], "Uncontested"),
    ],
)
def test_a_data_set_contests_what_others_say_only_if_it_declares_that_it_does(
    ontology: list[ox.Quad], texts: list[str], expected: str
) -> None:
    found = store(ontology, *texts)
    assert status(found, "urn:x:q") == expected
    assert status(found, "urn:x:p") == "Contested"


def status(found: ox.Store, node: str, name: str = "status") -> str:
    (value,) = found.quads_for_pattern(ox.NamedNode(node), ox.NamedNode(EKG + name), None)
    return _local(value.object)


def test_a_moved_fact_is_a_proposition_that_its_row_asserts(ontology: list[ox.Quad]) -> None:
    found = store(ontology, ROWS, SAID, DENIED)
    moved = set(found.quads_for_pattern(None, None, None, ox.NamedNode(GRAPH_MOVED)))
    said = {(_local(q.subject), _local(q.predicate), _local(q.object)) for q in moved}
    assert {one for one in said if one[0] in {"p", "row"}} == {
        ("p", "movedFrom", "ucdp"),
        ("row", "proposition", "p"),
    }
    kept = {name: value for node, name, value in said - {("p", "movedFrom", "ucdp")} if node != "row"}
    assert kept.pop("//purl.org/dc/terms/isReplacedBy") == "p"
    assert kept == {"subject": "e", "predicate": "performedBy", "object": "army", "movedFrom": "ucdp"}
    asserting = found.quads_for_pattern(ox.NamedNode("urn:x:p"), ox.NamedNode(f"{EKG}assertedBy"), None)
    assert {_local(q.object) for q in asserting} == {"maker", "agency"}
    assert status(found, "urn:x:p", "independentClaimants") == "1"


@pytest.mark.parametrize(
    "texts", [[ROWS, SAID, DENIED], [ROWS, SAID, AGREED], [ROWS, NEVER], [ROWS, ANSWER], [ROWS, SAID, RIVAL]]
)
@pytest.mark.parametrize(
    "policy", [DEFAULT, ALL, CORROBORATED, MINISTRY, MAKER], ids=lambda policy: policy.name
)
def test_no_statement_is_met_twice_in_the_union_of_all_graphs(
    ontology: list[ox.Quad], texts: list[str], policy: Policy
) -> None:
    """The engine counts a triple that stands in two graphs twice."""
    found = store(ontology, *texts)
    stated = [(q.subject, q.predicate, q.object) for q in seen(found, policy)]
    assert len(stated) == len(set(stated))


@pytest.mark.parametrize("texts", [[ROWS, SAID, DENIED], [ROWS, NEVER], [ROWS, ANSWER], [ROWS, SAID, RIVAL]])
def test_what_was_moved_is_all_there_and_comes_back(ontology: list[ox.Quad], texts: list[str]) -> None:
    rows, curated = quads(ROWS), quads(*texts[1:])
    found = store(ontology, *texts)
    once = set(found)
    rederive(found)
    assert set(found) == once
    found.extend(rows)  # the source is imported again
    rederive(found)
    assert set(found) == once
    for quad in curated:
        found.remove(quad)
    rederive(found)
    assert set(rows) <= set(found)
    assert not list(found.quads_for_pattern(None, None, None, ox.NamedNode(GRAPH_MOVED)))


_PARTS = {"ROWS": ROWS, "SAID": SAID, "DENIED": DENIED, "RETRACTED": RETRACTED}


@pytest.mark.parametrize("order", list(permutations(_PARTS)))
def test_deriving_step_by_step_moves_what_deriving_at_once_does(
    ontology: list[ox.Quad], order: tuple[str, ...]
) -> None:
    found, loaded = store(ontology), list[str]()
    for name in order:
        found.extend(quads(_PARTS[name]))
        rederive_part(found, {_iri(q.subject) for q in quads(_PARTS[name])})
        loaded.append(_PARTS[name])
        assert set(found) == set(store(ontology, *loaded))
    for name in order[:-1]:
        gone = quads(_PARTS[name])
        touched = neighbours(found, {_iri(q.subject) for q in gone})
        loaded.remove(_PARTS[name])
        for quad in gone:
            found.remove(quad)
        rederive_part(found, touched)
        assert set(found) == set(store(ontology, *loaded))


@pytest.mark.parametrize(
    ("policy", "texts", "expected"),
    [
        (MINISTRY, [ROWS, SAID, DENIED], ALL_FACTS - {"performedBy army"}),
        (AGENCY, [ROWS, SAID, DENIED], ALL_FACTS),
        (MAKER, [ROWS, SAID, DENIED], ALL_FACTS),
        (MAKER, [ROWS], ALL_FACTS),
        (ALL, [ROWS, SAID, DENIED], ALL_FACTS),
        (ALL, [ROWS, NEVER], ALL_FACTS),
        (CORROBORATED, [ROWS], {"type ReportedEvent"}),
        (CORROBORATED, [ROWS, SAID, AGREED], {"type ReportedEvent", "performedBy army"}),
        (CORROBORATED, [ROWS, "GRAPH :ucdp { :row ekg:attributedTo :witness }"], ALL_FACTS),
        (
            CORROBORATED,
            [ROWS, ROWS.replace(":ucdp {", ":acled {").replace(":row", ":line").replace(":agency", ":army")],
            ALL_FACTS,
        ),
        (CORROBORATED, [ROWS, ROWS.replace(":ucdp", ":acled").replace(":row", ":l")], {"type ReportedEvent"}),
        (
            Policy("urn:mine", heard=Voices(only_speakers=frozenset({"urn:x:ministry"}))),
            [ROWS, SAID, AGREED],
            {"type ReportedEvent", "performedBy army"},
        ),
        (
            Policy("urn:mine", denial_veto=NOBODY),
            [ROWS, SAID, DENIED],
            ALL_FACTS,
        ),
    ],
)  # fmt: skip
def test_a_view_holds_the_facts_of_data_sets_that_its_policy_adopts(
    ontology: list[ox.Quad], policy: Policy, texts: list[str], expected: set[str]
) -> None:
    found = store(ontology, *texts)
    before = set(found)
    assert facts(seen(found, policy)) == expected
    assert set(found) == before


ROW_OF_2016 = 'GRAPH :ucdp { :row ekg:recordedOn "2016-01-01" }'
DENIED_IN_2018 = 'GRAPH :curated { :no ekg:claimedOn "2018-01-01" }'
OTHER_SET = (
    ROWS.replace(":ucdp {", ":acled {").replace(":row", ":line").replace("deathsBest 5", "deathsBest 9")
)
NOT_UCDP = Policy("urn:mine", not_sources=frozenset({"urn:x:ucdp"}))


@pytest.mark.parametrize(
    ("policy", "texts", "expected"),
    [
        pytest.param(NOT_UCDP, [ROWS], {"type ReportedEvent"}, id="rows of a source that is not read"),
        pytest.param(
            *(NOT_UCDP, [ROWS, SAID, AGREED], {"type ReportedEvent", "performedBy army"}),
            id="what somebody who is heard says as well",
        ),
        pytest.param(
            *(NOT_UCDP, [ROWS, SAID, DENIED], {"type ReportedEvent"}),
            id="a contested fact of a row that is not read stays away",
        ),
        pytest.param(
            Policy("urn:mine", not_sources=frozenset({"urn:x:curated"})),
            *([ROWS, SAID, DENIED], ALL_FACTS),
            id="a denial that is not read moves nothing",
        ),
        pytest.param(
            Policy("urn:mine", known_on="2017-01-01"),
            *([ROWS, ROW_OF_2016, SAID, DENIED, DENIED_IN_2018], ALL_FACTS),
            id="nobody had denied it yet",
        ),
        pytest.param(
            Policy("urn:mine", known_on="2018-01-01"),
            *([ROWS, ROW_OF_2016, SAID, DENIED, DENIED_IN_2018], ALL_FACTS - {"performedBy army"}),
            id="somebody had denied it",
        ),
        pytest.param(
            as_known_on(MINISTRY, "2017-01-01"),
            *([ROWS, ROW_OF_2016, SAID, DENIED, DENIED_IN_2018], ALL_FACTS),
            id="the speaker had not denied it yet",
        ),
        pytest.param(
            as_known_on(MINISTRY, "2017-01-01"),
            *([ROWS, SAID, DENIED, DENIED_IN_2018], {"type ReportedEvent"}),
            id="nor is a row without a day known by any",
        ),
        pytest.param(
            Policy("urn:mine", reliability="B"), [ROWS], {"type ReportedEvent"}, id="rows that nobody graded"
        ),
        pytest.param(
            Policy("urn:mine", stances=frozenset({Stance.DENIES})),
            *([ROWS, SAID, DENIED], {"type ReportedEvent"}),
            id="only denials are heard",
        ),
        pytest.param(
            Policy("urn:mine", number="low"),
            *([ROWS, OTHER_SET], ALL_FACTS),
            id="the lower number of two data sets",
        ),
        pytest.param(
            Policy("urn:mine", number="high"),
            *([ROWS, OTHER_SET], (ALL_FACTS - {"deathsBest 5"}) | {"deathsBest 9"}),
            id="the higher number of two data sets",
        ),
    ],
)  # fmt: skip
def test_a_view_holds_the_facts_of_the_rows_that_its_policy_hears(
    ontology: list[ox.Quad], policy: Policy, texts: list[str], expected: set[str]
) -> None:
    found = store(ontology, *texts)
    assert facts(seen(found, policy)) == expected
    underived = ox.Store()
    underived.extend((*ontology, *quads(*texts)))
    assert facts(seen(underived, policy)) == expected


def test_a_view_names_the_rows_that_it_passes_over_and_describes_its_policy(ontology: list[ox.Quad]) -> None:
    view = seen(store(ontology, ROWS, SAID, DENIED), NOT_UCDP)
    passed_over = view.quads_for_pattern(None, ox.NamedNode(f"{EKG}passedOverBy"), None)
    assert {(_local(q.subject), _local(q.object)) for q in passed_over} == {
        ("row", "mine"), ("row-f", "mine"),
    }  # fmt: skip
    kinds = view.quads_for_pattern(ox.NamedNode("urn:mine"), ox.NamedNode(f"{RDF}type"), None)
    assert [_local(q.object) for q in kinds] == ["Policy"]


@pytest.mark.parametrize("texts", [[ROWS], [ROWS, SAID, DENIED], [ROWS, NEVER]])
def test_the_default_view_of_any_store_is_what_derivation_makes_of_it(
    ontology: list[ox.Quad], texts: list[str]
) -> None:
    found = store(ontology, *texts)
    assert difference(found, DEFAULT) == (b"", b"")
    underived = ox.Store()
    underived.extend((*ontology, *quads(*texts)))
    assert set(seen(underived, DEFAULT)) == set(found)


def test_a_graph_that_is_gone_takes_what_was_moved_out_of_it_along(ontology: list[ox.Quad]) -> None:
    found = store(ontology, ROWS, SAID, DENIED)
    found.remove_graph(ox.NamedNode("urn:x:ucdp"))
    rederive(found)
    assert set(found) == set(store(ontology, SAID, DENIED))


def test_labels_and_codes_of_an_event_are_not_moved(ontology: list[ox.Quad]) -> None:
    found = store(ontology, ROWS, NEVER)
    kept = {_local(q.predicate) for q in found.quads_for_pattern(ox.NamedNode("urn:x:e"), None, None)}
    assert kept == {"prefLabel", "fromDataset", "type"}
