"""A checkpoint on stdout: `python -m eventkg.store.dump CHECKPOINT [triples]`.

N-Quads, or, for a reader who wants all graphs as one, N-Triples.
"""

from __future__ import annotations

import os
import sys

import pyoxigraph as ox

from eventkg.store.process import die_with_parent


def main() -> None:
    """Write and leave."""
    die_with_parent()
    try:
        _write(ox.Store.read_only(sys.argv[1]), triples=sys.argv[2:] == ["triples"])
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # nobody wants it any more
        os._exit(1)
    except (OSError, RuntimeError) as problem:
        sys.stderr.write(f"eventkg: {sys.argv[1]}: damaged ({problem}); restore a backup\n")
        sys.exit(1)


def _write(store: ox.Store, *, triples: bool) -> None:
    if not triples:
        store.dump(sys.stdout.buffer, format=ox.RdfFormat.N_QUADS)
        return
    for graph in (ox.DefaultGraph(), *store.named_graphs()):
        store.dump(sys.stdout.buffer, format=ox.RdfFormat.N_TRIPLES, from_graph=graph)


if __name__ == "__main__":
    main()
