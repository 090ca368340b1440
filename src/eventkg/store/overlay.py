"""A changed copy of a checkpoint, for a view of a store on disk: by hard links where possible."""

from __future__ import annotations

import gc
import shutil
import tempfile
from pathlib import Path
from typing import Self

import pyoxigraph as ox

from eventkg.store.directory import copy_tables, link_tables


class ChangedCopy:
    """A folder of its own, removed when it is closed."""

    def __init__(self, checkpoint: Path, removed: bytes, added: bytes) -> None:
        """Copy and change; the quads are N-Quads."""
        self.path = self._copy(checkpoint)
        store = ox.Store(str(self.path))
        for quad in ox.parse(removed, format=ox.RdfFormat.N_QUADS):
            store.remove(quad)
        store.extend(ox.parse(added, format=ox.RdfFormat.N_QUADS))
        store.flush()
        del store
        gc.collect()  # RocksDB closes when the last reference goes

    def close(self) -> None:
        """Remove it."""
        shutil.rmtree(self.path, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _copy(self, checkpoint: Path) -> Path:
        """Beside the store, where links work; else in the folder for temporary files."""
        store = checkpoint.parent.parent
        try:
            beside = Path(tempfile.mkdtemp(prefix=f".{store.name}-view-", dir=store.parent))
        except OSError:  # the folder is read-only
            beside = Path(tempfile.mkdtemp(prefix="eventkg-view-"))
        try:
            link_tables(checkpoint, beside)
        except OSError:  # another file system
            copy_tables(checkpoint, beside)
        return beside
