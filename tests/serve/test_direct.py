"""The short way of a query and the way through routes and middleware give the same answers."""

from __future__ import annotations

import json
import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl

import anyio
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import generate_latest

from eventkg.serve import endpoint
from eventkg.serve.app import create_app
from eventkg.serve.direct import Direct
from eventkg.serve.protocol import _pairs
from eventkg.serve.service import Options

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fastapi import FastAPI

    from eventkg import KnowledgeGraph

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
SELECT = "SELECT ?e { ?e a ekg:AirStrike }"
MANY = "SELECT * { ?s ?p ?o } LIMIT 500"
STREAM = "SELECT * { ?s ?p ?o . ?a ?b ?c } LIMIT 20000"
SITE = "https://maps.example"
FORM = "application/x-www-form-urlencoded"
_TAG = "{tag}"  # of the answer before this one


class Ask(NamedTuple):
    """One request; `content` makes it a POST."""

    query: dict[str, Any]
    headers: Mapping[str, str] = MappingProxyType({})
    path: str = "/sparql"
    content: bytes | None = None
    method: str = ""


ASKS = [
    Ask({"query": SELECT}),
    Ask({"query": SELECT}),  # from the cache
    Ask({"query": SELECT}, {"if-none-match": _TAG}),
    Ask({"query": SELECT}, path="/query"),
    Ask({"query": SELECT}, method="HEAD"),
    Ask({"query": "ASK { }"}, {"accept": "text/tab-separated-values;q=0.5, text/csv"}),
    Ask({"query": SELECT, "format": "xml"}),
    Ask({"query": SELECT, "format": "csv", "download": "1"}),
    Ask({"query": SELECT, "format": "nothing"}),
    Ask({"query": SELECT}, {"accept": "image/png"}),
    Ask({"query": SELECT}, {"accept": "text/html"}),
    Ask({"query": SELECT}, {"x-request-id": "mine-7"}),
    Ask({"query": SELECT}, {"x-request-id": "not mine\t"}),
    Ask({"query": SELECT}, {"origin": SITE}),
    Ask({"query": SELECT}, {"origin": "https://else.example"}),
    Ask({"query": "SELECT (RAND() * 0 AS ?x) { }"}),
    Ask({"query": "CONSTRUCT WHERE { ?e ekg:performedBy ?who }"}, {"accept": "text/turtle"}),
    Ask({"query": MANY}, {"accept-encoding": "gzip"}),
    Ask({"query": MANY}, {"accept-encoding": "identity"}),
    Ask({"query": STREAM}, {"accept-encoding": "identity"}),
    Ask({"query": SELECT, "default-graph-uri": "https://w3id.org/eventkg/view/all"}),
    Ask({"query": SELECT, "default-graph-uri": "https://w3id.org/eventkg/view/none"}),
    Ask({"query": [SELECT, SELECT]}),
    Ask({"query": "SELECT ?e {"}),
    Ask({"query": "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }"}),
    Ask({"query": "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }"}, {"accept": "text/html"}),
    Ask({}),
    Ask({}, {"accept": "text/html"}),
    Ask({"update": "CLEAR ALL"}),
    Ask({}, {"content-type": "application/sparql-query"}, content=SELECT.encode()),
    Ask({}, {"content-type": FORM}, "/query", b"query=ASK+%7B%7D"),
    Ask({}, {"content-type": FORM}, content=b"query=ASK+%7"),
    Ask({}, {"content-type": "application/json"}, content=b"{}"),
]
OPTIONS = {"plainly": Options(), "with other sites": Options(cors=(SITE,)), "with a log": Options(log=True)}


class Told(NamedTuple):
    """All that came of some requests."""

    answers: list[tuple[int, list[tuple[str, str]], bytes]]
    counts: list[str]


def told(app: Any, counted: FastAPI, asks: Sequence[Ask]) -> Told:
    async def run() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test", timeout=120) as client:
            return [await ask(client, each) for each in asks]

    answers = [(one.status_code, sorted(lines(one)), body(one)) for one in anyio.run(run)]
    return Told(answers, counts(counted))


async def ask(client: httpx.AsyncClient, each: Ask) -> httpx.Response:
    headers = {"accept": "*/*", **each.headers}
    if _TAG in headers.values():
        before = await client.get(each.path, params=each.query)
        headers["if-none-match"] = before.headers["etag"]
    method = each.method or ("GET" if each.content is None else "POST")
    return await client.request(method, each.path, params=each.query, headers=headers, content=each.content)


def lines(answer: httpx.Response) -> list[tuple[str, str]]:
    """A number that was drawn is told from one that was given."""
    drawn = re.compile(r"[0-9a-f]{16}")
    return [
        (name, "drawn" if name == "x-request-id" and drawn.fullmatch(value) else value)
        for name, value in answer.headers.multi_items()
    ]


def body(answer: httpx.Response) -> bytes:
    """A page says how long its answer took."""
    return re.sub(rb'data-seconds="[0-9.]+"', b"", answer.content)


def counts(app: FastAPI) -> list[str]:
    text = generate_latest(app.state.metrics.registry).decode()
    wanted = ("eventkg_requests_total", "eventkg_sent", "eventkg_broken", "eventkg_request_seconds_count")
    return sorted(line for line in text.split("\n") if line.startswith(wanted) and "_created" not in line)


@pytest.mark.parametrize("how", OPTIONS)
def test_both_ways_answer_the_same_with_the_same_headers_and_counts(
    how: str, kg: KnowledgeGraph, capsys: pytest.CaptureFixture[str]
) -> None:
    found, logged = [], []
    for short in (True, False):
        app = create_app(kg, OPTIONS[how])
        found.append(told(Direct(app) if short else app, app, ASKS))
        logged.append([log_line(line) for line in capsys.readouterr().err.splitlines()])
    for each, one, other in zip(ASKS, found[0].answers, found[1].answers, strict=True):
        assert one == other, each
    assert found[0].counts == found[1].counts
    assert logged[0] == logged[1]
    assert bool(logged[0]) == (how == "with a log")
    assert {200, 304, 400, 403, 406, 415} <= {status for status, _, _ in found[0].answers}


def log_line(line: str) -> dict[str, object]:
    told = json.loads(line)
    return {name: told[name] for name in told.keys() - {"time", "seconds", "request"}}


@pytest.mark.parametrize(
    "name", ["content-security-policy", "x-content-type-options", "x-request-id", "etag"]
)
def test_the_short_way_leaves_out_no_header(name: str, kg: KnowledgeGraph) -> None:
    app = create_app(kg)
    (_, headers, _), *_ = told(Direct(app), app, ASKS[:1]).answers
    assert [each for each, _ in headers].count(name) == 1


def test_a_mistake_of_ours_is_counted_and_shows_nothing_of_itself(
    kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_: object) -> None:
        raise KeyError("secret")

    monkeypatch.setattr(endpoint, "sparql", broken)
    app = create_app(kg)
    found = told(Direct(app), app, ASKS[:1])
    assert found.answers[0][0] == 500
    assert b"secret" not in found.answers[0][2]
    assert 'eventkg_requests_total{method="GET",route="/sparql",status="0"} 1.0' in found.counts


ESCAPE = st.one_of(st.binary(min_size=1, max_size=1).map(lambda byte: b"%%%02x" % byte[0]), st.just(b"%3D"))
PLAIN = st.sampled_from([b"a", b"=", b"&", b"+", b"_", b".", b" ", b"\t", b"\r", b"\n", b"==", b"?"])


@given(st.lists(ESCAPE | PLAIN, max_size=12).map(b"".join))
def test_every_escape_is_read_as_others_read_it(encoded: bytes) -> None:
    try:
        expected = parse_qsl(encoded.decode(), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        with pytest.raises(UnicodeDecodeError):
            _pairs(encoded)
    else:
        assert _pairs(encoded) == expected
