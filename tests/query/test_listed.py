"""Named queries asked of a list of things, so many at a time as one query may hold."""

from __future__ import annotations

import pytest

from eventkg.query.lexical import check_query
from eventkg.query.listed import AT_ONCE, blocks, listed
from eventkg.query.named import named_query


@pytest.mark.parametrize(
    ("iris", "sizes"),
    [
        ([], []),
        (["urn:x"], [1]),
        ([f"urn:{n}" for n in range(2 * AT_ONCE + 1)], [AT_ONCE, AT_ONCE, 1]),
        (["urn:" + "x" * 300_000] * 3, [1, 1, 1]),
        (["urn:" + "x" * 2_000] * 600, [249, 249, 102]),
    ],
)
def test_no_block_makes_a_query_too_long(iris: list[str], sizes: list[int]) -> None:
    found = list(blocks(iris))
    assert [len(block) for block in found] == sizes
    assert [iri for block in found for iri in block] == iris
    for block in found:
        check_query(listed(named_query("network_sites"), "event", block))


@pytest.mark.parametrize("name", ["network_parts", "network_events", "found_sources", "found_statements"])
def test_things_stand_before_everything_else(name: str) -> None:
    text = listed(named_query(name), "thing", ["urn:a", "urn:b"])
    assert "WHERE { VALUES ?thing { <urn:a> <urn:b> }" in " ".join(text.split())


@pytest.mark.parametrize("iri", ["", "a b", "x> } #", 'urn:"', "urn:{", "urn:\\u0020", "urn:\n"])
def test_what_is_no_iri_is_refused(iri: str) -> None:
    with pytest.raises(ValueError, match="an IRI expected"):
        listed(named_query("network_sites"), "event", [iri])
