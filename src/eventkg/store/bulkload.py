"""Statements from a pipe into a draft: `python -m eventkg.store.bulkload DRAFT GRAPH MEMORY_MB`.

N-Triples of our own making come on standard input and go into one graph: whoever made them has made sure of
each IRI, so that the engine need not read them again (a ninth of the time). A process of its own can have its
memory in large pages, where the engine's sorting takes a fifth less time, and reads the pipe without Python.
It says why it failed on stderr, exit code 3.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from eventkg.errors import DataError, EventkgError
from eventkg.store.directory import open_draft
from eventkg.store.intake import FAILED, too_large
from eventkg.store.process import child_environment, die_with_parent, ignore_interrupts

fcntl: Any
try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

_STDIN = "/dev/stdin"
_PIPE_BYTES = 1 << 20  # about what the mapping writes at a time: fewer turns between the two processes
# Large pages, and none given back between two portions of statements: they are asked for again at once.
_MALLOC = (
    "glibc.malloc.hugetlb=1:glibc.malloc.trim_threshold=2147483647"
    ":glibc.malloc.top_pad=67108864:glibc.malloc.mmap_max=0"
)


def command(draft: str, graph: str, memory_mb: int) -> list[str]:
    """How to start it."""
    return [sys.executable, "-P", "-m", "eventkg.store.bulkload", draft, graph, str(memory_mb)]


def environment() -> dict[str, str]:
    """What to start it in; elsewhere than in glibc the tunables mean nothing."""
    inherited = child_environment()
    others = inherited.get("GLIBC_TUNABLES")
    return {**inherited, "GLIBC_TUNABLES": f"{others}:{_MALLOC}" if others else _MALLOC}


def widen(pipe: int) -> None:
    """Let a pipe hold more at a time, as far as the system allows it."""
    if fcntl is not None and sys.platform == "linux":
        try:
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        except OSError:  # this user has used up what pipes may hold
            return


def main() -> None:
    """Load, or say why not."""
    draft, graph, memory_mb = sys.argv[1:]
    die_with_parent()
    ignore_interrupts()  # the parent decides
    try:
        _load(draft, ox.NamedNode(graph))
    except EventkgError as problem:
        _fail(str(problem))
    except MemoryError as problem:
        _fail(too_large(problem, int(memory_mb)))
    except (OSError, SyntaxError, ValueError, RuntimeError) as problem:
        _fail(f"the store could not take the statements: {problem}")


def _load(draft: str, graph: ox.NamedNode) -> None:
    store = open_draft(Path(draft), new=False)
    if os.name == "posix":
        store.bulk_load(path=_STDIN, format=ox.RdfFormat.N_TRIPLES, to_graph=graph, lenient=True)
    else:
        triples = sys.stdin.buffer
        store.bulk_load(input=triples, format=ox.RdfFormat.N_TRIPLES, to_graph=graph, lenient=True)


def _fail(message: str) -> None:
    sys.stderr.write(json.dumps({"type": DataError.__name__, "message": " ".join(message.split())}))
    sys.stderr.flush()
    os._exit(FAILED)


if __name__ == "__main__":
    main()
