"""An answer that a warm worker gives promptly: read on the event loop itself, without a thread for it."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

from eventkg.serve.relay import SMALL

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventkg.query.job import Head
    from eventkg.query.pool import Running

_SOON_S = 0.02  # after that somebody looks whether the client is still there, and rows go on their way


async def prompt_answer(running: Running, watch: Callable[[], object]) -> tuple[Head, bytes] | None:
    """The whole answer, if it is small; None where a thread should go on with what has come.

    `watch` is called once it takes longer; it may kill the query, which ends this too.
    """
    return await _Prompt(running, watch).outcome()


class _Prompt:
    """One look after the other at what the worker says."""

    def __init__(self, running: Running, watch: Callable[[], object]) -> None:
        self._running, self._watch = running, watch
        self._loop = asyncio.get_running_loop()
        self._done: asyncio.Future[tuple[Head, bytes] | None] = self._loop.create_future()
        self._begun = self._late = False

    async def outcome(self) -> tuple[Head, bytes] | None:
        descriptor = self._running.fileno()
        self._loop.add_reader(descriptor, self._look)
        timer = self._loop.call_later(_SOON_S, self._be_late)
        try:
            return await self._done
        finally:
            timer.cancel()
            self._loop.remove_reader(descriptor)
            os.set_blocking(descriptor, True)  # libuv wants it otherwise, and a thread waits for the rest

    def _look(self) -> None:
        if self._done.done():  # what comes now is for the thread
            return
        try:
            size = self._running.look()
        except BlockingIOError:
            return
        except EOFError:
            self._finish(None)
            return
        self._begun = True
        answer = self._running.whole()
        if answer is not None or self._late or size > SMALL or self._running.failed():
            self._finish(answer)

    def _be_late(self) -> None:
        self._late = True
        if self._done.done():
            return
        if self._begun:
            self._finish(None)
        else:
            self._watch()

    def _finish(self, answer: tuple[Head, bytes] | None) -> None:
        self._done.set_result(answer)
