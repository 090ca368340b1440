"""What is in the graph, as a page and as JSON."""

from __future__ import annotations

import re
from html import unescape

import httpx
import pytest
from tests.serve.test_pages import HTML


def test_each_number_of_the_page_is_the_graphs_own(server: str) -> None:
    page, told = httpx.get(server, headers=HTML).text, httpx.get(f"{server}/api/v1/overview").json()
    shown = re.findall(r"<dt>([^<]+)</dt>\s*<dd><a href=\"[^\"]+\">([^<]+)</a>", page)
    assert shown[:4] == [
        ("Events", str(told["events"])),
        ("only spoken of", str(told["reported"])),
        ("Claims", str(told["claims"])),
        ("Documents", str(told["documents"])),
    ]
    assert told["statuses"]["Contested"] > 0


def test_the_query_behind_a_number_gives_that_number(server: str) -> None:
    page = httpx.get(server, headers=HTML).text
    found = re.search(r"<dt>Claims</dt>\s*<dd><a href=\"([^\"]+)\">(\d+)</a>", page)
    assert found
    answer = httpx.get(server + unescape(found[1]), headers={"Accept": "application/sparql-results+json"})
    (row,) = answer.json()["results"]["bindings"]
    assert row["claims"]["value"] == found[2]


def test_each_world_has_an_overview_of_its_own(server: str) -> None:
    view = "claimant/russian-defence-ministry"
    told = {name: httpx.get(f"{server}/api/v1/overview", params={"view": name}) for name in ("", view)}
    assert told[view].headers["eventkg-view"].endswith(view)
    assert told[view].json()["actors"] != told[""].json()["actors"]


@pytest.mark.parametrize("path", ["/", "/api/v1/overview"])
def test_a_world_that_nobody_knows_is_refused(path: str, server: str) -> None:
    answer = httpx.get(server + path, params={"view": "nobody"})
    assert answer.status_code == 400
    assert "nobody" in answer.json()["detail"]


def test_every_source_stands_with_its_licence(server: str) -> None:
    page = httpx.get(server, headers=HTML).text
    assert page.count('rel="license external noreferrer"') >= 3
    assert "Countries States Cities Database" in page


def test_a_knowledge_date_is_a_part_of_the_world(server: str) -> None:
    page = httpx.get(server, params={"known": "2017-01-22"}, headers=HTML)
    assert page.headers["eventkg-view"].endswith("default/as-known-on/2017-01-22")
    assert 'value="2017-01-22"' in page.text
