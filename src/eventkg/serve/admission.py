"""Who is next: one queue a client, clients in turn, and long queries make room for short ones."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict, deque
from http import HTTPStatus
from typing import TYPE_CHECKING

from eventkg.serve.problems import HttpError

if TYPE_CHECKING:
    from collections.abc import Callable

_LONG_S = 0.2  # a query that has had so much and keeps somebody waiting goes on at the lowest priority
_LONG_ONES = 4  # of those, so many for each worker


class Place:
    """A worker's time, from `Admission.enter` to `leave`; `demote` is set once there is a query to demote."""

    def __init__(self) -> None:
        self.since = time.monotonic()
        self.demote: Callable[[], None] | None = None
        self.demoted = self.left = False


class Admission:
    """Hands out places; for one event loop."""

    def __init__(self, workers: int, most_waiting: int, patience_s: float) -> None:
        self._free, self._most_waiting, self._patience_s = workers, most_waiting, patience_s
        self._most_long = workers * _LONG_ONES
        self._queues: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()
        self._inside: set[Place] = set()
        self._looking = False  # a timer runs
        self.waiting = 0

    @property
    def running(self) -> int:
        """Queries that have a worker."""
        return len(self._inside)

    async def enter(self, client: str) -> Place:
        """Wait for a place.

        Raises:
            HttpError: 503 where too many wait, or nothing became free.

        """
        place = self.enter_if_free()
        if place is not None:
            return place
        await self._wait(client)
        return self._placed()

    def enter_if_free(self) -> Place | None:
        """A place, where nobody has to wait for one."""
        if self._free <= 0 or self._queues:
            return None
        self._free -= 1
        return self._placed()

    def _placed(self) -> Place:
        place = Place()
        self._inside.add(place)
        if self._queues:
            self._look_later()
        return place

    def leave(self, place: Place) -> None:
        """The worker is free again, or gone."""
        if place.left:
            return
        place.left = True
        self._inside.discard(place)
        if not place.demoted:
            self._give_on()

    async def _wait(self, client: str) -> None:
        if self.waiting >= self._most_waiting:
            raise HttpError(
                HTTPStatus.SERVICE_UNAVAILABLE,
                f"{self.waiting} queries are waiting already",
                {"Retry-After": "2"},
            )
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queues.setdefault(client, deque()).append(turn)
        self.waiting += 1
        self._look_later()
        try:
            await asyncio.wait_for(turn, self._patience_s)
        except BaseException as problem:
            if turn.done() and not turn.cancelled():  # its turn came in that moment
                self._give_on()
            self._forget(client, turn)
            if isinstance(problem, TimeoutError):
                raise HttpError(
                    HTTPStatus.SERVICE_UNAVAILABLE,
                    f"no worker was free within {self._patience_s:g} s",
                    {"Retry-After": "2"},
                ) from problem
            raise
        finally:
            self.waiting -= 1

    def _forget(self, client: str, turn: asyncio.Future[None]) -> None:
        queue = self._queues.get(client)
        if queue is not None and turn in queue:
            queue.remove(turn)
            if not queue:
                del self._queues[client]

    def _give_on(self) -> None:
        """To the client whose last turn is longest ago."""
        while self._queues:
            client, queue = next(iter(self._queues.items()))
            turn = queue.popleft()
            if queue:
                self._queues.move_to_end(client)
            else:
                del self._queues[client]
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1

    def _look_later(self) -> None:
        if not self._looking:
            self._looking = True
            asyncio.get_running_loop().call_later(_LONG_S, self._look)

    def _look(self) -> None:
        self._looking = False
        self._make_room()

    def _make_room(self) -> None:
        """Demote the longest-running queries, one for each that waits."""
        now = time.monotonic()
        long = sum(place.demoted for place in self._inside)
        for place in sorted(self._inside, key=lambda place: place.since):
            if not self._queues or long >= self._most_long:
                return
            if place.demote and not place.demoted and now - place.since >= _LONG_S:
                place.demoted = True
                long += 1
                place.demote()
                self._give_on()
        if self._queues and long < self._most_long:
            self._look_later()
