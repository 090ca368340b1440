"""Queries of networks and tables: asked beside each other, answered in order, without a trace afterwards."""

from __future__ import annotations

import gc
import threading
from typing import TYPE_CHECKING

import pytest

import eventkg
from eventkg.errors import UsageError
from eventkg.kg.asking import Asking, Reading, many_things

if TYPE_CHECKING:
    from eventkg import KnowledgeGraph

NAMES = ("network_parts", "network_starts", "network_sources", "network_actors")


def test_what_was_begun_has_the_same_rows_as_what_was_not(kg: KnowledgeGraph) -> None:
    with Asking(kg, None) as ask:
        ask.begin(NAMES)
        begun = {name: list(ask(name)) for name in NAMES}
        assert begun == {name: list(ask(name)) for name in NAMES}
    assert all(rows and rows == sorted(rows) for rows in begun.values())


def test_every_query_is_told_in_words_when_its_rows_are_wanted(kg: KnowledgeGraph) -> None:
    told: list[str] = []
    with Asking(kg, None, Reading(progress=lambda what, _: told.append(what))) as ask:
        ask.begin(NAMES)
        list(ask("network_starts"))
    assert told == ["When every event began at the earliest"]


def test_a_query_that_fails_fails_whoever_asks_for_it(kg: KnowledgeGraph) -> None:
    with Asking(kg, None) as ask:
        ask.begin(["no_such_query"])
        with pytest.raises(FileNotFoundError):
            ask("no_such_query")


def test_a_view_that_nobody_knows_is_refused_before_anything_is_asked() -> None:
    with eventkg.open() as graph, pytest.raises(UsageError, match="nobody"):
        Asking(graph, "nobody")


def test_cycles_are_looked_for_again_when_the_last_of_several_has_made_its_things() -> None:
    inside, leave = threading.Event(), threading.Event()

    def other() -> None:
        with many_things():
            inside.set()
            leave.wait(60)

    thread = threading.Thread(target=other)
    with many_things():
        thread.start()
        assert inside.wait(60)
    assert not gc.isenabled()
    leave.set()
    thread.join(60)
    assert gc.isenabled()


def test_who_had_switched_it_off_finds_it_off() -> None:
    gc.disable()
    try:
        with many_things():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
