"""Answers made once for a state and a view, while others are told to wait."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any

import pytest

from eventkg.errors import EventkgError
from eventkg.query.pool import BusyError
from eventkg.serve.background import Background


class Graph:
    """A graph of which only the state counts."""

    def __init__(self) -> None:
        self.state = "1"
        self.engine = SimpleNamespace(state=lambda: self.state)


def made(question: Any) -> tuple[Graph, Background[str, str]]:
    graph = Graph()
    return graph, Background(graph, question)  # type: ignore[arg-type]


def test_it_is_made_once_for_a_state_and_a_view() -> None:
    asked: list[str] = []

    def question(graph: Any, view: str) -> str:
        asked.append(view)
        return f"{view} {graph.state}"

    graph, background = made(question)
    assert [background.get(view, 30) for view in ("", "all", "")] == [" 1", "all 1", " 1"]
    graph.state = "2"
    assert background.get("", 30) == " 2"
    assert asked == ["", "all", ""]


def test_who_comes_too_early_gets_nothing_and_later_the_answer() -> None:
    go = threading.Event()
    _, background = made(lambda *_: "counted" if go.wait(60) else "never")
    assert background.get("", 0) is None
    go.set()
    assert background.get("", 30) == "counted"


def test_what_failed_is_tried_again() -> None:
    left = [EventkgError("no worker")]

    def question(*_: Any) -> str:
        if left:
            raise left.pop()
        return "counted"

    _, background = made(question)
    with pytest.raises(EventkgError, match="no worker"):
        background.get("", 30)
    assert background.get("", 30) == "counted"


def test_many_worlds_at_once_are_refused_and_the_first_still_made() -> None:
    go, asked = threading.Event(), list[str]()

    def question(_: Any, view: str) -> str:
        asked.append(view)
        return view if go.wait(60) else "never"

    _, background = made(question)
    begun = [f"world {number}" for number in range(16)]
    for view in begun:
        background.get(view, 0)
    for _ in range(2):
        with pytest.raises(BusyError, match="ask again"):
            background.get("world 16", 0)
    go.set()
    assert [background.get(f"world {number}", 30) for number in range(16)] == begun
    assert background.get("world 16", 30) == "world 16"
    assert asked == [*begun, "world 16"]


def test_an_answer_that_broke_off_is_an_error_and_not_waited_for() -> None:
    _, background = made(lambda *_: str(1 // 0))
    with pytest.raises(ZeroDivisionError):
        background.get("", 30)
