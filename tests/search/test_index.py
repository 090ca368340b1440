"""What an index finds and counts is what counting by hand finds."""

from __future__ import annotations

import sqlite3
import threading
from collections import Counter
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.search.world import Event, built, day, gathered, meets, values

from eventkg.errors import UsageError
from eventkg.model.naming import EKG
from eventkg.search.asked import DEATHS, STATUSES, Asked
from eventkg.search.file import UnusableError
from eventkg.search.index import Index
from eventkg.search.writing import write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ACTORS, PLACES = ("army", "guard", "rebels"), ("quarter", "city", "province", "country", "sea")
EQUIPMENT, KINDS, SOURCES = (
    ("su-24m", "f-16"),
    ("AirStrike", "MilitaryAction", "Battle", "Transfer"),
    ("seed", "a"),
)
WORDS = (
    "strike",
    "str",
    "bab",
    "Al-Bab",
    "البا",
    "aleppo",
    "fencer",
    "haras",
    "joint",
    "north",
    "nothing",
    "battle",
)


def some(values: tuple[str, ...], most: int = 2) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), max_size=most, unique=True).map(tuple)


@st.composite
def worlds(draw: st.DrawFn) -> list[Event]:
    events = []
    for number in range(draw(st.integers(0, 8))):
        start = draw(st.one_of(st.just(None), st.integers(0, 60)))
        length = draw(st.one_of(st.just(None), st.integers(0, 9)))
        actors = draw(some(ACTORS, 3))
        contested = tuple(actor for actor in draw(some(ACTORS, 1)) if actor not in actors)
        events.append(
            Event(
                iri=f"e{number}",
                name=draw(st.sampled_from(["Strike on Al-Bab", "Joint strike", "Talks"])),
                start=day(start) if start is not None else "",
                end=day(start + length) if start is not None and length is not None else "",
                actors=actors,
                contested=contested,
                equipment=draw(some(EQUIPMENT)),
                kinds=draw(some(KINDS, 1)),
                places=draw(some(PLACES)),
                sources=draw(st.sampled_from([("seed",), ("a",), ("seed", "a")])),
                deaths=draw(st.sampled_from([None, 0, 1, 9, 10, 99, 100, 5000])),
                quotations=draw(some(("a joint air raid", "they struck the city"), 1)),
                happened=draw(st.booleans()),
                independent=draw(st.integers(0, 3)),
            )
        )
    return events


QUESTIONS = st.builds(
    Asked,
    text=st.lists(st.sampled_from(WORDS), max_size=2).map(" ".join),
    since=st.one_of(st.just(""), st.integers(0, 70).map(day)),
    until=st.one_of(st.just(""), st.integers(0, 70).map(day)),
    actor=some(ACTORS),
    equipment=some(EQUIPMENT),
    type=some(KINDS).map(lambda kinds: tuple(EKG + kind for kind in kinds)),
    place=some(PLACES),
    source=some(SOURCES),
    status=some(STATUSES),
    deaths=st.sampled_from(["", *DEATHS]),
    sort=st.sampled_from(["date", "-date", "deaths", "relevance"]),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(worlds(), st.lists(QUESTIONS, min_size=1, max_size=6))
def test_what_is_found_and_counted_is_what_counting_by_hand_finds(
    tmp_path: Path, events: list[Event], questions: list[Asked]
) -> None:
    path = tmp_path / "index"
    path.unlink(missing_ok=True)
    with built(path, events) as index:
        for asked in questions:
            found = index.find(asked)
            expected = [event for event in events if meets(event, asked)]
            assert {hit.iri for hit in found.rows} == {event.iri for event in expected}
            assert found.total == len(expected)
            for name, facet in found.facets.items():
                others = [event for event in events if meets(event, asked, name)]
                counts = Counter(value for event in others for value in values(event)[name])
                assert {value.iri: value.count for value in facet.values if value.count} == counts
                assert facet.missing == sum(1 for event in others if not values(event)[name])
                assert {value.iri for value in facet.values if value.chosen} == set(asked.chosen()[name])
            dated = [event.start for event in events if event.start and meets(event, asked, "time")]
            assert sum(one.count for one in found.timeline) == len(dated)
            for one in found.timeline:
                assert one.count == sum(1 for start in dated if one.start <= start <= one.end)


STRIKE = Event(
    "strike",
    "Strike on Al-Bab",
    day(20),
    day(20),
    actors=("army",),
    contested=("guard",),
    equipment=("su-24m",),
    kinds=("AirStrike",),
    places=("city",),
    deaths=12,
    quotations=("a joint air raid on Daesh's depots", "they hit the silos"),
)
EVENTS = (
    STRIKE,
    Event("raid", "Raid", day(3), day(4), actors=("rebels",), kinds=("Battle",), places=("sea",), deaths=3),
    Event("talks", "Talks about strikes", quotations=("no joint raid",), happened=False, kinds=("Transfer",)),
    Event(
        "march",
        "March on the province",
        day(1),
        actors=("army", "rebels"),
        places=("province",),
        independent=2,
    ),
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with built(tmp_path_factory.mktemp("index") / "index", EVENTS) as found:
        yield found


@pytest.mark.parametrize(
    ("asked", "iris"),
    [
        (Asked(), ["march", "raid", "strike", "talks"]),
        (Asked(sort="-date"), ["strike", "raid", "march", "talks"]),
        (Asked(sort="deaths"), ["strike", "raid", "march", "talks"]),
        (Asked(text="al-bab"), ["strike"]),
        (Asked(text="Al Bab"), ["strike"]),
        (Asked(text="الباب"), ["strike"]),
        (Asked(text="SU24M"), ["strike"]),
        (Asked(text="su-2"), ["strike"]),
        (Asked(text="F"), []),
        (Asked(text="الحرس"), ["strike"]),
        (Asked(text="joint raid", sort="relevance"), ["strike", "talks"]),
        (Asked(text="strikes", sort="relevance"), ["talks"]),
        (Asked(text="strike", sort="relevance"), ["strike", "talks"]),
        (Asked(text="raid", sort="relevance"), ["raid", "strike", "talks"]),
        (Asked(text='"joint AND raid*'), []),
        (Asked(text="daeshs depots"), ["strike"]),
        (Asked(text="syria"), ["march", "strike"]),
        (Asked(text="!?"), ["march", "raid", "strike", "talks"]),
        (Asked(since=day(4), until=day(4)), ["march", "raid"]),
        (Asked(since=day(21)), ["march"]),
        (Asked(until=day(2)), ["march"]),
        (Asked(place=("country",)), ["march", "strike"]),
        (Asked(place=("sea", "city")), ["raid", "strike"]),
        (Asked(type=(f"{EKG}MilitaryAction",)), ["raid", "strike"]),
        (Asked(actor=("army",), place=("city",)), ["strike"]),
        (Asked(actor=("guard",)), ["strike"]),
        (Asked(status=("contested",)), ["strike"]),
        (Asked(status=("reported",)), ["talks"]),
        (Asked(status=("corroborated",)), ["march"]),
        (Asked(deaths="10-99"), ["strike"]),
        (Asked(source=("seed",), limit=2, offset=1), ["raid", "strike"]),
        (Asked(actor=("nobody",)), []),
        (Asked(actor=("city",)), []),
        (Asked(source=("contested",)), []),
    ],
    ids=str,
)
def test_events_are_found(asked: Asked, iris: list[str], index: Index) -> None:
    assert [hit.iri for hit in index.find(asked).rows] == iris
    assert list(index.chosen(asked))[asked.offset : asked.offset + asked.limit] == iris


def test_a_row_says_what_a_list_shows(index: Index) -> None:
    hit = index.find(Asked(text="depots")).rows[0]
    assert (hit.label, hit.start, hit.end, hit.deaths) == ("Strike on Al-Bab", day(20), day(20), 12)
    assert hit.place is not None
    assert (hit.place.iri, hit.place.label) == ("city", "Al-Bab")
    assert ([one.iri for one in hit.actors], [one.iri for one in hit.contested]) == (["army"], ["guard"])
    assert ([one.label for one in hit.types], hit.status) == (["airstrike"], ("contested", "single"))
    assert hit.sources == ("seed",)
    assert hit.snippet == "a joint air raid on Daesh's depots"


def test_an_event_that_goes_on_has_no_end_and_one_without_a_day_has_none(index: Index) -> None:
    rows = {hit.iri: hit for hit in index.find(Asked()).rows}
    assert (rows["march"].start, rows["march"].end) == (day(1), "")
    assert (rows["talks"].start, rows["talks"].end, rows["talks"].deaths) == ("", "", None)


def test_a_chosen_value_that_is_nowhere_stays_in_its_facet(index: Index) -> None:
    facet = index.find(Asked(actor=("https://w3id.org/eventkg/id/actor/nobody",))).facets["actor"]
    chosen = [value for value in facet.values if value.chosen]
    assert [(value.label, value.count) for value in chosen] == [("actor:nobody", 0)]
    assert sum(value.count for value in facet.values) == 5  # of all others the counts are as before


def test_many_values_are_counted_and_the_first_are_listed(tmp_path: Path) -> None:
    events = [Event(f"e{n}", "Event", sources=tuple(f"s{m}" for m in range(n % 30 + 1))) for n in range(60)]
    with built(tmp_path / "index", events) as index:
        facet = index.find(Asked(source=("s29",))).facets["source"]
    assert [value.iri for value in facet.values][:2] == ["s0", "s1"]
    assert (len(facet.values), facet.more, facet.values[-1]) == (21, 9, facet.values[-1])
    assert facet.values[-1].iri == "s29"


@pytest.mark.parametrize(
    ("starts", "ends", "count"),
    [
        (("2017-01-01", "2017-01-03"), ("2017-01-01", "2017-01-03"), 3),
        (("2016-12-31", "2017-06-02"), ("2016-12-31", "2017-06-30"), 7),
        (("2011-02-01", "2013-12-31"), ("2011-02-28", "2013-12-31"), 35),
        (("1939-09-01", "1990-01-01"), ("1939-12-31", "1990-12-31"), 52),
        (("1066-10-14", "9999-12-31"), ("1069-12-31", "9999-12-31"), 894),
    ],
)
def test_the_timeline_has_bins_that_fit(
    starts: tuple[str, str], ends: tuple[str, str], count: int, tmp_path: Path
) -> None:
    events = [Event(f"e{n}", "Event", start, start) for n, start in enumerate(starts)]
    with built(tmp_path / "index", events) as index:
        bins = index.find(Asked(since="2000-01-01", until="2000-01-01")).timeline
    assert (len(bins), bins[0].end, bins[-1].end) == (count, *ends)
    assert [one.count for one in bins if one.count] == [1, 1]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (Asked(since="2017-1-1"), "since: '2017-1-1' found, a day as YYYY-MM-DD expected"),
        (Asked(until="2017-02-30"), "until: '2017-02-30' found"),
        (Asked(deaths="7"), "deaths: '7' found, one of 0, 1-9, 10-99, 100- expected"),
        (Asked(status=("denied",)), "status: 'denied' found, one of contested"),
        (Asked(sort="size"), "sort: 'size' found"),
        (Asked(text="a" * 501), "text: 501 characters found, 500 at most expected"),
        (Asked(text="a b " * 20), "text: 40 words found, 24 at most expected"),
        (Asked(actor=("x",) * 101), "actor: 101 values found, 100 at most expected"),
        (Asked(limit=1001), "limit: 1001 found, 0 to 1,000 expected"),
        (Asked(offset=-1), "offset: -1 found, 0 or more expected"),
    ],
)
def test_a_condition_that_cannot_mean_anything_is_refused(asked: Asked, message: str, index: Index) -> None:
    with pytest.raises(UsageError, match=message.replace("(", r"\(")):
        index.find(asked)


def test_names_are_suggested_that_begin_so_first_and_events_last(index: Index) -> None:
    names = [(one.label, one.kind, one.events) for one in index.suggest("al-b")]
    assert names[0] == ("Al-Bab", "place", 1)
    assert names[-1] == ("Strike on Al-Bab", "event", 1)
    assert [one.iri for one in index.suggest("north")] == ["army"]
    assert [one.iri for one in index.suggest("fencer")] == ["su-24m"]
    assert index.suggest("-") == ()
    assert [one.kind for one in index.suggest("airst")] == ["type"]


def test_the_same_answers_make_the_same_file_in_whatever_order_they_come(tmp_path: Path) -> None:
    write(gathered(EVENTS), tmp_path / "one")
    write(gathered(reversed(EVENTS)), tmp_path / "other")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_a_file_of_another_format_or_of_somebody_else_is_refused(tmp_path: Path) -> None:
    write(gathered(EVENTS), tmp_path / "later")
    with closing(sqlite3.connect(tmp_path / "later")) as file:
        file.execute("PRAGMA user_version = 99")
    with closing(sqlite3.connect(tmp_path / "foreign")) as file:
        file.execute("CREATE TABLE event (id INTEGER)")
    (tmp_path / "text").write_text("no database at all, but long enough to look like one\n" * 100)
    (tmp_path / "empty").touch()
    for name in ("later", "foreign", "text", "empty", "missing"):
        with pytest.raises(UnusableError):
            Index(tmp_path / name)


def test_an_index_answers_when_its_file_is_gone_and_many_ask_at_once(tmp_path: Path) -> None:
    wrong: list[object] = []
    with built(tmp_path / "index", EVENTS) as index:
        (tmp_path / "index").unlink()

        def ask(number: int) -> None:
            for offset in range(40):
                found = index.find(Asked(text="joint", offset=offset, limit=number + 1))
                wrong.extend([] if found.total == 2 else [found])

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert wrong == []


def test_a_quotation_is_kept_as_it_was_said(tmp_path: Path) -> None:
    said = 'He said: "<b>al-Bāb</b>\n\t& more"'
    with built(tmp_path / "index", [replace(STRIKE, quotations=(said,))]) as index:
        assert index.find(Asked(text="al-bab more")).rows[0].snippet == said
