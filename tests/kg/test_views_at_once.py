"""Views asked for by many at once: one that takes long to make keeps nobody else waiting."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, cast

import pytest

from eventkg.claims.policy import ALL, CORROBORATED, as_told_by
from eventkg.errors import UsageError, WorkerError
from eventkg.kg.views import KEPT, Views

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from eventkg.query.pool import Pool

PATIENCE_S = 60
MINISTRY, PENTAGON = as_told_by("urn:ministry"), as_told_by("urn:pentagon")


class Made:
    """A view's pool, as far as its keeper knows it."""

    ended = False

    def alive(self) -> bool:
        return not self.ended

    def retire(self) -> None:
        self.ended = True

    close = retire


class Engine:
    """An engine that makes nothing until it is allowed to."""

    def __init__(self) -> None:
        self.allowed, self.begun = threading.Event(), threading.Semaphore(0)
        self.made: list[Made] = []
        self.current = "1"
        self.fails = False

    def state(self) -> str:
        return self.current

    def branch(self, _: Callable[..., object]) -> tuple[str, Pool]:
        state = self.current
        self.begun.release()
        assert self.allowed.wait(PATIENCE_S)
        if self.fails:
            raise UsageError("nobody")
        self.made.append(Made())
        return state, cast("Pool", self.made[-1])


@pytest.fixture
def engine() -> Iterator[Engine]:
    made = Engine()
    yield made
    made.allowed.set()


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as pool:
        yield pool


def test_who_asks_a_warm_view_does_not_wait_for_one_that_is_being_made(
    engine: Engine, threads: ThreadPoolExecutor
) -> None:
    views = Views(engine)
    engine.allowed.set()
    warm = views.pool(MINISTRY)
    engine.allowed.clear()
    slow = threads.submit(views.pool, CORROBORATED)
    assert engine.begun.acquire(timeout=PATIENCE_S)
    assert engine.begun.acquire(timeout=PATIENCE_S)
    assert views.pool(MINISTRY) is warm
    assert not slow.done()
    engine.allowed.set()
    assert slow.result(PATIENCE_S) is views.pool(CORROBORATED)


def test_a_view_that_is_cheap_to_make_does_not_wait_for_a_costly_one(
    engine: Engine, threads: ThreadPoolExecutor
) -> None:
    views = Views(engine)
    asked = [threads.submit(views.pool, policy) for policy in (CORROBORATED, ALL, PENTAGON)]
    for _ in asked:
        assert engine.begun.acquire(timeout=PATIENCE_S)
    engine.allowed.set()
    assert len({view.result(PATIENCE_S) for view in asked}) == len(asked)


def test_a_view_that_many_ask_for_at_once_is_made_once(engine: Engine, threads: ThreadPoolExecutor) -> None:
    views = Views(engine)
    asked = [threads.submit(views.pool, CORROBORATED) for _ in range(4)]
    engine.allowed.set()
    assert len({view.result(PATIENCE_S) for view in asked}) == 1
    assert len(engine.made) == 1


def test_a_view_is_made_again_for_another_state_and_the_old_one_ends(engine: Engine) -> None:
    views = Views(engine)
    engine.allowed.set()
    old = views.pool(CORROBORATED)
    engine.current = "2"
    assert views.pool(CORROBORATED) is not old
    assert [made.ended for made in engine.made] == [True, False]


def test_no_more_views_are_kept_than_some_and_the_costly_one_stays(engine: Engine) -> None:
    views = Views(engine)
    engine.allowed.set()
    costly = views.pool(CORROBORATED)
    for number in range(2 * KEPT):
        views.pool(as_told_by(f"urn:{number}"))
    assert sum(not made.ended for made in engine.made) == KEPT
    assert views.pool(CORROBORATED) is costly


def test_a_view_that_cannot_be_made_is_asked_for_again(engine: Engine) -> None:
    views = Views(engine)
    engine.allowed.set()
    engine.fails = True
    with pytest.raises(UsageError):
        views.pool(MINISTRY)
    engine.fails = False
    assert views.pool(MINISTRY).alive()


def test_a_view_that_is_ready_after_the_graph_was_closed_ends_at_once(
    engine: Engine, threads: ThreadPoolExecutor
) -> None:
    views = Views(engine)
    late = threads.submit(views.pool, ALL)
    assert engine.begun.acquire(timeout=PATIENCE_S)
    views.close()
    engine.allowed.set()
    with pytest.raises(WorkerError, match="closed by its user"):
        late.result(PATIENCE_S)
    assert engine.made[0].ended
