"""The pages of events and things, and of two worlds side by side, as they come from the server."""

from __future__ import annotations

import re
import time
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import httpx
import pytest
from tests.kg.oddities import ARABIC, QUOTED, odd_server
from tests.serve.test_pages import HTML

if TYPE_CHECKING:
    from collections.abc import Iterator

JAN_21, JAN_22 = "/page/event/2017-01-21-al-bab-strike", "/page/event/2017-01-22-al-bab-strike"
MINISTRY = "claimant/russian-defence-ministry"
_VOID = {"meta", "link", "input", "br", "img", "path", "rect", "hr", "col", "wbr"}


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with odd_server(tmp_path_factory.mktemp("odd")) as address:
        yield address


class Page(HTMLParser):
    """What a page is made of: its elements with their attributes, its text, and whether it is well-formed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.unbalanced: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID and (not self.open or self.open.pop() != tag):
            self.unbalanced.append(tag)

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def answered(address: str, **parameters: str) -> httpx.Response:
    """What comes of an address, after it has been waited for."""
    while True:
        answer = httpx.get(address, params=parameters or None, headers=HTML, timeout=60)
        if "data-waiting" not in answer.text:
            return answer
        time.sleep(0.2)


def source(address: str, **parameters: str) -> str:
    """A page as it came."""
    answer = answered(address, **parameters)
    assert answer.status_code == 200, answer.text
    return answer.text


def get(address: str, **parameters: str) -> Page:
    """A page."""
    return Page(source(address, **parameters))


def section(address: str, name: str, **parameters: str) -> str:
    """The text of one section of a page."""
    return Page(
        source(address, **parameters).partition(f'<section id="{name}"')[2].partition("</section>")[0]
    ).text


@pytest.mark.parametrize(
    "path",
    [
        *(JAN_21, JAN_22, "/page/event/euphrates-shield", "/page/actor/us-led-coalition"),
        *("/page/actor/russian-aerospace-forces", "/page/actor/pentagon", "/page/place/syria"),
        *("/page/equipment/su-24m", "/page/document/2017-01-23-joint-mission-article"),
        *("/page/series/russian-turkish-joint-strikes", "/page/policy/none", "/compare"),
        f"/compare?a=default&b={MINISTRY}",
    ],
)
def test_a_page_is_whole_and_each_of_its_links_inside_leads_to_a_part_of_it(path: str, server: str) -> None:
    text = answered(server + path).text
    page = Page(text)
    assert (page.open, page.unbalanced) == ([], [])
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    inside = {link["href"] or "" for link in page.named("a") if (link["href"] or "").startswith("#")}
    assert {link[1:] for link in inside} <= set(ids)
    assert not any("style" in attributes for _, attributes in page.elements)
    assert len(text.encode()) < 150_000


def test_contested_parts_of_22_january_are_seen_at_once_and_are_no_facts(server: str) -> None:
    assert "3 statements contested" in get(server + JAN_22).text
    stands, _, left = section(server + JAN_22, "facts").partition("Said, and not adopted here")
    assert "performed by Russian Aerospace Forces uncontested" in stands
    html = source(server + JAN_22).partition('id="ledger"')[0]
    values = [Page(value).text for value in re.findall(r'<span class="value">(.*?)</span>', html)]
    assert "Russian Aerospace Forces" in values
    assert "US-led coalition" not in values
    assert "performed by US-led coalition, 2 contested" in left
    ledger = section(server + JAN_22, "ledger")
    assert "asserted by Russian Defence Ministry" in ledger
    assert "denied by Pentagon" in ledger
    assert "doubted by Author of the joint mission article" in ledger
    assert "contradicted by Pentagon : coordination level no coordination" in ledger


def test_the_words_stand_with_their_place_in_the_document(server: str) -> None:
    text = get(server + JAN_22).text
    assert "two jets of the international coalition" in text
    assert "characters 1,599 to 1,638" in text
    assert "A day later" in text


def test_another_world_has_other_facts_and_every_link_stays_in_it(server: str) -> None:
    page = get(server + JAN_22, view=MINISTRY)
    assert "US-led coalition" in section(server + JAN_22, "facts", view=MINISTRY).partition("Said, and")[0]
    things = [link["href"] or "" for link in page.named("a") if "/page/" in (link["href"] or "")]
    assert things
    assert all(f"view={MINISTRY}" in link for link in things)


def test_counts_and_types_of_aircraft_stand_beside_who_flew_them(server: str) -> None:
    stands = section(server + JAN_21, "facts")
    assert "Russian Aerospace Forces 3: 2 Su-24M, 1 Su-34" in stands
    assert "Turkish Air Force 4: 2 F-16, 2 F-4" in stands
    assert "targets struck 22" in stands


def test_each_value_that_stands_says_why(server: str) -> None:
    page = source(server + JAN_21)
    facts = page.partition('id="facts"')[2].partition("</section>")[0]
    assert facts.count('<div class="fact">') == facts.count('<details class="why">') > 10
    path = Page(facts.partition("targets struck")[2].partition("</details>")[0]).text
    for step in (
        "Policy a fact in default",
        "Statement 22",
        "22 Daesh targets have been struck",
        "Documents",
    ):
        assert step in path


def test_the_chain_is_drawn_and_told_in_words(server: str) -> None:
    page = source(server + JAN_22)
    drawing = page.partition('<figure class="chain">')[2].partition("</figure>")[0]
    assert drawing.count("<rect") >= 7
    assert 'href="/page/actor/associated-press"' in drawing
    told = unescape(drawing)
    assert "Russian Defence Ministry asserts: passed on by Associated Press" in told
    assert "Pentagon denies: passed on by Author of the joint mission article, 2 claims" in told


def test_where_nobody_looked_for_the_same_event_the_page_says_so(server: str, odd: str) -> None:
    assert "candidates have not been looked for here" in get(server + JAN_22).text
    assert "a duplicate of this one" in get(f"{odd}/page/event/odd").text


@pytest.mark.parametrize("path", ["event/odd", "actor/odd", "place/odd", "document/odd", "claim/denied"])
def test_hostile_text_is_shown_and_not_run(path: str, odd: str) -> None:
    page = get(f"{odd}/page/{path}")
    assert page.named("img") == []
    assert all((script.get("src") or "").startswith("/static/") for script in page.named("script"))
    assert not any(name.startswith("on") for _, attributes in page.elements for name in attributes)
    assert not any("javascript:" in (link.get("href") or "") for link in page.named("a"))
    assert "alert('told')" in page.text


def test_a_name_with_odd_letters_is_found_at_its_address(odd: str) -> None:
    page = get(f"{odd}/page/event/it's-(odd)")
    assert ARABIC in page.text
    (heading,) = page.named("h1")
    assert heading["dir"] == "auto"


def test_a_quotation_stands_among_the_words_around_it(odd: str) -> None:
    text = get(f"{odd}/page/event/odd").text
    assert f"The ministry said that {QUOTED} in it, and left it at that." in text.replace("  ", " ")
    assert "from 3 to 20" in text


def test_an_actor_has_its_symbol_in_words_and_loads_the_drawing_only_then(server: str, odd: str) -> None:
    with_one = source(f"{server}/page/actor/russian-aerospace-forces")
    assert "10011000001208000000</code>" in with_one
    assert "/static/app/symbol.js" in with_one
    assert "symbol.js" not in source(f"{server}/page/actor/daesh")
    assert "data-code" in source(f"{odd}/page/actor/odd")


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("actor/us-led-coalition", ("denied by Pentagon", "Free Syrian Army", "contested or unsupported 2")),
        (
            "place/al-bab",
            ("الباب", "Аль-Баб", "within Aleppo province within Syria", "of strategic importance"),
        ),
        ("equipment/f-16", ("Who is said to have used it", "Turkish Air Force", "F-16 Fighting Falcon")),
        ("document/2017-01-23-joint-mission-article", ("22 Daesh targets have been struck", "published on")),
        ("series/russian-turkish-joint-strikes", ("in series", "What points at it")),
    ],
)
def test_the_page_of_a_thing_holds_what_is_known_of_it(
    path: str, shown: tuple[str, ...], server: str
) -> None:
    text = get(f"{server}/page/{path}").text
    assert [words for words in shown if words not in text] == []


def test_the_events_that_two_actors_share_are_those_that_were_counted(server: str) -> None:
    page = source(f"{server}/page/actor/russian-aerospace-forces")
    row = re.search(r'>Turkish Air Force</a></th>.*?href="([^"]+)">(\d+)</a>', page, re.DOTALL)
    assert row
    accept = {"Accept": "application/sparql-results+json"}
    found = httpx.get(server + unescape(row[1]), headers=accept).json()["results"]["bindings"]
    assert len(found) == int(row[2]) == 2


def test_the_portrait_is_data_too(server: str) -> None:
    answer = httpx.get(f"{server}/api/v1/things/actor/us-led-coalition", params={"view": MINISTRY})
    told = answer.json()
    assert answer.headers["eventkg-view"].endswith(MINISTRY)
    assert told["description"]["thing"]["label"] == "US-led coalition"
    assert told["events"] > httpx.get(f"{server}/api/v1/things/actor/us-led-coalition").json()["events"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/things/event/x", 404),
        ("/api/v1/things/actor/none", 404),
        ("/api/v1/things/actor/daesh?counts=some", 400),
        ("/api/v1/things/actor/daesh?more=1", 400),
        ("/page/actor/daesh?view=nobody", 400),
        ("/page/actor/none", 404),
        ("/page/nothing/x", 404),
        ("/compare?a=default", 200),
        ("/compare?a=default&b=nobody", 400),
        ("/compare?a=default&b=all&event=none", 400),
        ("/compare?a=default&b=default/as-known-on/2017-02-30", 400),
        ("/compare?a=default&b=all&offset=x", 400),
        ("/compare?c=default", 400),
    ],
)
def test_a_wrong_address_is_refused_with_a_reason(path: str, status: int, server: str) -> None:
    answer = answered(server + path)
    assert answer.status_code == status
    assert status == 200 or 'role="alert"' in answer.text or answer.json()["detail"]


def test_two_worlds_differ_as_the_api_says(server: str) -> None:
    page = get(f"{server}/compare", a="default", b=MINISTRY)
    told = httpx.get(f"{server}/api/v1/compare", params={"a": "default", "b": MINISTRY}).json()
    assert f"{told['total']} differences" in page.text
    assert "Strike in Al-Bab, 22 January 2017 performed by US-led coalition contested no fact" in page.text
    assert "Adopts what somebody asserts" in page.text
    assert "plus what russian-defence-ministry asserts" in page.text


def test_a_world_does_not_differ_from_itself(server: str) -> None:
    assert "No difference" in get(f"{server}/compare", a="default", b="default").text


def test_a_date_becomes_a_part_of_the_worlds_name(server: str) -> None:
    asked = {"a": "default", "b": "default", "a_known": "", "b_known": "2017-01-22", "event": ""}
    answer = httpx.get(f"{server}/compare", params=asked, headers=HTML)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/compare?a=default&b=default/as-known-on/2017-01-22"
    page = get(server + answer.headers["location"])
    assert "Hears what had been said by 2017-01-22." in page.text


def test_many_differences_are_told_part_by_part(server: str) -> None:
    first = get(f"{server}/compare", a="default", b="corroborated")
    total = int(re.findall(r"(\d+) differences", first.text)[0])
    assert total > 50
    assert f"1 to 50 of {total}" in first.text
    last = get(f"{server}/compare", a="default", b="corroborated", offset=str(total - 1))
    assert f"{total} to {total} of {total}" in last.text
