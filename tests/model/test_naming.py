"""Names are made and read one way only."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventkg.model.naming import PREFIXES, entity, shorten


def test_an_entity_has_a_readable_iri() -> None:
    assert entity("actor", "kremlin") == "https://w3id.org/eventkg/id/actor/kremlin"


def test_a_key_of_a_source_is_percent_encoded() -> None:
    assert (
        entity("event", "ucdp-ged", "12/3 é") == "https://w3id.org/eventkg/id/event/ucdp-ged/12%2F3%20%C3%A9"
    )


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="'tank' is not one of event, actor"):
        entity("tank", "t-72")


@pytest.mark.parametrize(
    ("iri", "short"),
    [
        ("https://w3id.org/eventkg/ontology#Event", "ekg:Event"),
        ("https://w3id.org/eventkg/id/actor/us-led-coalition", "actor:us-led-coalition"),
        ("https://w3id.org/eventkg/id/event/ucdp-ged/1", "https://w3id.org/eventkg/id/event/ucdp-ged/1"),
        ("https://w3id.org/eventkg/ontology#", "https://w3id.org/eventkg/ontology#"),
        ("urn:x", "urn:x"),
    ],
)
def test_an_iri_is_shortened_where_that_can_be_undone(iri: str, short: str) -> None:
    assert shorten(iri) == short


@given(st.sampled_from(sorted(PREFIXES.values())), st.text(max_size=8))
def test_a_short_name_expands_to_its_iri(namespace: str, local: str) -> None:
    short = shorten(namespace + local)
    prefix, _, rest = short.partition(":")
    assert short == namespace + local or PREFIXES[prefix] + rest == namespace + local
