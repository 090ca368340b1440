"""A checkpoint on stdout: `python -m eventkg.store.dump CHECKPOINT triples|GRAPH`.

N-Triples of all graphs as one, or of the graph whose IRI is given.
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
        _write(ox.Store.read_only(sys.argv[1]), sys.argv[2])
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # nobody wants it any more
        os._exit(1)
    except (OSError, RuntimeError) as problem:
        sys.stderr.write(f"eventkg: {sys.argv[1]}: damaged ({problem}); restore a backup\n")
        sys.exit(1)


def _write(store: ox.Store, what: str) -> None:
    graphs = (ox.DefaultGraph(), *store.named_graphs()) if what == "triples" else (ox.NamedNode(what),)
    for graph in graphs:
        store.dump(sys.stdout.buffer, format=ox.RdfFormat.N_TRIPLES, from_graph=graph)


if __name__ == "__main__":
    main()
