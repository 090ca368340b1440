"""A checkpoint as N-Quads on stdout: `python -m eventkg.store.dump CHECKPOINT`."""

from __future__ import annotations

import sys

import pyoxigraph as ox

from eventkg.store.parent import die_with_parent


def main() -> None:
    """Write and leave."""
    die_with_parent()
    ox.Store.read_only(sys.argv[1]).dump(sys.stdout.buffer, format=ox.RdfFormat.N_QUADS)


if __name__ == "__main__":
    main()
