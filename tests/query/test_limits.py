"""Time, memory and depth: a query that goes past a limit ends its own worker and nothing else."""

from __future__ import annotations

import contextlib
import threading
import time
from typing import TYPE_CHECKING

import pytest
from tests.query.kinds import ENDLESS, GREEDY, STREAM, holder
from tests.query.processes import children, cpu_s, descendants

from eventkg.errors import MemoryLimitError, QueryTooDeepError, TimeLimitError
from eventkg.query.job import Job
from eventkg.query.pool import BusyError

if TYPE_CHECKING:
    from tests.query.kinds import OpenPool

    from eventkg.query.pool import Pool


def workers_of(pool: Pool) -> list[int]:
    return children(holder(pool))


@pytest.mark.slow
def test_an_endless_query_is_stopped_at_its_limit_while_others_are_answered(open_pool: OpenPool) -> None:
    with open_pool(timeout_s=2) as pool:
        stopped: list[TimeLimitError] = []

        def ask_endlessly() -> None:
            try:
                pool.ask(Job(ENDLESS))
            except TimeLimitError as error:
                stopped.append(error)

        started = time.monotonic()
        endless = threading.Thread(target=ask_endlessly)
        endless.start()
        answered = 0
        while endless.is_alive():
            assert b"true" in pool.ask(Job("ASK { ?s ?p ?o }"))[1]
            answered += 1
        elapsed = time.monotonic() - started
        (error,) = stopped
        assert error.limit_s == 2
        assert 2 <= error.elapsed_s <= elapsed < 6
        assert answered > 20
        assert "the time limit is 2 s" in str(error)


@pytest.mark.slow
def test_the_cpu_of_a_stopped_query_is_free_at_once(open_pool: OpenPool) -> None:
    with open_pool(timeout_s=1) as pool:
        with pytest.raises(TimeLimitError):
            pool.ask(Job(ENDLESS))
        left = descendants(holder(pool))
        before = sum(map(cpu_s, left))
        time.sleep(0.5)
        assert sum(map(cpu_s, left)) - before < 0.2
        assert workers_of(pool) == []


@pytest.mark.slow
def test_a_stream_is_stopped_at_the_limit_as_well(open_pool: OpenPool) -> None:
    with open_pool(timeout_s=1) as pool, pool.start(Job(STREAM)) as running:
        running.head()
        with pytest.raises(TimeLimitError):
            for _ in running.chunks():
                pass


@pytest.mark.slow
def test_a_query_that_finds_no_free_worker_says_so_after_the_limit(open_pool: OpenPool) -> None:
    with open_pool(timeout_s=1, workers=1) as pool:
        with pool.start(Job(STREAM)) as running:
            running.head()
            with pytest.raises(BusyError, match="no worker was free within 1 s"):
                pool.start(Job("ASK { }"))
        assert b"true" in pool.ask(Job("ASK { }"))[1]


@pytest.mark.slow
def test_a_greedy_query_is_stopped_at_its_memory_limit(open_pool: OpenPool) -> None:
    with open_pool(timeout_s=60, memory_mb=64) as pool:
        with pytest.raises(MemoryLimitError, match="memory limit of 64 MiB") as stopped:
            pool.ask(Job(GREEDY))
        assert stopped.value.limit_mb == 64
        assert b"true" in pool.ask(Job("ASK { ?s ?p ?o }"))[1]


@pytest.mark.parametrize(
    "query",
    [
        f"ASK {{ FILTER({'!' * 300_000}true) }}",
        f"ASK {{ FILTER(1{'+1' * 300_000} = 1) }}",
        f"ASK {{ ?s <urn:p>{'/<urn:p>' * 100_000} ?o }}",
        f"ASK {{ FILTER({'true&&' * 100_000}true) }}",
        f"ASK {{ {'{} UNION ' * 80_000}{{}} }}",
    ],
    ids=["not", "plus", "path", "and", "union"],
)
def test_nesting_without_brackets_ends_a_worker_at_most(query: str, pool: Pool) -> None:
    with contextlib.suppress(QueryTooDeepError, MemoryLimitError):
        pool.ask(Job(query))
    assert b"true" in pool.ask(Job("ASK { ?s ?p ?o }"))[1]


def test_a_query_nested_too_deeply_for_the_parser_says_so(pool: Pool) -> None:
    with pytest.raises(QueryTooDeepError, match="nested too deeply"):
        pool.ask(Job(f"ASK {{ FILTER({'!' * 400_000}true) }}"))
    assert b"true" in pool.ask(Job("ASK { ?s ?p ?o }"))[1]


def test_the_deepest_brackets_allowed_are_answered(pool: Pool) -> None:
    deep = f"ASK {{ FILTER({'(' * 100}true{')' * 100}) }}"
    assert b"true" in pool.ask(Job(deep))[1]
