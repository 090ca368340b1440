"""What is contested, and in what the worlds of two policies differ."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.kg.test_ledger import AUTHOR, BULK, JAN_22, MINISTRY, PENTAGON, TALKS, VIEWS, read

from eventkg.claims.policy import EVERYBODY, Policy
from eventkg.cli import ledgers
from eventkg.kg import disputes
from eventkg.model.naming import VIEW
from eventkg.query.answers import Solutions

if TYPE_CHECKING:
    from pathlib import Path

    from eventkg import KnowledgeGraph


@pytest.mark.parametrize("view", VIEWS)
def test_all_that_is_contested_is_listed_with_those_who_contest_it(kg: KnowledgeGraph, view: str) -> None:
    answer = kg.query("SELECT ?p { ?p ekg:status|ekg:detailStatus ekg:Contested }", view)
    assert isinstance(answer, Solutions)
    found = kg.disputed(view)
    assert {dispute.point.proposition for dispute in found} == {row["p"] for row in answer}
    for dispute in found:
        judged = dispute.judgement
        rivals = [rival for rival in judged.contradicted_by if rival.asserted_by]
        assert judged.denied_by or judged.doubted_by or rivals
    assert not any(dispute.judgement.fact for dispute in found) or view == "all"


def test_a_dispute_names_both_sides(kg: KnowledgeGraph) -> None:
    (found,) = [d for d in kg.disputed() if d.point.words == "US-led coalition, 2"]
    judged = found.judgement
    sides = [
        [name.label for name in names] for names in (judged.asserted_by, judged.denied_by, judged.doubted_by)
    ]
    assert sides == [["Russian Defence Ministry"], ["Pentagon"], [AUTHOR]]
    (rival,) = judged.contradicted_by
    assert (rival.point.words, [n.label for n in rival.asserted_by]) == ("no coordination", ["Pentagon"])


@pytest.mark.parametrize(
    ("a", "b", "event", "expected"),
    [
        ("default", "default", None, {}),
        ("default", PENTAGON, None, {"only-in-b": {"no coordination"}}),
        ("default", PENTAGON, JAN_22, {}),
        (
            *("default", MINISTRY, "2017-01-22-coordinates-transfer"),
            {"only-in-b": {"Headquarters of the US-led coalition", "United States"}},
        ),
        (
            *("all", MINISTRY, TALKS),
            {"only-in-a": {"no coordination"}},
        ),
        (
            *("all", MINISTRY, JAN_22),  # a fact in both, contested in one of them
            {
                "changed": {
                    *("US-led coalition", "US-led coalition, 2"),
                    "Russian missions flown with aircraft of the US-led coalition, no. 1",
                }
            },
        ),
    ],
)
def test_two_worlds_differ_in_what_is_listed(
    kg: KnowledgeGraph, a: str, b: str, event: str | None, expected: dict[str, set[str]]
) -> None:
    found: dict[str, set[str]] = {}
    for difference in kg.compare(a, b, event).differences:
        found.setdefault(difference.kind, set()).add(difference.point.words)
    assert found == expected


@pytest.mark.slow
@pytest.mark.parametrize("a", VIEWS)
@pytest.mark.parametrize("b", VIEWS)
def test_a_comparison_finds_each_fact_of_one_world_only(kg: KnowledgeGraph, a: str, b: str) -> None:
    def facts(view: str) -> set[tuple[str, str, str]]:
        query = (
            """SELECT ?s ?p ?o { ?x ekg:about ?s ; ekg:predicate ?p ; ekg:object|ekg:value ?o . ?s ?p ?o }"""
        )
        answer = kg.query(query, view)
        assert isinstance(answer, Solutions)
        return {(row["s"], row["p"], str(row["o"])) for row in answer}

    found = kg.compare(a, b).differences
    for kind, expected in (("only-in-a", facts(a) - facts(b)), ("only-in-b", facts(b) - facts(a))):
        points = [difference.point for difference in found if difference.kind == kind]
        assert {(p.about.iri, p.predicate.iri, p.value) for p in points} == expected
    mirrored = {"only-in-a": "only-in-b", "only-in-b": "only-in-a", "changed": "changed"}
    back = Counter((mirrored[d.kind], d.point, d.b, d.a) for d in kg.compare(b, a).differences)
    assert back == Counter((d.kind, d.point, d.a, d.b) for d in found)


SKIRMISH = (
    BULK
    + """
:dataset { :skirmish a ekg:Battle ; ekg:deathsBest 1 .
    :row3 a ekg:Claim ; ekg:claimant :monitor ; ekg:stance ekg:Asserts ; ekg:conveys :skirmish . }
"""
)
_NO_MONITOR = Policy(f"{VIEW}no-monitor", heard=replace(EVERYBODY, not_speakers=frozenset({"urn:x:monitor"})))


@pytest.mark.parametrize(
    ("a", "b", "kind", "facts"),
    [
        ("default", "all", "", set()),
        ("default", "corroborated", "only-in-a", {"A battle 12", "A battle 3", "A battle 20", "skirmish 1"}),
        ("corroborated", "default", "only-in-b", {"A battle 12", "A battle 3", "A battle 20", "skirmish 1"}),
        (_NO_MONITOR, "corroborated", "only-in-a", {"A battle 12", "A battle 3", "A battle 20"}),
        ("default", _NO_MONITOR, "only-in-a", {"skirmish 1"}),  # the army itself is heard of the battle
    ],
)
def test_facts_that_data_sets_alone_give_are_compared_as_well(
    tmp_path: Path, a: str | Policy, b: str | Policy, kind: str, facts: set[str]
) -> None:
    with read(tmp_path, SKIRMISH) as graph:
        found = graph.compare(a, b)
        assert graph.compare(a, b, "urn:x:skirmish").differences == tuple(
            d for d in found.differences if d.point.about.iri == "urn:x:skirmish"
        )
    of_one_world = [d for d in found.differences if d.kind != "changed"]
    assert {d.kind for d in of_one_world} == {kind} - {""}
    numbers = {
        f"{d.point.about.label.removeprefix('urn:x:')} {d.point.value}"
        for d in of_one_world
        if d.point.value.isdecimal()
    }
    assert (numbers, found.left_out) == (facts, 0)


def test_events_past_the_limit_are_counted_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(disputes, "MOST", 1)
    with read(tmp_path, SKIRMISH) as graph:
        found = graph.compare("default", "corroborated")
    assert ({d.point.about.label for d in found.differences}, found.left_out) == ({"A battle"}, 1)
    ledgers.show(found, as_json=False)
    said = "1 more event differs in facts that data sets alone give; to see one of them, name the EVENT"
    assert said in capsys.readouterr().out
