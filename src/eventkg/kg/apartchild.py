"""The child's side of `apart`: a graph that has nothing, and asks its parent.

`python -m eventkg.kg.apartchild`: frames on standard input and output. What goes wrong is said on stderr as
JSON, exit code 3.
"""

from __future__ import annotations

import json
import os
import pickle
import sys
import threading
from typing import IO, TYPE_CHECKING, Any, Self, cast

from eventkg.claims.policy import DEFAULT
from eventkg.errors import EventkgError, MemoryLimitError
from eventkg.kg.apart import hear, tell
from eventkg.kg.graph import KnowledgeGraph
from eventkg.kg.sources import Retold
from eventkg.query import frames
from eventkg.query.job import Head
from eventkg.store.process import die_with_parent, ignore_interrupts, limit_memory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventkg.claims.policy import Policy
    from eventkg.kg.apart import Told
    from eventkg.kg.policies import View
    from eventkg.kg.sources import Engine
    from eventkg.query.job import Job
    from eventkg.query.pool import Pool, Running

FAILED = 3  # exit code, as `eventkg.query.child` has it
_NICE = 5  # who waits for an answer to a query goes first


class _Answer:
    """An answer that comes from the parent, as `Running` gives it; the next query waits for its end."""

    def __init__(self, heard: IO[bytes], turn: threading.Lock) -> None:
        self._heard, self._turn = heard, turn
        self._ended = False
        kind, payload = hear(heard)
        self._head = Head(**json.loads(payload))
        assert kind == frames.HEAD  # noqa: S101  (our own parent)

    def head(self) -> Head:
        return self._head

    def chunks(self) -> Iterator[bytes]:
        while not self._ended:
            kind, payload = hear(self._heard)
            self._ended = kind == frames.END
            if not self._ended:
                yield payload

    def close(self) -> None:
        for _ in self.chunks():
            pass
        self._turn.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AskingGraph(KnowledgeGraph):
    """An open graph whose queries the parent answers: in the default world, or in the one it was told."""

    def __init__(self, told: Told, heard: IO[bytes], said: IO[bytes]) -> None:
        """Nothing is asked yet."""
        names = lambda: [str(row["graph"]) for row in self.select("graphs")]  # noqa: E731
        super().__init__(Retold(told.version, told.snapshot, names), told.limits)
        self._told, self._heard, self._said = told, heard, said
        self._turn = threading.Lock()  # one question and its answer at a time go through the pipes

    def policy(self, view: View | None = None) -> Policy:
        """See `KnowledgeGraph`: only these two can be asked about."""
        return self._told.policy if view else DEFAULT

    def engine_for(self, policy: Policy) -> Engine | Pool:  # noqa: ARG002  (the parent has those of views)
        """See `KnowledgeGraph`: it only names the state."""
        return self.engine

    def start(self, job: Job, view: View | None = None) -> tuple[Running, str]:
        """See `KnowledgeGraph`."""
        asked = {"job": job.to_bytes().decode(), "view": bool(view)}
        self._turn.acquire()
        tell(self._said, frames.JOB, json.dumps(asked).encode())
        return cast("Running", _Answer(self._heard, self._turn)), self.policy(view).iri


def main() -> None:
    """Work, or say why not."""
    die_with_parent()
    ignore_interrupts()  # the parent decides
    heard, said = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing else may come between the frames
    _, asked = hear(heard)
    told, function, arguments = pickle.loads(asked)  # noqa: S301  (from the process that started this one)
    limit_memory(told.limits.memory_mb)
    if hasattr(os, "nice"):
        os.nice(_NICE)
    try:
        made = function(AskingGraph(told, heard, said), *arguments)
    except EventkgError as problem:
        _fail(type(problem).__name__, str(problem))
    except MemoryError:
        _fail("DataError", str(MemoryLimitError(told.limits.memory_mb)))
    except EOFError:
        os._exit(1)  # the parent has given up
    tell(said, frames.END, made)


def _fail(kind: str, message: str) -> Any:  # noqa: ANN401  (never)
    sys.stderr.write(json.dumps({"type": kind, "message": message}))
    sys.stderr.flush()
    os._exit(FAILED)


if __name__ == "__main__":
    main()
