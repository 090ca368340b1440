"""A checkpoint as N-Quads on stdout: `python -m eventkg.store.dump CHECKPOINT`."""

from __future__ import annotations

import os
import sys

import pyoxigraph as ox

from eventkg.store.process import die_with_parent


def main() -> None:
    """Write and leave."""
    die_with_parent()
    try:
        ox.Store.read_only(sys.argv[1]).dump(sys.stdout.buffer, format=ox.RdfFormat.N_QUADS)
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # nobody wants it any more
        os._exit(1)
    except (OSError, RuntimeError) as problem:
        sys.stderr.write(f"eventkg: {sys.argv[1]}: damaged ({problem}); restore a backup\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
