"""What actors, equipment and places have to do with events, counted in the graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from eventkg.kg import portrait as portraits
from eventkg.kg.described import described
from eventkg.kg.documented import documented
from eventkg.kg.dossier import UnknownSubjectError
from eventkg.kg.portrait import portrait

if TYPE_CHECKING:
    from eventkg import KnowledgeGraph
    from eventkg.kg.portrait import Portrait

MINISTRY = "claimant/russian-defence-ministry"


def counted(found: Portrait, name: str) -> dict[str, int]:
    return {row.thing.label: row.events for row in found.table(name).rows}


@pytest.mark.parametrize(
    ("thing", "table", "expected"),
    [
        ("actor:russian-aerospace-forces", "partners", {"Turkish Air Force": 2}),
        ("actor:russian-aerospace-forces", "opponents", {"Daesh": 3}),
        ("actor:russian-aerospace-forces", "equipment", {"Su-24M": 1, "Su-34": 1}),
        ("actor:russian-aerospace-forces", "crafts", {"Su-24M": 1, "Su-34": 1, "F-16": 1, "F-4": 1}),
        ("actor:daesh", "opponents", {}),
        ("equipment:f-16", "users", {"Turkish Air Force": 1}),
        ("equipment:su-34", "users", {"Russian Aerospace Forces": 1}),
        ("equipment:f-16", "performers", {"Russian Aerospace Forces": 1, "Turkish Air Force": 1}),
        ("place:al-bab", "relations", {"in": 2, "near": 1}),
        ("place:aleppo-province", "parts", {"Al-Bab": 3, "Jarabulus": 2}),
        ("place:al-bab", "types", {"air strike": 3}),
    ],
)
def test_a_table_counts_events_that_stand(
    kg: KnowledgeGraph, thing: str, table: str, expected: dict[str, int]
) -> None:
    found = counted(portrait(kg, thing), table)
    assert expected.items() <= found.items()
    assert not expected or found.keys() == expected.keys()


def test_each_count_is_that_of_its_events(kg: KnowledgeGraph) -> None:
    found = portrait(kg, "actor:daesh")
    rows = kg.query("SELECT DISTINCT ?e { ?e ekg:target actor:daesh }")
    assert found.events == len(list(rows))  # type: ignore[arg-type]
    assert counted(found, "roles") == {"target": found.events}


def test_a_contested_part_is_shown_beside_and_not_among_what_stands(kg: KnowledgeGraph) -> None:
    found = portrait(kg, "actor:us-led-coalition")
    (one, other) = found.disputes
    assert (one.judgement.status, one.point.about.label) == ("Contested", "Strike in Al-Bab, 22 January 2017")
    assert [name.label for name in one.judgement.denied_by] == ["Pentagon"]
    assert other.judgement.status == "Unsupported"
    assert found.disputed == 2
    assert sum(bar.contested for bar in found.timeline) == 1
    assert counted(found, "partners").keys() == {"Free Syrian Army", "Turkish Armed Forces"}
    told = portrait(kg, "actor:us-led-coalition", MINISTRY)
    assert "Russian Aerospace Forces" in counted(told, "partners")


def test_the_timeline_leaves_no_gap(kg: KnowledgeGraph) -> None:
    found = portrait(kg, "place:syria")
    assert found.step == "month"
    starts = [bar.start for bar in found.timeline]
    assert (starts[0], starts[-1], len(starts)) == ("2016-01", "2017-12", 24)
    assert found.events == sum(bar.events for bar in found.timeline) + found.undated


def test_a_place_stands_in_what_it_lies_within(kg: KnowledgeGraph) -> None:
    found = portrait(kg, "place:al-bab")
    assert [(one.part.label, one.whole.label) for one in found.above] == [
        ("Al-Bab", "Aleppo province"),
        ("Aleppo province", "Syria"),
    ]
    assert {name.label for name in portrait(kg, "place:aleppo-province").inside} == {"Al-Bab", "Jarabulus"}


def test_a_thing_with_very_many_events_is_counted_when_somebody_asks(
    kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portraits, "QUICK", 1)
    found = portrait(kg, "actor:russian-aerospace-forces")
    assert (found.events, found.table("opponents").rows) == (None, ())
    assert portrait(kg, "actor:russian-aerospace-forces", everything=True).events == 3
    assert portrait(kg, "actor:interfax").stances


def test_the_stances_of_a_speaker_are_counted(kg: KnowledgeGraph) -> None:
    found = dict(portrait(kg, "actor:article-author").stances)
    assert found["Doubts"] >= 2
    assert found["Relays"] > found["Doubts"]
    assert "ascribed" in dict(portrait(kg, "actor:pentagon").stances)


def test_a_thing_has_its_names_in_all_languages_and_what_points_at_it(kg: KnowledgeGraph) -> None:
    found = described(kg, "place:al-bab")
    assert {name.language for name in found.names if name.preferred} == {"en", "ar", "ru", "tr"}
    assert found.names[0].text == found.thing.label == "Al-Bab"
    ways = {way.predicate.label: way.total for way in found.pointing}
    assert ways["place of the event"] == 3
    assert any(triple.graphs == ("https://w3id.org/eventkg/graph/seed",) for triple in found.triples)


def test_a_document_lists_its_claims_in_the_order_of_their_words(kg: KnowledgeGraph) -> None:
    found = documented(kg, "https://w3id.org/eventkg/id/document/2017-01-23-joint-mission-article")
    starts = [one.start for one in found if one.start is not None]
    assert starts == sorted(starts)
    (rows,) = [kg.query("SELECT (COUNT(*) AS ?n) { ?c a ekg:Claim }")]
    assert len(found) == next(iter(rows))["n"]  # type: ignore[arg-type, index]
    assert any(one.quotation == "22 Daesh targets have been struck" for one in found)


def test_a_name_that_nobody_uses_has_no_portrait(kg: KnowledgeGraph) -> None:
    with pytest.raises(UnknownSubjectError):
        portrait(kg, "actor:none")
