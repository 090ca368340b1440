"""A measure over time: each window is measured as the network of its events alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from eventkg.errors import UsageError
from eventkg.export import measures
from eventkg.export.network import KINDS
from eventkg.export.only import Only
from eventkg.kg.asking import Reading
from eventkg.kg.series import OverTime, series
from eventkg.model.naming import entity

if TYPE_CHECKING:
    from eventkg import KnowledgeGraph

DAESH, RAF = entity("actor", "daesh"), entity("actor", "russian-aerospace-forces")


@pytest.mark.parametrize("name", measures.MEASURES)
@pytest.mark.parametrize("every", ["month", "day"])
def test_each_value_is_the_measure_of_the_network_of_its_window(
    name: str, every: str, kg: KnowledgeGraph
) -> None:
    only = Only(since="2017-01-18")
    found = series(kg, OverTime("actor-actor", name, every), None, only)
    assert found.values
    for number, (since, until) in enumerate(found.windows):
        network = kg.to_networkx("actor-actor", only=Only(since=since, until=until))
        alone = measures.measure(network, (name,))
        there = {node: values[number] for node, values in found.values.items()}
        expected = {node: alone[node][name] if node in alone else 0.0 for node in there}
        assert there == pytest.approx(expected)


def test_what_has_no_end_goes_on_and_what_has_not_begun_is_zero(kg: KnowledgeGraph) -> None:
    found = series(kg, OverTime("actor-actor", "weighted_degree", "quarter"), None, Only())
    assert found.windows == (
        ("2016-08-24", "2016-09-30"),
        ("2016-10-01", "2016-12-31"),
        ("2017-01-01", "2017-01-22"),
    )
    assert found.values[RAF] == [0, 0, 6]
    assert found.values[DAESH] == [3, 3, 9]
    assert found.labels[DAESH] == "Daesh"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "only", [Only(), Only(until="1900-01-01"), Only(since="2030-01-01", until="2030-02-01")]
)
def test_every_kind_of_network_has_a_series_over_any_time(kind: str, only: Only, kg: KnowledgeGraph) -> None:
    found = series(kg, OverTime(kind, "degree", "year"), None, only)
    assert all(len(values) == len(found.windows) for values in found.values.values())
    assert found.view == "https://w3id.org/eventkg/view/default"


def test_a_series_is_that_of_a_view_and_says_so(kg: KnowledgeGraph) -> None:
    asked = OverTime("actor-actor", "degree", "year")
    found = series(kg, asked, "claimant/pentagon", Only())
    assert found.view.endswith("/claimant/pentagon")


def test_every_window_is_told_to_whoever_waits(kg: KnowledgeGraph) -> None:
    told: list[str] = []
    asked = OverTime("actor-actor", "degree", "quarter")
    series(kg, asked, None, Only(), Reading(progress=lambda what, _: told.append(what)))
    assert told.count("quarters measured") == 3


def test_an_unknown_measure_is_named_with_those_there_are(kg: KnowledgeGraph) -> None:
    with pytest.raises(UsageError, match="'fame' found, one of degree, "):
        series(kg, OverTime("actor-actor", "fame", "year"), None, Only())
