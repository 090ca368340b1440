"""Every name that queries and importers elsewhere rely on exists, and is of the kind they rely on."""

from __future__ import annotations

from pathlib import Path

import pytest
import rdflib
from rdflib.namespace import DCAT, OWL, RDF, RDFS, SKOS

from eventkg.claims.policy import SHIPPED

ROOT = Path(__file__).parents[2] / "ontology"
EKG = rdflib.Namespace("https://w3id.org/eventkg/ontology#")
CODE = "https://w3id.org/eventkg/code/"

CLASSES = """
    ReportedEvent Event MilitaryAction AirStrike Operation Battle Reconnaissance
    InformationTransfer TerritorialChange Deconfliction EventSeries
    Actor State ArmedForce Coalition ArmedGroup GovernmentBody CommandPost MediaOutlet Person
    Place Settlement AirBase AdministrativeArea Country EquipmentType AircraftType
    Document Capture Proposition EquipmentCount Claim Assessment Stance Status Policy SourceDataset
    ClaimableProperty ImportedFile
"""
OBJECT_PROPERTIES = """
    participant performedBy supportedBy target sender recipient conflictParty sideA sideB
    usedEquipment struckKind coordinationLevel means channel
    place placeRelation placePrecision datePrecision
    partOf enabled precedes inSeries eventType fromDataset duplicateOf hasFact
    subordinateTo memberOf operates basedAt within controlledBy
    about predicate object equipment equipmentType contradicts contradictionBasis movedFrom
    status detailStatus assertedBy deniedBy doubtedBy
    claimant spokenBy attributedTo attributedStance claimantRelation rootStatus
    stance proposition conveys respondsTo relays corrects supersedes modality foundIn captureOf reproduces
    assesses assessor reliability credibility grade coversPlace policy passedOverBy
    assesses assessor reliability credibility grade coversPlace policy
    eventClarity rowFlag readFrom splinterOf activeIn
"""
DATATYPE_PROPERTIES = """
    informationContent objective statedMotive significance uncertaintyRadiusM
    date earliestStart latestStart earliestEnd latestEnd dateAsStated
    targetsStruck strikeCount bombTons
    deathsLow deathsBest deathsHigh deathsSideA deathsSideB deathsCivilians deathsUnknown
    latitude longitude symbolCode value count ordinal independentClaimants independentClaimantsMax
    claimantAsStated heldAsOf interpretation claimedOn claimedNotAfter recordedOn publishedOn capturedOn
    quotation quoteStart quoteEnd sha256 textLength record
    assessedOn likelihood analyticConfidence rationale
    coversFrom coversTo unitOfAnalysis inclusionCriterion contests
    release shareAlike redistributable
    fileName fileSha256 mappingSha256 rowsRead rowsImported rowsQuarantined
"""
INDIVIDUALS = (
    "Asserts Denies Doubts Speculates Relays Retracts Contested Corroborated Uncontested Unsupported"
)

KINDS = {
    OWL.Class: CLASSES.split(),
    OWL.ObjectProperty: OBJECT_PROPERTIES.split(),
    OWL.DatatypeProperty: DATATYPE_PROPERTIES.split(),
    OWL.NamedIndividual: INDIVIDUALS.split(),
}

BELOW = {
    "ReportedEvent": "Event",
    "Event": "MilitaryAction InformationTransfer TerritorialChange Deconfliction",
    "MilitaryAction": "AirStrike Operation Battle Reconnaissance",
    "Actor": "State ArmedForce Coalition ArmedGroup GovernmentBody CommandPost MediaOutlet Person",
    "Place": "Settlement AirBase AdministrativeArea Country",
    "EquipmentType": "AircraftType",
    "Document": "ImportedFile",
    "participant": "performedBy supportedBy target sender recipient",
    "conflictParty": "sideA sideB",
}

CODES = {
    "place-relation": "in near over from",
    "place-precision": """
        exact settlement near second-order-division first-order-division line-or-area country
        water-or-airspace
    """,
    "date-precision": "day days week month year longer",
    "claimant-relation": "self-report opposing-party third-party aggregator author",
    "root-status": "stated unstated",
    "modality": "actual ongoing intended feared",
    "contradiction-basis": "functional-value entailment as-reported",
    "target-kind": "storage-facility militants unspecified-target",
    "reliability": "A B C D E F",
    "credibility": "1 2 3 4 5 6",
    "coordination-level": "none deconfliction military-to-military",
    "reconnaissance-means": "unmanned-aircraft space",
    "channel": "direct-line",
    "row-flag": "estimates-out-of-order repeated-row",
    "event-type": """
        air-strike ground-operation reconnaissance information-transfer territorial-change deconfliction
    """,
}

ALIGNED = {
    "sem": "Event Actor Place",
    "prov-o": "Actor Claim",
    "geosparql": "Place",
    "schema-org": "Event Document",
}

DATES = """
    date earliestStart latestStart earliestEnd latestEnd heldAsOf
    claimedOn claimedNotAfter recordedOn publishedOn capturedOn assessedOn coversFrom coversTo
"""

# What a proposition may say of an event, an actor or a place; all else is about claims, not the world.
CLAIMABLE = """
    participant performedBy supportedBy target sender recipient conflictParty sideA sideB
    usedEquipment struckKind coordinationLevel means channel
    informationContent objective statedMotive significance
    place placeRelation placePrecision uncertaintyRadiusM
    date earliestStart latestStart earliestEnd latestEnd datePrecision
    partOf enabled precedes inSeries eventType targetsStruck strikeCount bombTons
    deathsLow deathsBest deathsHigh deathsSideA deathsSideB deathsCivilians deathsUnknown
    subordinateTo memberOf operates basedAt within controlledBy
"""


@pytest.fixture(scope="module")
def ontology() -> rdflib.Graph:
    return rdflib.Graph().parse(ROOT / "eventkg.ttl")


@pytest.fixture(scope="module")
def codes() -> rdflib.Graph:
    return rdflib.Graph().parse(ROOT / "codes.ttl")


def local_names(graph: rdflib.Graph, kind: rdflib.term.Node) -> set[str]:
    ours = (str(term) for term in graph.subjects(RDF.type, kind) if str(term).startswith(str(EKG)))
    return {term.removeprefix(str(EKG)) for term in ours}


@pytest.mark.parametrize(
    ("name", "kind"), [pytest.param(name, kind, id=name) for kind, names in KINDS.items() for name in names]
)
def test_the_term_exists_and_is_of_its_kind(name: str, kind: rdflib.URIRef, ontology: rdflib.Graph) -> None:
    assert (EKG[name], RDF.type, kind) in ontology


@pytest.mark.parametrize("kind", [pytest.param(kind, id=kind.fragment) for kind in KINDS])
def test_no_term_is_missing_from_the_table(kind: rdflib.URIRef, ontology: rdflib.Graph) -> None:
    assert local_names(ontology, kind) == set(KINDS[kind])


@pytest.mark.parametrize("above", BELOW)
def test_the_hierarchy_is_the_one_that_queries_follow(above: str, ontology: rdflib.Graph) -> None:
    below = RDFS.subClassOf if above[0].isupper() else RDFS.subPropertyOf
    assert set(ontology.subjects(below, EKG[above])) == {EKG[name] for name in BELOW[above].split()}


def test_a_conflict_party_is_not_a_participant(ontology: rdflib.Graph) -> None:
    for party in ("conflictParty", "sideA", "sideB"):
        assert EKG.participant not in set(ontology.transitive_objects(EKG[party], RDFS.subPropertyOf))


def test_whole_and_part_are_transitive_and_nothing_else_is(ontology: rdflib.Graph) -> None:
    assert local_names(ontology, OWL.TransitiveProperty) == {"partOf", "within"}


def test_contradiction_holds_both_ways(ontology: rdflib.Graph) -> None:
    assert local_names(ontology, OWL.SymmetricProperty) == {"contradicts"}


def test_a_proposition_can_name_what_is_said_of_the_world_and_nothing_else(ontology: rdflib.Graph) -> None:
    assert local_names(ontology, EKG.ClaimableProperty) == set(CLAIMABLE.split())


@pytest.mark.parametrize("name", DATES.split())
def test_a_date_has_no_range_and_says_so(name: str, ontology: rdflib.Graph) -> None:
    assert (EKG[name], RDFS.range, None) not in ontology
    assert "xsd:date without a zone" in str(ontology.value(EKG[name], SKOS.definition))


def test_no_other_property_claims_to_be_a_date(ontology: rdflib.Graph) -> None:
    dated = {s for s, text in ontology.subject_objects(SKOS.definition) if "xsd:date" in str(text)}
    assert dated == {EKG[name] for name in DATES.split()}


@pytest.mark.parametrize(
    ("individuals", "kind"),
    [
        ("Asserts Denies Doubts Speculates Relays Retracts", "Stance"),
        ("Contested Corroborated Uncontested Unsupported", "Status"),
    ],
)
def test_stances_and_statuses_are_all_and_all_different(
    individuals: str, kind: str, ontology: rdflib.Graph
) -> None:
    names = set(individuals.split())
    assert local_names(ontology, EKG[kind]) == names
    different = {frozenset(pair) for pair in ontology.subject_objects(OWL.differentFrom)}
    assert {frozenset((EKG[a], EKG[b])) for a in names for b in names if a != b} <= different


@pytest.mark.parametrize("scheme", CODES)
def test_the_scheme_holds_its_codes(scheme: str, codes: rdflib.Graph) -> None:
    iri = rdflib.URIRef(CODE + scheme)
    assert (iri, RDF.type, SKOS.ConceptScheme) in codes
    assert set(codes.subjects(SKOS.inScheme, iri)) == {
        rdflib.URIRef(f"{iri}/{c}") for c in CODES[scheme].split()
    }


def test_no_scheme_is_missing_from_the_table(codes: rdflib.Graph) -> None:
    assert set(codes.subjects(RDF.type, SKOS.ConceptScheme)) == {
        rdflib.URIRef(CODE + scheme) for scheme in CODES
    }


def test_the_policies_that_come_with_it_are_described(codes: rdflib.Graph) -> None:
    described = {rdflib.URIRef(policy.iri) for policy in SHIPPED.values()}
    assert set(codes.subjects(RDF.type, EKG.Policy)) == described
    assert set(codes.subjects(SKOS.definition, None)) >= described


def test_the_alignments_are_those_that_are_promised() -> None:
    assert {path.stem for path in (ROOT / "alignments").glob("*.ttl")} == set(ALIGNED)


@pytest.mark.parametrize("vocabulary", ALIGNED)
def test_an_alignment_places_our_classes_below_the_vocabularys(
    vocabulary: str, ontology: rdflib.Graph
) -> None:
    alignment = rdflib.Graph().parse(ROOT / "alignments" / f"{vocabulary}.ttl")
    for name in ALIGNED[vocabulary].split():
        assert (EKG[name], RDFS.subClassOf, None) in alignment
    ours = {term for term in alignment.all_nodes() if str(term).startswith(str(EKG))}
    assert {term for term in ours if (term, RDF.type, None) not in ontology} == set()


def test_a_source_data_set_is_a_dcat_data_set(ontology: rdflib.Graph) -> None:
    assert (EKG.SourceDataset, RDFS.subClassOf, DCAT.Dataset) in ontology


def test_the_ontology_names_its_version_and_licence(ontology: rdflib.Graph) -> None:
    (header,) = ontology.subjects(RDF.type, OWL.Ontology)
    assert str(header) == "https://w3id.org/eventkg/ontology"
    version = str(ontology.value(header, OWL.versionInfo))
    assert str(ontology.value(header, OWL.versionIRI)) == f"{header}/{version}"
    licence = ontology.value(header, rdflib.URIRef("http://purl.org/dc/terms/license"))
    assert str(licence) == "https://creativecommons.org/licenses/by/4.0/"
