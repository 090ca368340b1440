"""What a browser is given: safe headers, escaped text, nothing from elsewhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from tests.serve.test_protocol import raw

HTML = {"Accept": "text/html"}
HOSTILE = "<script>alert(1)</script>"


OUR_SCRIPT = {"type": "module", "src": "/static/app/sparql.js"}


class Elements(HTMLParser):
    """What a browser takes for elements, and those that run something."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.scripts: list[dict[str, str | None]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert not [name for name, _ in attrs if name.startswith("on") or name == "style"]
        if tag == "script":
            self.scripts.append(dict(attrs))


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/", HTML, 200),
        ("GET", "/sparql?query=ASK%20%7B%7D", {}, 200),
        ("GET", "/sparql?query=ASK%20%7B%7D", HTML, 200),
        ("GET", "/sparql?query=x", {}, 400),
        ("GET", "/sparql?query=x", HTML, 400),
        ("GET", "/sparql", HTML, 200),
        ("GET", "/nowhere", {}, 404),
        ("GET", "/nowhere", HTML, 404),
        ("DELETE", "/sparql", {}, 405),
        ("GET", "/docs", HTML, 200),
        ("GET", "/openapi.json", {}, 200),
        ("GET", "/healthz", {}, 200),
        ("GET", "/static/page.css", {}, 200),
        ("GET", "/static/nowhere.css", {}, 404),
    ],
)
def test_every_answer_has_the_security_headers(
    method: str, path: str, headers: dict[str, str], status: int, server: str
) -> None:
    answer = httpx.request(method, server + path, headers=headers)
    assert answer.status_code == status
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert re.search(r"script-src 'self'(;|$)", policy)
    assert "http" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "server" not in answer.headers


def test_a_page_that_is_not_there_is_a_problem(server: str) -> None:
    answer = httpx.get(f"{server}/nowhere")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.json()["title"] == "Not Found"


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/..%2fapp.py",
        "/static/%2e%2e/app.py",
        "/static/%2e%2e%2f%2e%2e%2fsettings.py",
        "/static//etc/passwd",
        "/static/..\\app.py",
        "/static/docs/..%2f..%2f..%2fapp.py",
        "/static/%00",
        "/static/",
    ],
)
def test_files_beside_the_static_ones_are_not_served(path: str, server: str) -> None:
    status, body = raw(server, "GET", path)
    assert status in {400, 404}
    assert b"import" not in body
    assert b"root:" not in body


@pytest.mark.parametrize(
    "query",
    [
        f'SELECT ("{HOSTILE}" AS ?x) {{ }}',
        f'SELECT ?x {{ BIND("{HOSTILE}" AS ?x) }}',
        f'SELECT ?x {{ BIND(IRI("urn:{HOSTILE}") AS ?x) }}',
        f'SELECT ?x {{ BIND(STRDT("x", IRI("urn:\'onload={HOSTILE}")) AS ?x) }}',
        f'CONSTRUCT {{ <urn:s> <urn:p> "{HOSTILE}" }} {{ }}',
        f"ASK {{ }} # </textarea>{HOSTILE}",
        f"{HOSTILE}",
        f'SELECT * {{ ?s ?p "{HOSTILE}" ) }}',
    ],
)
def test_hostile_text_is_shown_and_not_run(query: str, server: str) -> None:
    page = httpx.get(f"{server}/sparql", params={"query": query}, headers=HTML).text
    found = Elements(page)
    assert found.scripts == [{"type": "application/json"}, OUR_SCRIPT]
    assert found.tags.isdisjoint({"img", "iframe", "object", "style"})
    assert "&lt;script&gt;" in page or "%3Cscript" in page
    assert page.count("</textarea>") == page.count("<textarea")


@pytest.mark.parametrize("path", ["/", "/docs", "/sparql?query=ASK+%7B+%7D", "/nowhere"])
def test_a_page_loads_nothing_from_elsewhere(path: str, server: str) -> None:
    page = httpx.get(server + path, headers=HTML).text
    loaded = re.findall(r"""(?:<(?:script|link|img|form)[^>]*?\s)(?:src|href|action)="([^"]+)\"""", page)
    assert loaded
    assert all(urlsplit(urljoin(server, address)).netloc == urlsplit(server).netloc for address in loaded)
    assert "<script>" not in page
    assert " style=" not in page
    assert not re.search(r"\son\w+=", page)


def test_the_documentation_loads_from_our_own_disk(server: str) -> None:
    page = httpx.get(f"{server}/docs").text
    scripts = re.findall(r'src="([^"]+)"', page)
    assert scripts
    for script in scripts:
        assert httpx.get(server + script).status_code == 200
    start = httpx.get(f"{server}/static/docs.js").text
    assert 'url: "/openapi.json"' in start
    assert "http" not in start


def test_every_link_of_the_start_page_works(server: str) -> None:
    page = httpx.get(server, headers=HTML).text
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="(/(?!\?|/)[^"]*)"', page)]
    examples = [link for link in links if link.startswith("/sparql")]
    assert len(examples) >= 8
    for link in links:
        answer = httpx.get(server + link, headers={"Accept": "text/html,*/*;q=0.8"}, timeout=20)
        assert answer.status_code == 200
        assert 'class="problem"' not in answer.text
    for link in examples:
        assert "No rows" not in httpx.get(server + link, headers=HTML, timeout=20).text


def test_a_wrong_query_is_shown_with_its_error_and_kept_in_the_form(server: str) -> None:
    page = httpx.get(f"{server}/sparql", params={"query": "SELECT * { oops"}, headers=HTML)
    assert page.status_code == 400
    assert 'role="alert"' in page.text
    assert "line 1, column" in page.text
    assert "SELECT * { oops</textarea>" in page.text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("SELECT ?x { VALUES ?x { 1 } }", "1 row."),
        ("SELECT ?x { VALUES ?x { 1 2 } }", "2 rows."),
        ("SELECT ?x { FILTER(false) }", "No rows"),
        ("ASK { }", ">yes</pre>"),
        ("ASK { FILTER(false) }", ">no</pre>"),
        ("CONSTRUCT { ekg:a ekg:b 1 } { }", "ekg:a"),
        ("SELECT * { ?s ?p ?o }", "The first 1,000 rows; a download has them all."),
    ],
)
def test_a_page_says_how_much_it_shows(query: str, shown: str, server: str) -> None:
    page = httpx.get(f"{server}/sparql", params={"query": query}, headers=HTML).text
    assert shown in page
    assert page.count("<tr>") <= 1_001


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", 504, "5 s"),
        ("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", 400, "SERVICE"),
        ("SELECT * {" + "{" * 3000 + "}" * 3001, 400, "nested"),
    ],
)
def test_a_query_that_is_stopped_or_refused_is_told_on_the_page(
    query: str, status: int, words: str, server: str
) -> None:
    page = httpx.post(f"{server}/sparql", data={"query": query}, headers=HTML, timeout=60)
    assert page.status_code == status, page.text[:300]
    assert words in page.text.partition('role="alert"')[2].partition("</p>")[0]
