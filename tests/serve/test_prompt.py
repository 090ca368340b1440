"""A small answer is read on the event loop; whatever else comes is left to a thread, with nothing lost."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from tests.query.kinds import ENDLESS, STREAM

from eventkg.errors import QueryError, WorkerError
from eventkg.query.engine import in_memory
from eventkg.query.job import Job
from eventkg.serve.prompt import prompt_answer
from eventkg.settings import Limits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventkg.query.pool import Pool, Running

TRIPLES = 300
ALL = "SELECT ?s { ?s ?p ?o }"


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    nquads = (f"<urn:s:{n}> <urn:p> <urn:o:{n}> <urn:g> .\n".encode() for n in range(TRIPLES))
    with in_memory(nquads, Limits(20, 1024, 2)) as opened:
        yield opened


@pytest.fixture
def warm(pool: Pool) -> Pool:
    """With an idle worker."""
    pool.ask(Job("ASK { }"))
    return pool


def begun(pool: Pool, query: str) -> Running:
    running = pool.start_if_idle(Job(query, solutions="csv"))
    assert running is not None
    return running


async def watched(running: Running) -> tuple[object, int]:
    calls: list[bool] = []
    answer = await prompt_answer(running, lambda: calls.append(True))
    return answer, len(calls)


def test_a_small_answer_is_there_at_once_and_its_worker_is_kept(warm: Pool) -> None:
    running = begun(warm, ALL)
    answer, _ = asyncio.run(watched(running))
    assert isinstance(answer, tuple)
    assert answer[1].count(b"\n") == TRIPLES + 1
    assert running.rows == TRIPLES
    assert running.let_go()
    running.close()
    again = begun(warm, "ASK { }")
    assert again.fileno() == running.fileno()
    again.close()


@pytest.mark.parametrize("query", ["SELECT * { ?s ?p ", "CONSTRUCT WHERE { ?s ?p ?o } LIMIT x"])
def test_an_error_is_left_to_the_thread(query: str, warm: Pool) -> None:
    running = begun(warm, query)
    answer, _ = asyncio.run(watched(running))
    assert answer is None
    with running, pytest.raises(QueryError):
        running.head()


def test_a_long_answer_goes_on_where_it_was(warm: Pool) -> None:
    running = begun(warm, f"{STREAM} LIMIT 200000")
    answer, _ = asyncio.run(watched(running))
    assert answer is None
    with running:
        assert running.head().length == -1
        assert sum(chunk.count(b"\n") for chunk in running.chunks()) == 200_001
    assert running.rows == 200_000


def test_a_query_that_takes_long_is_watched_and_may_be_given_up(warm: Pool) -> None:
    running = begun(warm, ENDLESS)
    assert asyncio.run(prompt_answer(running, running.kill)) is None
    with running, pytest.raises(WorkerError):
        running.head()
    warm.ask(Job("ASK { }"))


def test_without_an_idle_worker_nothing_begins(warm: Pool) -> None:
    busy = [warm.start(Job(ENDLESS)) for _ in range(2)]
    assert warm.start_if_idle(Job("ASK { }")) is None
    for one in busy:
        one.close()
    assert warm.ask(Job("ASK { }"))[0].form == "boolean"
