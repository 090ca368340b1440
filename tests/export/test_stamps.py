"""An answer names the view it was given in, wherever its format has room for that."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from eventkg.export.stamps import UNSTAMPED, stamped
from eventkg.model.naming import VIEW
from eventkg.query.job import GRAPHS, SOLUTIONS

VIEWS = (f"{VIEW}default", f"{VIEW}claimant/a--b&c/as-known-on/2017-01-22")
SELECT, NONE, ASK = (
    "SELECT ?a ?b { VALUES (?a ?b) { ('</head>' 1) ('{\"head\":{' 2) } }",
    "SELECT * {}",
    "ASK {}",
)
CONSTRUCT = "CONSTRUCT { <urn:s> <urn:p> '# no comment' } {}"


def serialized(query: str, form: str) -> bytes:
    name = (SOLUTIONS | GRAPHS)[form].engine_name
    results = ox.Store().query(query)
    formats = ox.QueryResultsFormat if form in SOLUTIONS else ox.RdfFormat
    data = results.serialize(format=getattr(formats, name))
    assert data is not None
    return bytes(data)


def stamp(form: str, view: str, data: bytes, size: int = 7) -> bytes:
    """The answer as it comes, in blocks of a few bytes."""
    blocks = [data[n : n + size] for n in range(0, len(data), size)]
    return b"".join(stamped(form, view, blocks))


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("query", [SELECT, NONE, ASK])
@pytest.mark.parametrize("form", ["json", "xml"])
def test_results_in_json_and_xml_have_a_link_and_read_as_before(form: str, query: str, view: str) -> None:
    plain = serialized(query, form)
    found = stamp(form, view, plain)
    kind = getattr(ox.QueryResultsFormat, form.upper())
    before, after = (ox.parse_query_results(io.BytesIO(data), format=kind) for data in (plain, found))
    if isinstance(after, ox.QueryBoolean):
        assert after == before
    else:
        assert not isinstance(before, ox.QueryBoolean)
        assert after.variables == before.variables
        assert [list(row) for row in after] == [list(row) for row in before]
    if form == "xml":
        (link,) = ET.fromstring(found).iter("{http://www.w3.org/2005/sparql-results#}link")  # noqa: S314
        assert link.get("href") == view
    else:
        assert found.count(b'"link":["%s"]' % view.encode()) == 1


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(("form", "name"), [("ttl", "turtle"), ("nt", "nt"), ("rdfxml", "xml")])
def test_a_graph_names_its_view_and_reads_as_before(form: str, name: str, view: str) -> None:
    plain = serialized(CONSTRUCT, form)
    found = stamp(form, view, plain)
    assert view.encode() in found
    assert set(rdflib.Graph().parse(data=found, format=name)) == set(
        rdflib.Graph().parse(data=plain, format=name)
    )


@pytest.mark.parametrize("form", sorted(UNSTAMPED))
def test_what_has_no_room_for_a_stamp_is_left_as_it_is(form: str) -> None:
    plain = serialized(CONSTRUCT if form in GRAPHS else SELECT, form)
    assert stamp(form, VIEWS[0], plain) == plain


def test_every_format_is_stamped_or_known_not_to_be() -> None:
    for form in SOLUTIONS | GRAPHS:
        plain = serialized(CONSTRUCT if form in GRAPHS else SELECT, form)
        assert (stamp(form, VIEWS[0], plain) == plain) == (form in UNSTAMPED)


@given(st.sampled_from(["json", "xml", "rdfxml"]), st.lists(st.binary(max_size=9), max_size=4))
def test_bytes_of_another_shape_pass_through(form: str, blocks: list[bytes]) -> None:
    whole = b"".join(blocks)
    found = b"".join(stamped(form, VIEWS[0], blocks))
    assert found == whole or VIEWS[0].encode() in found
