"""Who is next: clients take turns, too many are sent away, and long queries make room."""

from __future__ import annotations

import asyncio

import pytest

from eventkg.serve.admission import Admission
from eventkg.serve.problems import HttpError
from eventkg.serve.relay import Stalls


def test_clients_take_turns_however_much_one_of_them_asks() -> None:
    async def scene() -> list[str]:
        admission, served = Admission(1, 100, 60), list[str]()
        first = await admission.enter("greedy")

        async def ask(client: str) -> None:
            place = await admission.enter(client)
            served.append(client)
            admission.leave(place)

        tasks = [asyncio.create_task(ask(client)) for client in ["greedy"] * 4 + ["modest", "other"]]
        await asyncio.sleep(0)
        assert admission.waiting == 6
        admission.leave(first)
        await asyncio.gather(*tasks)
        assert (admission.waiting, admission.running) == (0, 0)
        return served

    assert asyncio.run(scene()) == ["greedy", "modest", "other", "greedy", "greedy", "greedy"]


def test_beyond_the_queue_there_is_a_503_with_a_time_to_wait() -> None:
    async def scene() -> None:
        admission = Admission(1, 1, 60)
        place = await admission.enter("a")
        waiting = asyncio.create_task(admission.enter("b"))
        await asyncio.sleep(0)
        with pytest.raises(HttpError) as refused:
            await admission.enter("c")
        assert (refused.value.status, "Retry-After" in (refused.value.headers or {})) == (503, True)
        admission.leave(place)
        admission.leave(await waiting)

    asyncio.run(scene())


def test_whoever_leaves_the_queue_costs_nobody_a_place() -> None:
    async def scene() -> None:
        admission = Admission(1, 10, 60)
        place = await admission.enter("a")
        waiting = [asyncio.create_task(admission.enter(client)) for client in "bcd"]
        await asyncio.sleep(0)
        waiting[0].cancel()
        await asyncio.sleep(0)
        admission.leave(place)
        admission.leave(place)  # a second time changes nothing
        admission.leave(await waiting[1])
        admission.leave(await waiting[2])
        assert (admission.waiting, admission.running) == (0, 0)
        admission.leave(await admission.enter("e"))

    asyncio.run(scene())


def test_a_long_query_makes_room_for_one_that_waits_and_only_then() -> None:
    async def scene() -> None:
        admission = Admission(1, 10, 60)
        place, demoted = await admission.enter("long"), list[bool]()
        place.demote = lambda: demoted.append(True)
        assert not demoted
        short = await admission.enter("short")  # it would wait for ever otherwise
        assert demoted == [True]
        admission.leave(place)
        admission.leave(short)
        assert admission.running == 0
        admission.leave(await admission.enter("next"))

    asyncio.run(asyncio.wait_for(scene(), 60))


@pytest.mark.parametrize(("workers", "stalled"), [(1, 1), (2, 1), (5, 2), (8, 4)])
def test_slow_readers_keep_half_of_the_workers_at_most(workers: int, stalled: int) -> None:
    stalls = Stalls(workers)
    assert [stalls.begin() for _ in range(workers + 1)].count(True) == stalled
    stalls.end()
    assert stalls.begin()
