"""A checkpoint as N-Quads, or one of its graphs as N-Triples, on stdout.

`python -m eventkg.store.dump CHECKPOINT [GRAPH]`
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
        store, out = ox.Store.read_only(sys.argv[1]), sys.stdout.buffer
        if sys.argv[2:]:
            store.dump(out, format=ox.RdfFormat.N_TRIPLES, from_graph=ox.NamedNode(sys.argv[2]))
        else:
            store.dump(out, format=ox.RdfFormat.N_QUADS)
        out.flush()
    except BrokenPipeError:  # nobody wants it any more
        os._exit(1)
    except (OSError, RuntimeError) as problem:
        sys.stderr.write(f"eventkg: {sys.argv[1]}: damaged ({problem}); restore a backup\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
