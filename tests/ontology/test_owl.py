"""The ontology is OWL 2 DL and free of contradiction, alone with its codes and together with each alignment.

The profile is checked by the OWL API's own OWL2DLProfile, which the HermiT.jar of owlready2 holds,
and consistency by HermiT. That version's profile check lets xsd:date pass and HermiT refuses it.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import owlready2
import pytest
import rdflib
from rdflib.namespace import OWL, RDF

ONTOLOGY = Path(__file__).parents[2] / "ontology"
CHECKER = Path(__file__).with_name("ProfileCheck.java")
HERMIT = Path(owlready2.__file__).with_name("hermit") / "HermiT.jar"

# What is read together: the ontology with its codes, alone or with one of the alignments.
ALIGNMENTS = sorted(path.stem for path in (ONTOLOGY / "alignments").glob("*.ttl"))
TOGETHER = [pytest.param(None, id="alone"), *ALIGNMENTS]

NOT_OWL_2_DL = [
    ("ekg:within a owl:FunctionalProperty .", "non-simple property in FunctionalObjectProperty"),
    ("ekg:place a owl:DatatypeProperty .", "Cannot pun between properties"),
    ("ekg:Place a rdfs:Datatype .", "Datatype IRI also used as Class IRI"),
    ("ekg:place rdfs:range :Spot .", "undeclared class"),
    ("rdf:type a ekg:ClaimableProperty .", "reserved vocabulary for individual IRI"),
]

needs_java = pytest.mark.skipif(shutil.which("java") is None, reason="HermiT needs java, which is not here")
needs_javac = pytest.mark.skipif(
    shutil.which("javac") is None, reason="the profile check needs a Java compiler"
)
pytestmark = [pytest.mark.slow, needs_java]

PREFIXES = """
@prefix : <https://example.org/> .
@prefix ekg: <https://w3id.org/eventkg/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of temporary files too, because owlready2 leaves its own behind when the reasoner reports an error."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@cache
def ontology_and_codes() -> rdflib.Graph:
    return rdflib.Graph().parse(ONTOLOGY / "eventkg.ttl").parse(ONTOLOGY / "codes.ttl")


def read_together(alignment: str | None = None, more: str = "") -> rdflib.Graph:
    """One ontology: a file may have one header only, so that of the alignment is left out."""
    graph = rdflib.Graph() + ontology_and_codes()
    if alignment:
        mapping = rdflib.Graph().parse(ONTOLOGY / "alignments" / f"{alignment}.ttl")
        for header in list(mapping.subjects(RDF.type, OWL.Ontology)):
            mapping.remove((header, None, None))
        graph += mapping
    return graph.parse(data=PREFIXES + more, format="turtle")


@pytest.fixture(scope="module")
def profile_faults(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What the check finds in each ontology, by alignment or planted fault; one Java machine reads all."""
    folder = tmp_path_factory.mktemp("profiles")
    graphs = {
        **{alignment or "": read_together(alignment) for alignment in (None, *ALIGNMENTS)},
        **{fault: read_together(more=fault) for fault, _ in NOT_OWL_2_DL},
    }
    paths = [folder / f"{number}.rdf" for number in range(len(graphs))]
    for path, graph in zip(paths, graphs.values(), strict=True):
        graph.serialize(path, format="xml", encoding="utf-8")
    command = ["java", "-cp", str(HERMIT), str(CHECKER), *map(str, paths)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert run.returncode == 0, run.stderr
    found = {}
    for name, said in zip(graphs, run.stdout.split("\n\n"), strict=False):
        axioms, *found[name] = said.splitlines()
        assert int(axioms) > 1000, "the checker has not read the ontology"
    return found


def impossible_classes(graph: rdflib.Graph, folder: Path) -> list[str]:
    """The classes that can have no member; an inconsistent ontology raises an error."""
    path = folder / "ontology.nt"
    graph.serialize(path, format="nt", encoding="utf-8")
    world = owlready2.World()
    try:
        world.get_ontology(path.as_uri()).load()
        owlready2.sync_reasoner_hermit(world, debug=0)
        return sorted(
            impossible.iri
            for impossible in world.inconsistent_classes()
            if impossible is not owlready2.Nothing
        )
    finally:
        world.close()


@needs_javac
@pytest.mark.parametrize("alignment", TOGETHER)
def test_the_ontology_is_owl_2_dl(alignment: str | None, profile_faults: dict[str, list[str]]) -> None:
    assert profile_faults[alignment or ""] == []


@needs_javac
@pytest.mark.parametrize(("fault", "expected"), NOT_OWL_2_DL)
def test_what_is_not_owl_2_dl_is_noticed(
    fault: str, expected: str, profile_faults: dict[str, list[str]]
) -> None:
    faults = profile_faults[fault]
    assert any(expected in fault for fault in faults), faults


@pytest.mark.parametrize("alignment", TOGETHER)
def test_no_class_is_impossible_and_nothing_contradicts(alignment: str | None, folder: Path) -> None:
    assert impossible_classes(read_together(alignment), folder) == []


@pytest.mark.parametrize(
    "contradiction",
    [
        ":x a ekg:Actor , ekg:Place .",
        ":strike a ekg:AirStrike ; ekg:performedBy :syria . :syria a ekg:Country .",
        ":claim a ekg:Claim ; ekg:stance ekg:Asserts , ekg:Denies .",
        ":proposition ekg:contradicts :proposition .",
        ":proposition a ekg:Proposition ; ekg:count 2 , 3 .",
        ":place a ekg:Place ; ekg:latitude 'north' .",
    ],
)
def test_a_contradiction_is_noticed(contradiction: str, folder: Path) -> None:
    with pytest.raises(owlready2.OwlReadyInconsistentOntologyError):
        impossible_classes(read_together(more=contradiction), folder)


def test_an_impossible_class_is_noticed(folder: Path) -> None:
    impossible = ":Base a owl:Class ; rdfs:subClassOf ekg:Actor , ekg:Place ."
    assert impossible_classes(read_together(more=impossible), folder) == ["https://example.org/Base"]


def test_the_reasoner_refuses_a_datatype_that_owl_2_lacks(folder: Path) -> None:
    with pytest.raises(owlready2.OwlReadyJavaError, match="XMLSchema#date"):
        impossible_classes(read_together(more="ekg:date rdfs:range xsd:date ."), folder)


def test_a_realistic_graph_is_consistent(folder: Path) -> None:
    """State and country, staff and base, ministry and outlet: what disjoint classes must leave possible."""
    facts = """
        :turkey a ekg:State . :syria a ekg:Country . :base a ekg:AirBase ; ekg:within :syria .
        :staff a ekg:CommandPost ; ekg:basedAt :base ; ekg:subordinateTo :force .
        :force a ekg:ArmedForce ; ekg:subordinateTo :turkey ; ekg:operates :jet . :jet a ekg:AircraftType .
        :strike a ekg:AirStrike , ekg:Event ; ekg:performedBy :force , :staff ; ekg:place :town , :syria ;
            ekg:inSeries :series ; ekg:partOf :war ; ekg:precedes :other ; ekg:targetsStruck 22 ;
            ekg:hasFact :p ; ekg:fromDataset :rows .
        :other a ekg:ReportedEvent . :series a ekg:EventSeries .
        :town a ekg:Settlement ; ekg:controlledBy :group . :group a ekg:ArmedGroup .
        :p ekg:about :strike ; ekg:predicate ekg:performedBy ; ekg:object :force ; ekg:count 4 ;
            ekg:equipment :n ; ekg:contradicts :q ;
            ekg:status ekg:Uncontested ; ekg:detailStatus ekg:Contested .
        :n ekg:equipmentType :jet ; ekg:count 2 .
        :q ekg:about :strike ; ekg:predicate ekg:targetsStruck ; ekg:value 22 .
        :claim ekg:claimant :ministry ; ekg:spokenBy :speaker ; ekg:attributedTo :turkey ;
            ekg:stance ekg:Relays ; ekg:attributedStance ekg:Denies ; ekg:proposition :p , :q ;
            ekg:foundIn :article , :rows ; ekg:precedes :later .
        :later ekg:corrects :claim ; ekg:respondsTo :claim ; ekg:conveys :strike .
        :ministry a ekg:GovernmentBody , ekg:MediaOutlet .
        :grade ekg:assesses :claim , :strike ; ekg:assessor :speaker .
        :copy ekg:captureOf :article . :copy a ekg:Document . :view ekg:policy :view .
    """
    assert impossible_classes(read_together(more=facts), folder) == []
