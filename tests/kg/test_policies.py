"""Policies of an analyst's own over an open graph: by name, by file, over HTTP, and without a leak."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from tests.conftest import serving
from tests.kg.endpoints import oxigraph, oxigraph_binary
from tests.kg.stores import SEED, load
from tests.kg.test_views import PERFORMERS, short

import eventkg
from eventkg.claims.policy import Policy, Voices, as_known_on, named_policy
from eventkg.errors import DataError, UsageError
from eventkg.kg import configuration
from eventkg.model.naming import BASE, EKG, GRAPH_DERIVED, VIEW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventkg import KnowledgeGraph

MINISTRY = f"{BASE}id/actor/russian-defence-ministry"
FILE = """\
policy: ministry-only
label: Only the ministry
claimants: {only: {actors: [russian-defence-ministry]}}
"""
ONE_SIDE = Policy(f"{VIEW}one-side", heard=Voices(only_speakers=frozenset({MINISTRY})))
BOTH = {"russian-aerospace-forces", "us-led-coalition"}
COALITION = "ASK { event:2017-01-22-al-bab-strike ekg:performedBy actor:us-led-coalition }"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory: Path = tmp_path_factory.mktemp("policies") / "store"
    load(directory, *SEED)
    return directory


@pytest.fixture(scope="module", params=["bundled", "disk", "memory", "remote"])
def graph(
    request: pytest.FixtureRequest, kg: KnowledgeGraph, store: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[KnowledgeGraph]:
    """The same statements kept in four ways; the endpoint's default graph is the union of its graphs."""
    if request.param == "bundled":
        yield kg
    elif request.param == "remote":
        if oxigraph_binary() is None:
            pytest.skip("no oxigraph binary here")
        folder: Path = tmp_path_factory.mktemp("endpoint")
        nquads = folder / "seed.nq"
        nquads.write_bytes(kg.serialize("nq"))
        with oxigraph(nquads, folder) as address, eventkg.open(address) as opened:
            yield opened
    else:
        with eventkg.open(store, request.param) as opened:
            yield opened


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.yml"
    path.write_text(FILE, encoding="utf-8")
    return path


@pytest.mark.slow
def test_an_own_world_is_opened_and_nothing_of_it_leaks(graph: KnowledgeGraph) -> None:
    before = graph.serialize("nq", ["derived"])
    assert short(graph, PERFORMERS, ONE_SIDE) == BOTH
    seen = graph.serialize("nq", ["derived"], ONE_SIDE)
    fact = f"al-bab-strike> <{EKG}performedBy> <{BASE}id/actor/us-led-coalition> ".encode()
    assert fact in seen
    assert f"<{GRAPH_DERIVED}> <{EKG}policy> <{ONE_SIDE.iri}>".encode() in seen
    assert graph.query(COALITION) is False
    after = graph.serialize("nq", ["derived"])
    assert after == before
    assert fact not in after
    assert ONE_SIDE.iri.encode() not in after


@pytest.mark.slow
@pytest.mark.parametrize(
    ("day", "strikes", "targets"),
    [("2017-01-18", 0, set()), ("2017-01-22", 0, set()), ("2017-01-23", 3, {"22"})],
)
def test_the_world_grew_with_the_article_of_23_january(
    kg: KnowledgeGraph, store: Path, day: str, strikes: int, targets: set[str]
) -> None:
    view = f"default/as-known-on/{day}"
    with eventkg.open(store) as stored:
        for graph in (kg, stored):
            assert len(short(graph, "SELECT DISTINCT ?x { ?x a ekg:AirStrike }", view)) == strikes
            assert short(graph, "SELECT ?x { ?e ekg:targetsStruck ?x }", view) == targets
    assert len(kg.disputed(view)) == (len(kg.disputed()) if strikes else 0)


@pytest.mark.slow
def test_a_later_article_is_not_known_earlier(tmp_path: Path) -> None:
    more = tmp_path / "later.ttl"
    more.write_text(
        """@prefix ekg: <https://w3id.org/eventkg/ontology#> .
        @prefix actor: <https://w3id.org/eventkg/id/actor/> .
        @prefix p: <https://w3id.org/eventkg/id/proposition/> .
        @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        <urn:late> a ekg:Claim ; ekg:claimant actor:turkey ; ekg:stance ekg:Denies ; ekg:foundIn <urn:paper> ;
            ekg:proposition p:2017-01-21-al-bab-strike-targets-struck-22 .
        <urn:paper> a ekg:Document ; ekg:publishedOn "2017-01-25"^^xsd:date .
        actor:turkey a ekg:State .""",
        encoding="utf-8",
    )
    directory = tmp_path / "store"
    load(directory, *SEED, more)
    targets = "SELECT ?x { ?e ekg:targetsStruck ?x }"
    with eventkg.open(directory) as opened:
        worlds = [short(opened, targets, f"default/as-known-on/2017-01-{day}") for day in (22, 23, 24, 25)]
        assert worlds == [set(), {"22"}, {"22"}, set()]
        assert short(opened, targets) == set()
        assert opened.query(targets, "default/as-known-on/2017-01-24") is not None
        (why,) = opened.why("2017-01-21-al-bab-strike", "22", "default/as-known-on/2017-01-24")
        assert why.fact
        assert {voice.heard for row in why.rows for voice in row.claims if voice.claim == "urn:late"} == {
            False
        }


@pytest.mark.slow
@pytest.mark.parametrize(
    "view",
    [ONE_SIDE, as_known_on(ONE_SIDE, "2017-01-23"), named_policy("claimant/pentagon/with-subordinates")],
    ids=lambda view: view.name,
)
def test_every_fact_of_an_own_world_has_a_why_that_ends_in_a_document(
    kg: KnowledgeGraph, view: Policy
) -> None:
    facts = kg.query("SELECT DISTINCT ?e ?o { ?e ekg:hasFact/ekg:predicate ?o FILTER(?o != rdf:type) }", view)
    assert not isinstance(facts, bool)
    assert len(list(facts)) > 5
    for row in facts:
        reasons = kg.why(str(row["e"]), str(row["o"]), view)  # type: ignore[call-overload]
        assert any(why.fact for why in reasons)
        for why in (why for why in reasons if why.fact):
            heard = [voice for each in why.rows for voice in each.claims if voice.heard]
            assert any(voice.documents or voice.record for voice in heard)


def test_a_row_that_is_not_heard_leaves_its_event_only_reported(tmp_path: Path) -> None:
    rows = tmp_path / "rows.trig"
    rows.write_text(
        """@prefix ekg: <https://w3id.org/eventkg/ontology#> .
        @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        <https://w3id.org/eventkg/graph/rows> {
          <urn:e1> a ekg:Event ; skos:prefLabel "One"@en ; ekg:deathsBest 4 ; ekg:fromDataset <urn:set> .
          <urn:c1> a ekg:Claim ; ekg:claimant <urn:maker> ; ekg:stance ekg:Asserts ; ekg:conveys <urn:e1> ;
            ekg:attributedTo <urn:army> ; ekg:claimedOn "2017-01-20"^^xsd:date ; ekg:record "1" .
          <urn:e2> a ekg:Event ; skos:prefLabel "Two"@en ; ekg:deathsBest 9 ; ekg:fromDataset <urn:set> .
          <urn:c2> a ekg:Claim ; ekg:claimant <urn:maker> ; ekg:stance ekg:Asserts ; ekg:conveys <urn:e2> ;
            ekg:claimedOn "2017-01-24"^^xsd:date ; ekg:record "2" .
          <urn:g> a ekg:Assessment ; ekg:assesses <urn:e2> ; ekg:assessor <urn:me> ;
            ekg:reliability <https://w3id.org/eventkg/code/reliability/B> .
        }""",
        encoding="utf-8",
    )
    deaths = "SELECT (STR(?d) AS ?x) { ?e a ekg:Event ; ekg:deathsBest ?d }"
    heard: dict[str, tuple[Policy, set[str]]] = {
        "everything": (Policy(f"{VIEW}a", doubt_veto=Voices()), {"4", "9"}),
        "a day": (Policy(f"{VIEW}b", known_on="2017-01-22"), {"4"}),
        "a source": (Policy(f"{VIEW}c", not_sources=frozenset({f"{BASE}graph/rows"})), set()),
        "a data set": (Policy(f"{VIEW}d", only_sources=frozenset({"urn:set"})), {"4", "9"}),
        "a speaker": (Policy(f"{VIEW}e", heard=Voices(only_speakers=frozenset({"urn:army"}))), {"4"}),
        "a grade": (Policy(f"{VIEW}f", reliability="B"), {"9"}),
    }
    with eventkg.read([rows]) as graph:
        for name, (policy, expected) in heard.items():
            assert short(graph, deaths, policy) == expected, name
        assert short(graph, deaths) == {"4", "9"}
        left = graph.query(
            "ASK { <urn:e2> a ekg:ReportedEvent ; skos:prefLabel 'Two'@en }", heard["a day"][0]
        )
        assert left is True
        marked = short(graph, "SELECT ?x { ?x ekg:passedOverBy ?p }", heard["a day"][0])
        assert marked == {"urn:c2"}


def test_a_policy_is_found_by_name_by_file_and_by_itself(kg: KnowledgeGraph, file: Path) -> None:
    assert kg.query(COALITION, file) is True
    with eventkg.open(policies=[file]) as opened:
        assert opened.query(COALITION, "ministry-only") is True
        assert opened.query(COALITION.replace("{", f"FROM <{VIEW}ministry-only> {{", 1)) is True
        assert opened.query(COALITION, "ministry-only/as-known-on/2017-01-22") is False
        named = {known.name: known for known in opened.policies()}
        assert named["ministry-only"].label == "Only the ministry"
        assert named["ministry-only"].adopts.endswith("Hears only russian-defence-ministry.")
        assert opened.policy("ministry-only").iri == named["ministry-only"].iri


def test_text_never_opens_a_file(kg: KnowledgeGraph, file: Path) -> None:
    for name in (str(file), f"claimant/../{file.name}", f"file://{file}"):
        with pytest.raises(UsageError):
            kg.query("ASK {}", name)


def test_the_graph_of_a_view_says_what_its_policy_is(file: Path) -> None:
    described = """SELECT ?x { GRAPH graph:derived { graph:derived ekg:policy ?p .
        ?p a ekg:Policy ; skos:prefLabel ?x ; skos:definition ?d } }"""
    with eventkg.open(policies=[file]) as opened:
        assert short(opened, described, "ministry-only") == {"Only the ministry"}
        assert short(opened, described, "claimant/pentagon") == {"pentagon"}
        assert short(opened, "SELECT ?x { ?p a ekg:Policy ; skos:prefLabel ?x }") == {
            "default policy",
            "corroborated",
            "all",
        }


def test_a_folder_of_policies_is_named_in_the_settings(
    tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(file.parent)
    monkeypatch.delenv("EVENTKG_POLICIES", raising=False)
    assert configuration.policies() is None
    Path("eventkg.toml").write_text('policies = "."\ntimeout_s = 20\n', encoding="utf-8")
    assert configuration.limits({}).timeout_s == 20
    with eventkg.open() as opened:
        assert opened.query(COALITION, "ministry-only") is True
    (tmp_path / "broken.yml").write_text("policy: b\nlabl: x", encoding="utf-8")
    with eventkg.open() as opened:
        assert opened.query("ASK {}", "default") is True  # what comes with eventkg does not need the folder
        with pytest.raises(DataError, match=r"broken.yml:2: policy: 'labl' found"):
            opened.query("ASK {}", "ministry-only")
    (tmp_path / "broken.yml").write_text(FILE.replace("Only", "Another"), encoding="utf-8")
    with eventkg.open() as opened, pytest.raises(UsageError, match="two of the name 'ministry-only'"):
        opened.policies()
    monkeypatch.setenv("EVENTKG_POLICIES", "nowhere")
    with eventkg.open() as opened, pytest.raises(UsageError, match="policies: nowhere: No such file"):
        opened.policies()
    monkeypatch.delenv("EVENTKG_POLICIES")
    Path("eventkg.toml").write_text("policies = 3\n", encoding="utf-8")
    with pytest.raises(UsageError, match="policies: 3 found, the name of a folder expected"):
        eventkg.open()


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        (
            Policy(f"{VIEW}m", heard=Voices(not_speakers=frozenset({"urn:nobody"}))),
            "urn:nobody: an actor found",
        ),
        (
            Policy(f"{VIEW}m", only_sources=frozenset({"urn:none"})),
            "view m: source urn:none found, one of codes,",
        ),
        (named_policy("claimant/turkey/with-subordinates"), "turkey: an actor found who says nothing here"),
    ],
)
def test_a_name_of_nothing_in_the_graph_is_refused(kg: KnowledgeGraph, policy: Policy, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        kg.query("ASK {}", policy)


def test_the_world_of_an_actor_may_take_in_those_under_its_command(tmp_path: Path) -> None:
    said = tmp_path / "said.ttl"
    said.write_text(
        """@prefix ekg: <https://w3id.org/eventkg/ontology#> .
        <urn:p> a ekg:Proposition ; ekg:about <urn:e> ; ekg:predicate ekg:performedBy ; ekg:object <urn:a> .
        <urn:c> a ekg:Claim ; ekg:claimant <urn:unit> ; ekg:stance ekg:Asserts ; ekg:proposition <urn:p> .
        <urn:d> a ekg:Claim ; ekg:claimant <urn:other> ; ekg:stance ekg:Denies ; ekg:proposition <urn:p> .
        <urn:f> a ekg:Claim ; ekg:claimant <urn:army> ; ekg:stance ekg:Asserts ; ekg:proposition <urn:q> .
        <urn:q> a ekg:Proposition ; ekg:about <urn:e2> ; ekg:predicate ekg:performedBy ; ekg:object <urn:x> .
        <urn:unit> ekg:subordinateTo <urn:corps> . <urn:corps> ekg:subordinateTo <urn:army> .""",
        encoding="utf-8",
    )
    fact = "ASK { <urn:e> ekg:performedBy <urn:a> }"
    alone = Policy(f"{VIEW}claimant/army", partisans=frozenset({"urn:army"}))
    with eventkg.read([said]) as graph:
        assert graph.query(fact, alone) is False
        under = Policy(f"{alone.iri}/with-subordinates", partisans=alone.partisans, with_subordinates=True)
        assert graph.query(fact, under) is True
        assert graph.query(fact) is False


@pytest.mark.slow
def test_a_policy_served_by_file_is_a_view_by_name(file: Path) -> None:
    with serving("--policy", str(file)) as address:
        parameters = {"query": COALITION, "default-graph-uri": f"{VIEW}ministry-only"}
        answer = httpx.get(f"{address}/sparql", params=parameters, timeout=30)
        assert (answer.json()["boolean"], answer.headers["eventkg-view"]) == (True, f"{VIEW}ministry-only")
        page = httpx.get(
            f"{address}/sparql",
            params={"query": COALITION.replace("{", f"FROM <{VIEW}ministry-only> {{", 1)},
            headers={"Accept": "text/html"},
            timeout=30,
        )
        assert "<code>https://w3id.org/eventkg/view/ministry-only</code>" in page.text
        assert page.headers["eventkg-view"] == f"{VIEW}ministry-only"
        assert "view/default</code>" not in page.text
        start = httpx.get(address, headers={"Accept": "text/html"}, timeout=30)
        assert "view/default</code>" in start.text
        ledger = httpx.get(
            f"{address}/api/v1/claims",
            params={"event": "2017-01-22-al-bab-strike", "view": "ministry-only/as-known-on/2017-01-23"},
            timeout=30,
        )
        assert ledger.json()["view"] == f"{VIEW}ministry-only/as-known-on/2017-01-23"
        stranger = httpx.get(f"{address}/api/v1/claims", params={"event": "x", "view": str(file)}, timeout=30)
        assert stranger.status_code == 400
