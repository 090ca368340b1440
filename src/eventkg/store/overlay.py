"""Checkpoints that last as long as somebody asks them: a changed copy for a view, a graph at hand."""

from __future__ import annotations

import gc
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Self

import pyoxigraph as ox

from eventkg.store.tables import link_tables

if TYPE_CHECKING:
    from collections.abc import Iterable


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
        link_tables(checkpoint, beside)
        return beside


class ScratchCheckpoint:
    """Quads at hand in a folder for temporary files, laid out as in a store, removed when it is closed."""

    def __init__(self, nquads: Iterable[bytes]) -> None:
        """Write them down; chunks of N-Quads."""
        self._folder = Path(tempfile.mkdtemp(prefix="eventkg-graph-"))
        self.path = self._folder / "checkpoints" / "1"
        self.path.mkdir(parents=True)
        try:
            store = ox.Store(str(self.path))
            store.bulk_load(input=b"".join(nquads), format=ox.RdfFormat.N_QUADS)
            store.flush()
            del store
            gc.collect()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Remove it."""
        shutil.rmtree(self._folder, ignore_errors=True)
