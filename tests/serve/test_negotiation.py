"""Content negotiation as RFC 9110 has it."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventkg.serve.negotiation import GRAPH_TYPES, SOLUTION_TYPES, choose, prefers_html, quality

FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
CHROME = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,\
application/signed-exchange;v=b3;q=0.7"


@pytest.mark.parametrize(
    ("accept", "solutions", "graph"),
    [
        ("", "json", "ttl"),
        ("*/*", "json", "ttl"),
        ("text/csv", "csv", ""),
        ("TEXT/CSV", "csv", ""),
        ("text/turtle", "", "ttl"),
        ("text/*", "csv", "ttl"),
        ("application/*", "json", "nt"),
        ("application/json", "json", "jsonld"),
        ("application/xml", "xml", "rdfxml"),
        ("application/sparql-results+xml;q=0.5, text/csv;q=0.9", "csv", ""),
        ("text/csv;q=0.9, application/sparql-results+xml", "xml", ""),
        ("text/csv;q=0, */*", "json", "ttl"),
        ("application/sparql-results+json;q=0, application/json;q=0, */*;q=0.1", "xml", "ttl"),
        ("text/tab-separated-values;charset=utf-8;q=0.7", "tsv", ""),
        ("application/ld+json, text/turtle;q=0.9", "", "jsonld"),
        ("application/rdf+xml ; q = 1.0", "", "rdfxml"),
        ("image/png", "", ""),
        ("*/*;q=0", "", ""),
        ("text/csv;q=2", "", ""),
        ("text/csv;q=nan, text/tab-separated-values;q=0.001", "tsv", ""),
        ("csv", "", ""),
        (";;,,;q=1,/", "", ""),
    ],
)
def test_the_format_that_a_client_likes_best_is_chosen(accept: str, solutions: str, graph: str) -> None:
    assert (choose(accept, SOLUTION_TYPES)[0], choose(accept, GRAPH_TYPES)[0]) == (solutions, graph)


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        ("text/*;q=0.3, text/csv;q=0.7, text/csv;q=0.4, */*;q=0.5", 0.7),
        ("text/*;q=0.3, */*;q=0.5", 0.3),
        ("application/*, */*;q=0.5", 0.5),
        ("text/csv;q=0, text/*", 0.0),
        ("", 1.0),
    ],
)
def test_the_most_specific_range_decides(accept: str, wanted: float) -> None:
    assert quality(accept, "text/csv") == wanted


@pytest.mark.parametrize(
    ("accept", "html"),
    [
        (FIREFOX, True),
        (CHROME, True),
        ("text/html", True),
        ("text/html;q=0.9, application/sparql-results+json", False),
        ("text/html, text/turtle;q=0.9", True),
        ("text/html;q=0", False),
        ("*/*", False),
        ("text/*", False),
        ("", False),
        ("application/json", False),
    ],
)
def test_a_page_is_for_those_who_ask_for_html(accept: str, html: bool) -> None:
    assert prefers_html(accept) is html


_PIECES = st.sampled_from(
    ["text", "csv", "*", "/", ";", ",", "q", "=", "0.5", "1", "-1", "1e999", "nan", "html", " ", "\t", '"']
)


@given(st.text() | st.lists(_PIECES).map("".join))
def test_no_accept_header_is_an_error(accept: str) -> None:
    prefers_html(accept)
    for offers in (SOLUTION_TYPES, GRAPH_TYPES):
        name, wanted = choose(accept, offers)
        assert 0 <= wanted <= 1
        assert (name in offers) == (wanted > 0)


@given(st.sampled_from([t for types in SOLUTION_TYPES.values() for t in types]), st.floats(0.001, 1))
def test_a_type_that_is_named_is_acceptable(media_type: str, weight: float) -> None:
    name, _ = choose(f"{media_type};q={weight:.3f}", SOLUTION_TYPES)
    assert media_type in SOLUTION_TYPES[name]


@pytest.mark.parametrize(
    ("accept", "query", "offers"),
    [
        ("image/png", "ASK { }", 8),
        ("text/turtle", "ASK { }", 4),
        ("text/csv", "CONSTRUCT WHERE { ?s ?p ?o }", 4),
        ("*/*;q=0", "SELECT * { }", 8),
    ],
)
def test_an_answer_that_nobody_accepts_is_refused_with_what_there_is(
    accept: str, query: str, offers: int, server: str
) -> None:
    answer = httpx.get(f"{server}/sparql", params={"query": query}, headers={"Accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (406, "application/problem+json")
    assert len(answer.json()["offers"]) == offers
    assert answer.headers["vary"] == "Accept"


def test_no_accept_header_is_as_good_as_any(server: str) -> None:
    request = httpx.Request("GET", f"{server}/sparql", params={"query": "ASK { }"})
    assert "accept" not in request.headers
    with httpx.Client() as client:
        assert client.send(request).headers["content-type"] == "application/sparql-results+json"


@pytest.mark.parametrize("accept", [FIREFOX, CHROME])
def test_a_browser_is_shown_a_page_and_a_download_if_it_asks(accept: str, server: str) -> None:
    parameters, headers = {"query": "SELECT * { ?s a ekg:AirStrike }"}, {"Accept": accept}
    page = httpx.get(f"{server}/sparql", params=parameters, headers=headers)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["vary"] == "Accept, Accept-Language"
    download = httpx.get(f"{server}/sparql", params={**parameters, "format": "csv"}, headers=headers)
    assert download.headers["content-type"].startswith("text/csv")
    empty = httpx.get(f"{server}/sparql", headers=headers)
    assert (empty.status_code, "<textarea" in empty.text) == (200, True)
