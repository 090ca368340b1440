"""The ontology and the code lists keep our rules, and each rule notices when they do not."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

ONTOLOGY = Path(__file__).parents[2] / "ontology"
RULES = {path.stem: path for path in sorted((ONTOLOGY / "lint").glob("*.rq"))}

PREFIXES = """
@prefix code: <https://w3id.org/eventkg/code/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ekg: <https://w3id.org/eventkg/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

# Each fault is the smallest file that breaks the rule; a rule may have several ways of being broken.
FAULTS = [
    ("label-missing", "ekg:Ship a owl:Class ."),
    ("label-missing", 'ekg:Ship a owl:Class ; skos:prefLabel "Schiff"@de .'),
    ("label-missing", "<https://w3id.org/eventkg/code/colour/red> a skos:Concept ."),
    ("label-missing", "<https://w3id.org/eventkg/view/default> a ekg:Policy ."),
    ("label-twice", 'ekg:Ship skos:prefLabel "ship"@en , "vessel"@en .'),
    ("label-without-language", 'ekg:Ship skos:prefLabel "ship" .'),
    ("label-without-language", 'ekg:Ship skos:scopeNote "Not a boat." .'),
    ("label-shared", 'ekg:Ship skos:prefLabel "ship"@en . ekg:ship skos:prefLabel "Ship"@en .'),
    (
        "label-shared",
        """code:a skos:inScheme code:s ; skos:prefLabel "red"@en .
           code:b skos:inScheme code:s ; skos:prefLabel "red"@en .""",
    ),
    ("rdfs-label", 'ekg:Ship rdfs:label "ship"@en .'),
    ("definition-missing", 'ekg:Ship a owl:Class ; skos:prefLabel "ship"@en .'),
    ("definition-twice", 'ekg:Ship skos:definition "A large boat."@en , "A craft at sea."@en .'),
    (
        "definition-repeats-label",
        'ekg:AirBase skos:prefLabel "air base"@en ; skos:definition "An air-base."@en .',
    ),
    ("definition-full-stop", 'ekg:Ship skos:definition "A craft that goes by sea"@en .'),
    ("defined-by-missing", "ekg:Ship a owl:Class ; rdfs:isDefinedBy <https://example.org/> ."),
    ("name-style", "ekg:warShip a owl:Class ."),
    ("name-style", "ekg:Carries a owl:ObjectProperty ."),
    ("name-style", "ekg:crew_size a owl:DatatypeProperty ."),
    ("name-style", "ekg:asserts a owl:NamedIndividual ."),
    ("undeclared-term", "ekg:Ship a owl:Class ; rdfs:subClassOf ekg:Vesel ."),
    ("two-kinds", "ekg:place a owl:ObjectProperty , owl:DatatypeProperty ."),
    ("two-kinds", "ekg:Place a owl:Class , rdfs:Datatype ."),
    ("object-property-range", "ekg:place a owl:ObjectProperty ; rdfs:range xsd:string ."),
    ("object-property-range", "ekg:place a owl:ObjectProperty ; rdfs:range rdfs:Literal ."),
    ("datatype-property-range", "ekg:count a owl:DatatypeProperty ; rdfs:range ekg:Place ."),
    ("datatype-outside-owl", "ekg:date a owl:DatatypeProperty ; rdfs:range xsd:date ."),
    (
        "datatype-outside-owl",
        '[] a owl:Restriction ; owl:onProperty ekg:date ; owl:hasValue "2017-01-21"^^xsd:date .',
    ),
    ("transitive-restricted", "ekg:within a owl:TransitiveProperty , owl:FunctionalProperty ."),
    ("transitive-restricted", "ekg:within a owl:TransitiveProperty , owl:IrreflexiveProperty ."),
    ("transitive-restricted", "ekg:within a owl:TransitiveProperty , owl:AsymmetricProperty ."),
    (
        "transitive-restricted",
        """ekg:in a owl:TransitiveProperty ; rdfs:subPropertyOf ekg:at .
           ekg:at a owl:AsymmetricProperty .""",
    ),
    (
        "transitive-restricted",
        "ekg:in a owl:TransitiveProperty . [] owl:onProperty ekg:in ; owl:maxCardinality 1 .",
    ),
    ("class-cycle", "ekg:Ship rdfs:subClassOf ekg:Vessel . ekg:Vessel rdfs:subClassOf ekg:Ship ."),
    (
        "property-cycle",
        "ekg:carries rdfs:subPropertyOf ekg:holds . ekg:holds rdfs:subPropertyOf ekg:carries .",
    ),
    (
        "sub-property-kind",
        "ekg:in a owl:ObjectProperty ; rdfs:subPropertyOf ekg:at . ekg:at a owl:DatatypeProperty .",
    ),
    ("claimable-not-property", "ekg:Ship a owl:Class , ekg:ClaimableProperty ."),
    ("blank-node", 'ekg:Ship dcterms:source [ dcterms:title "A list of ships" ] .'),
    ("concept-without-scheme", "code:red a skos:Concept ."),
    ("concept-without-scheme", "code:red a skos:Concept ; skos:inScheme <https://example.org/nowhere> ."),
    (
        "concept-without-scheme",
        """code:red a skos:Concept ; skos:inScheme code:s , code:t .
           code:s a skos:ConceptScheme . code:t a skos:ConceptScheme .""",
    ),
    (
        "concept-iri",
        '<https://example.org/red> a skos:Concept ; skos:notation "red" ; skos:inScheme code:colour .',
    ),
    (
        "concept-iri",
        "<https://w3id.org/eventkg/code/colour/red> a skos:Concept ; skos:inScheme code:colour .",
    ),
    ("concept-unreachable", "code:red a skos:Concept ; skos:inScheme code:colour ."),
    ("scheme-source", "code:colour a skos:ConceptScheme ."),
]


def title(rule: str) -> str:
    first_line = RULES[rule].read_text(encoding="utf-8").splitlines()[0]
    return first_line.removeprefix("# title: ")


def rows(rule: str, store: ox.Store) -> list[str]:
    solutions = store.query(RULES[rule].read_text(encoding="utf-8"), use_default_graph_as_union=True)
    assert isinstance(solutions, ox.QuerySolutions)
    return [str(solution) for solution in solutions]


@pytest.fixture(scope="module")
def ours() -> ox.Store:
    """Ontology and codes in a graph each, as in a store: the rules see the union."""
    store = ox.Store()
    for name, graph in [("eventkg", "ontology"), ("codes", "codes")]:
        to_graph = ox.NamedNode(f"https://w3id.org/eventkg/graph/{graph}")
        store.load(path=str(ONTOLOGY / f"{name}.ttl"), format=ox.RdfFormat.TURTLE, to_graph=to_graph)
    return store


@pytest.mark.parametrize("rule", [pytest.param(rule, id=title(rule)) for rule in RULES])
def test_the_ontology_and_the_codes_keep_the_rule(rule: str, ours: ox.Store) -> None:
    assert rows(rule, ours) == []


@pytest.mark.parametrize(
    ("rule", "fault"), [pytest.param(rule, fault, id=f"{rule}-{n}") for n, (rule, fault) in enumerate(FAULTS)]
)
def test_the_rule_notices_the_fault(rule: str, fault: str) -> None:
    store = ox.Store()
    store.load(
        PREFIXES + fault, format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode("https://example.org/fault")
    )
    assert rows(rule, store) != []


def test_every_rule_has_a_fault_that_it_notices() -> None:
    assert {rule for rule, _ in FAULTS} == set(RULES)


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_says_what_it_asks_for_and_why(rule: str) -> None:
    first, second, *_ = RULES[rule].read_text(encoding="utf-8").splitlines()
    assert first.startswith("# title: ")
    assert second.startswith("# why: ")


def test_owl_constructs_are_the_blank_nodes_that_are_allowed() -> None:
    fault = "ekg:Ship rdfs:subClassOf [ a owl:Class ; owl:unionOf ( ekg:Boat ekg:Craft ) ] ."
    store = ox.Store()
    store.load(PREFIXES + fault, format=ox.RdfFormat.TURTLE)
    assert rows("blank-node", store) == []
