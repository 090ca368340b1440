"""Events over time: each counted once, where it began, and what is left out is said."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
from datetime import date
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from tests.export.events import FOOT, event

from eventkg.errors import UsageError
from eventkg.export.histogram import STEPS, bars, draw, fitting

if TYPE_CHECKING:
    from eventkg.export.chart import Shown

SVG = "{http://www.w3.org/2000/svg}"


def drawn(events: list[Shown], form: str = "svg", by: str = "") -> bytes:
    out = io.BytesIO()
    draw(events, out, form=form, foot=FOOT, by=by)
    return out.getvalue()


def words(svg: bytes) -> str:
    return " ".join("".join(text.itertext()) for text in ET.fromstring(svg).iter(f"{SVG}text"))  # noqa: S314


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("day", [("2016-12-31", 1), ("2017-01-01", 2), ("2017-01-02", 0), ("2017-01-03", 1)]),
        ("week", [("2016-12-26", 3), ("2017-01-02", 1)]),
        ("month", [("2016-12-01", 1), ("2017-01-01", 3)]),
        ("year", [("2016-01-01", 1), ("2017-01-01", 3)]),
    ],
)
def test_an_event_is_counted_once_where_it_began(by: str, expected: list[tuple[str, int]]) -> None:
    events = [event(day) for day in ("2017-01-01", "2016-12-31", "2017-01-01", "2017-01-03", "")]
    assert [(bar.first.isoformat(), bar.events) for bar in bars(events, by)] == expected


def test_contested_events_are_counted_among_the_others() -> None:
    (bar,) = bars([event(), event(contested=True)], "day")
    assert (bar.events, bar.contested) == (2, 1)


@pytest.mark.parametrize(
    ("last", "step"),
    [
        ("2017-01-01", "day"),
        ("2017-03-30", "day"),
        ("2017-04-30", "week"),
        ("2019-01-01", "month"),
        ("2060-01-01", "year"),
    ],
)
def test_bars_are_as_short_as_can_be_told_apart(last: str, step: str) -> None:
    days = [date(2017, 1, 1), date.fromisoformat(last)]
    assert fitting(days) == step
    assert len(bars([event(day.isoformat()) for day in days], step)) <= 91


@pytest.mark.parametrize("by", STEPS)
@pytest.mark.parametrize("day", ["2016-02-29", "2016-12-31", "0001-01-01", "9998-12-31"])
def test_a_day_lies_in_the_bar_that_it_begins(by: str, day: str) -> None:
    (bar,) = bars([event(day)], by)
    assert bar.first <= date.fromisoformat(day) <= bar.last


@pytest.mark.slow
@pytest.mark.parametrize("form", ["svg", "png"])
@pytest.mark.parametrize(
    "events",
    [
        [],
        [event("")],
        [event()],
        [event(f"2017-{1 + n % 12:02}-01", contested=n % 3 == 0) for n in range(40)],
    ],
    ids=["no event", "no day", "one event", "a year"],
)
def test_any_events_are_drawn_the_same_twice(events: list[Shown], form: str) -> None:
    first = drawn(events, form)
    assert first == drawn(events, form)
    if form == "png":
        assert Image.open(io.BytesIO(first)).size[0] == 1650


def test_the_foot_says_whose_view_what_is_left_out_and_from_where() -> None:
    told = words(
        drawn([event(), event(last="2017-03-01"), event(""), event(kind="ReportedEvent")], by="month")
    )
    for expected in (
        "3 events drawn; 1 event without a day left out; 1 may last beyond the month",
        "1 only reported, not held",
        "view/claimant/pentagon", "since 2017-01-01", "CC-BY-4.0", "Its records may not be passed on",
        "not that there was none",
    ):  # fmt: skip
        assert expected in told


def test_more_bars_than_can_be_drawn_are_refused() -> None:
    with pytest.raises(UsageError, match="4,018 bars of a day found, at most 2,000"):
        drawn([event("2006-01-20"), event("2017-01-20")], by="day")


def test_contested_events_look_different() -> None:
    assert b"stroke-dasharray" not in drawn([event()]).partition(b'id="legend_1"')[0]
    assert b"stroke-dasharray" in drawn([event(contested=True)]).partition(b'id="legend_1"')[0]
