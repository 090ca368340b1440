"""Licences travel: a graph says under which terms its data sets stand, and what may not be passed on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from tests.kg.stores import dump, load
from tests.kg.tables import imported, sample
from tests.kg.test_ledger import PREFIXES

import eventkg
from eventkg.kg.licences import Licences, licences
from eventkg.model.naming import GRAPH, GRAPH_MOVED, GRAPH_SEED, VIEW

if TYPE_CHECKING:
    from pathlib import Path

    from eventkg import KnowledgeGraph

_ID = "https://w3id.org/eventkg/id"
_ARMY = f"<{_ID}/actor/acled/Military%20Forces%20of%20Sampleland>"
_EVENT = f"<{_ID}/event/acled/XSX1>"
# The army of the sample says that it was not there, and that nothing of another row is so.
_DENIALS = f"""
    :p a ekg:Proposition ; ekg:about {_EVENT} ; ekg:predicate ekg:participant ; ekg:object {_ARMY} .
    :no a ekg:Claim ; ekg:claimant {_ARMY} ; ekg:stance ekg:Denies ; ekg:proposition :p .
    :never a ekg:Claim ; ekg:claimant {_ARMY} ; ekg:stance ekg:Denies ;
        ekg:respondsTo <{_ID}/claim/acled/XSX2> ."""
_CC_BY = "https://spdx.org/licenses/CC-BY-4.0"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """UCDP may be passed on, the gazetteer under its own licence, ACLED not; facts of ACLED are contested."""
    folder: Path = tmp_path_factory.mktemp("licences")
    for name in ("ucdp-ged", "gazetteer", "acled"):
        imported(folder / "kg", name, sample(name), max_bad=1.0)
    (folder / "denials.ttl").write_text(PREFIXES + _DENIALS, encoding="utf-8")
    load(folder / "kg", folder / "denials.ttl")
    return folder / "kg"


@pytest.fixture(scope="module")
def found(store: Path) -> Licences:
    with eventkg.open(store) as graph:
        return licences(graph)


def test_a_graph_says_under_which_terms_each_data_set_stands(found: Licences) -> None:
    terms = {each.graph.removeprefix(GRAPH): each for each in found.terms}
    assert {name: each.licence.removeprefix("https://") for name, each in terms.items()} == {
        "codes": "spdx.org/licenses/CC-BY-4.0",
        "ontology": "spdx.org/licenses/CC-BY-4.0",
        "ucdp-ged": "spdx.org/licenses/CC-BY-4.0",
        "gazetteer": "spdx.org/licenses/ODbL-1.0",
        "acled": "acleddata.com/",
    }
    ucdp, gazetteer, acled = terms["ucdp-ged"], terms["gazetteer"], terms["acled"]
    assert (ucdp.title, ucdp.release) == ("UCDP Georeferenced Event Dataset", "23.1")
    assert (ucdp.file, ucdp.publisher) == ("sample.csv", "Uppsala Conflict Data Program")
    assert "Davies, S., Pettersson, T." in ucdp.citation
    assert (ucdp.share_alike, gazetteer.share_alike) == (False, True)
    assert (ucdp.redistributable, acled.redistributable) == (True, False)
    assert found.view == f"{VIEW}default"


def test_what_may_not_be_passed_on_is_named(found: Licences) -> None:
    assert found.withheld == {f"{GRAPH}acled"}
    assert {terms.graph.removeprefix(GRAPH) for terms in found.passed_on} == {
        "codes", "ontology", "ucdp-ged", "gazetteer"
    }  # fmt: skip


def test_contested_facts_of_a_withheld_data_set_are_left_out_wherever_they_rest(
    store: Path, found: Licences
) -> None:
    """What the row said stays behind; that the analyst wrote of it is the analyst's to pass on."""
    quads = list(ox.parse("\n".join(dump(store)).encode(), format=ox.RdfFormat.N_QUADS))
    left = [q for q in quads if not found.left_out(iri(q.subject), iri(q.object), iri(q.graph_name))]
    graphs = {iri(quad.graph_name).removeprefix(GRAPH) for quad in left}
    assert graphs == {"codes", "derived", "gazetteer", "links", "ontology", "ucdp-ged", "user"}
    assert len(found.moved - found.orphaned) == 1
    assert {"urn:x:p"} < found.moved
    assert not [quad for quad in left if "/proposition/moved/" in str(quad)]
    assert [quad for quad in left if iri(quad.subject) == "urn:x:p" and "participant" in str(quad.object)]
    assert not [quad for quad in left if iri(quad.graph_name) == GRAPH_MOVED]


def iri(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""


def test_all_is_passed_on_where_nothing_forbids_it(kg: KnowledgeGraph) -> None:
    found = licences(kg)
    assert (found.withheld, found.moved) == (frozenset(), frozenset())
    seed = [terms for terms in found.terms if terms.graph == GRAPH_SEED]
    assert [terms.licence for terms in seed] == [_CC_BY, "https://spdx.org/licenses/ODbL-1.0"]


def test_a_data_set_that_was_loaded_as_rdf_counts_as_well(tmp_path: Path) -> None:
    """It says less than an imported one, and its records may be in another graph than its description."""
    (tmp_path / "sets.trig").write_text(
        PREFIXES
        + """@prefix dcterms: <http://purl.org/dc/terms/> .
        :set a ekg:SourceDataset ; skos:prefLabel "A set"@en ; dcterms:license "theirs" ;
            ekg:redistributable false .
        GRAPH :rows { :e a ekg:Event ; ekg:fromDataset :set . } GRAPH :mine { :f a ekg:Event . }""",
        encoding="utf-8",
    )
    load(tmp_path / "kg", tmp_path / "sets.trig")
    with eventkg.open(tmp_path / "kg") as graph:
        found = licences(graph, "all")
    assert found.withheld == {"urn:x:rows", f"{GRAPH}user"}
    (terms,) = (terms for terms in found.terms if terms.dataset)
    assert (terms.title, terms.licence, terms.citation, terms.file) == ("A set", "theirs", "", "")
    assert found.view == f"{VIEW}all"
