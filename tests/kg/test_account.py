"""All that the graph holds of an event: reasons, the chain of relays, words in their context, duplicates."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from tests.kg.oddities import QUOTED, TEXT, TRIG

import eventkg
from eventkg.kg.account import account
from eventkg.kg.dossier import UnknownSubjectError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from eventkg import KnowledgeGraph

JAN_22, TALKS = "2017-01-22-al-bab-strike", "2017-01-22-coordinates-transfer"
MINISTRY = "claimant/russian-defence-ministry"
CLAIM = "https://w3id.org/eventkg/id/claim/"


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    file = tmp_path_factory.mktemp("odd") / "odd.trig"
    file.write_text(TRIG, encoding="utf-8")
    with eventkg.read([file]) as graph:
        yield graph


def test_the_chain_leads_from_who_spoke_over_who_passed_it_on_to_what_was_read(kg: KnowledgeGraph) -> None:
    steps = [[name.label for name in step] for step in account(kg, JAN_22).chain.steps]
    assert "Russian Defence Ministry" in steps[0]
    assert "Pentagon" in steps[0]
    assert "Associated Press" in steps[1]
    assert len(steps[-1]) == 1


def test_a_denial_that_is_only_ascribed_is_passed_on_by_the_one_who_ascribes_it(kg: KnowledgeGraph) -> None:
    found = [link for link in account(kg, JAN_22).chain.links if link.source.label == "Pentagon"]
    assert {(link.stances, link.target.label) for link in found} == {
        (("Denies",), "Author of the joint mission article")
    }


def test_a_relay_of_a_relay_stands_two_steps_behind_the_root(odd: KnowledgeGraph) -> None:
    chain = account(odd, "odd").chain
    assert [len(step) > 0 for step in chain.steps] == [True] * 4
    assert [name.label for name in chain.steps[1]] == ["A relay"]
    assert [name.label for name in chain.steps[2]] == ["An outlet"]
    assert "A relay relays: passed on by An outlet" in chain.words


def test_a_quotation_stands_in_its_context_where_the_text_is_in_the_graph(odd: KnowledgeGraph) -> None:
    found = account(odd, "odd").contexts
    around = found[f"{CLAIM}said"]
    assert around.before + QUOTED + around.after == TEXT
    assert f"{CLAIM}again" not in found  # its words do not stand there


def test_without_the_text_there_is_no_context(kg: KnowledgeGraph) -> None:
    assert account(kg, JAN_22).contexts == {}


@pytest.mark.parametrize("view", ["default", MINISTRY, "all"])
def test_every_fact_that_somebody_claims_has_its_reason(kg: KnowledgeGraph, view: str) -> None:
    found = account(kg, JAN_22, view)
    claimed = [fact for fact in found.facts if fact.why]
    assert claimed
    assert all(fact.why.fact for fact in claimed if fact.why)
    assert all("a fact in" in fact.why.reason for fact in claimed if fact.why)


def test_a_world_decides_what_stands(kg: KnowledgeGraph) -> None:
    def performers(view: str) -> set[str]:
        found = account(kg, JAN_22, view).description
        return {triple.label for triple in found.values("performedBy")}

    assert performers("default") == {"Russian Aerospace Forces"}
    assert performers(MINISTRY) == {"Russian Aerospace Forces", "US-led coalition"}


def test_an_event_is_dated_in_the_words_of_those_who_date_it(kg: KnowledgeGraph) -> None:
    found = account(kg, JAN_22).dated
    assert [(one.words, one.claimant.label if one.claimant else "") for one in found] == [
        ("A day later", "Russian Defence Ministry")
    ]


def test_what_is_held_to_be_the_same_event_is_named(odd: KnowledgeGraph, kg: KnowledgeGraph) -> None:
    (found,) = account(odd, "odd").elsewhere
    assert found.how == "a duplicate of this one"
    (back,) = account(odd, "https://w3id.org/eventkg/id/event/it's-(odd)").elsewhere
    assert (back.how, back.thing.iri.rpartition("/")[2]) == ("counted in its stead", "odd")
    assert account(kg, JAN_22).elsewhere == ()


def test_of_what_is_not_there_nothing_is_made_up(kg: KnowledgeGraph) -> None:
    with pytest.raises(UnknownSubjectError, match="nothing of this name"):
        account(kg, "none")


def test_a_claim_that_relays_itself_ends_the_chain(tmp_path_factory: pytest.TempPathFactory) -> None:
    circle = TRIG + "claim:said ekg:relays claim:again .\n"
    file = tmp_path_factory.mktemp("circle") / "odd.trig"
    file.write_text(
        circle.replace(
            "ekg:stance ekg:Asserts ; ekg:foundIn document:odd",
            "ekg:stance ekg:Relays ; ekg:foundIn document:odd",
        ),
        encoding="utf-8",
    )
    with eventkg.read([file]) as graph:
        assert 2 <= len(account(graph, "odd").chain.steps) <= 5


def test_relays_of_many_relays_do_not_multiply_without_end(tmp_path: Path) -> None:
    """Six claims a layer, each relaying all six of the layer before: ten million ways from top to bottom."""
    layers = [[f"claim:r{layer}-{number}" for number in range(6)] for layer in range(9)]
    relays = "".join(
        f"{claim} a ekg:Claim ; ekg:claimant actor:outlet ; ekg:stance ekg:Relays ;"
        f" ekg:proposition proposition:who ; ekg:foundIn document:odd ; ekg:relays {', '.join(before)} .\n"
        for before, layer in pairwise([["claim:said"], *layers])
        for claim in layer
    )
    file = tmp_path / "odd.trig"
    file.write_text(TRIG + relays, encoding="utf-8")
    with eventkg.read([file]) as graph:
        assert len(account(graph, "odd").chain.steps) == 11
