"""Large answers: the first block comes early, little is kept, a slow reader slows its own worker only."""

from __future__ import annotations

import itertools
import os
import time
from typing import TYPE_CHECKING

import pytest
from tests.query.kinds import STREAM, holder
from tests.query.processes import alive, children, cpu_s, memory_mb, wait_until

from eventkg.errors import WorkerError
from eventkg.query import frames
from eventkg.query.job import Job

if TYPE_CHECKING:
    from tests.query.kinds import OpenPool

    from eventkg.query.pool import Pool


@pytest.mark.slow
def test_the_first_block_of_an_endless_answer_comes_early_and_memory_stays_small(
    open_pool: OpenPool,
) -> None:
    with open_pool() as pool, pool.start(Job(STREAM, solutions="csv")) as running:
        started = time.monotonic()
        head = running.head()
        chunks = running.chunks()
        first = next(chunks)
        assert time.monotonic() - started < 2
        assert (head.form, head.length) == ("solutions", -1)
        assert first.startswith(b"a,b,c,d,e,f,")
        (worker,) = children(holder(pool))
        before = (memory_mb(os.getpid()), memory_mb(worker))
        taken = sum(map(len, itertools.islice(chunks, 1_000)))  # 64 MiB
        assert taken > 60_000_000
        assert memory_mb(os.getpid()) - before[0] < 40
        assert memory_mb(worker) - before[1] < 40


def test_a_small_answer_announces_its_length(pool: Pool) -> None:
    with pool.start(Job("SELECT * { ?s ?p ?o } LIMIT 5")) as running:
        length = running.head().length
        assert length == len(b"".join(running.chunks())) > 0


def test_an_empty_answer_announces_its_length_too(pool: Pool) -> None:
    with pool.start(Job("CONSTRUCT { ?s ?p ?o } { ?s <urn:nowhere> ?o }")) as running:
        assert running.head().length == 0
        assert list(running.chunks()) == []


def test_an_answer_of_exactly_one_block_is_whole(pool: Pool) -> None:
    for size in (frames.CHUNK - 6, frames.CHUNK - 5, frames.CHUNK - 4, 2 * frames.CHUNK):
        query = f'SELECT ?x {{ VALUES ?x {{ "{"y" * size}" }} }}'
        _, body = pool.ask(Job(query, solutions="csv"))
        assert body == b"x\r\n" + b"y" * size + b"\r\n"


@pytest.mark.slow
def test_a_worker_waits_for_a_slow_reader_and_burns_no_cpu(open_pool: OpenPool) -> None:
    with open_pool() as pool, pool.start(Job(STREAM)) as running:
        running.head()
        next(running.chunks())
        (worker,) = children(holder(pool))

        def rests() -> bool:
            before = cpu_s(worker)
            time.sleep(0.3)
            return cpu_s(worker) - before < 0.05

        assert wait_until(rests)
        assert b"true" in pool.ask(Job("ASK { ?s ?p ?o }"))[1]


def test_closing_early_ends_the_worker_and_the_others_go_on(open_pool: OpenPool) -> None:
    with open_pool() as pool:
        with pool.start(Job(STREAM)) as running:
            running.head()
            (worker,) = children(holder(pool))
        assert not alive(worker)
        for _ in range(5):  # no place in the pool is lost
            with pool.start(Job(STREAM)) as running:
                running.head()
        assert b"true" in pool.ask(Job("ASK { ?s ?p ?o }"))[1]


def test_a_query_can_be_stopped_from_another_thread(pool: Pool) -> None:
    with pool.start(Job(STREAM)) as running:
        running.head()
        running.kill()
        with pytest.raises(WorkerError):
            for _ in running.chunks():
                pass
    assert b"true" in pool.ask(Job("ASK { ?s ?p ?o }"))[1]


def test_stopping_a_query_that_is_over_hurts_nobody(open_pool: OpenPool) -> None:
    with open_pool(workers=1) as pool:
        with pool.start(Job("ASK { }")) as first:
            first.head()
            list(first.chunks())
            first.kill()
        with pool.start(Job("ASK { }")) as second:
            first.kill()
            first.close()
            second.head()
            assert b"true" in b"".join(second.chunks())


def test_a_worker_killed_just_as_it_finishes_is_not_given_to_the_next_query(open_pool: OpenPool) -> None:
    with open_pool(workers=1) as pool:
        with pool.start(Job("ASK { }")) as running:
            running.head()
            chunks = running.chunks()
            next(chunks)
            time.sleep(0.2)  # the end of the answer is in the socket by now
            running.kill()
            assert list(chunks) == []
        assert b"true" in pool.ask(Job("ASK { }"))[1]
