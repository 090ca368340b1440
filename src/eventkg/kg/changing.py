"""Changes to a store on disk: made in a private copy, derived, and published by rename, or not at all."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.claims.bulk import forget_moved
from eventkg.claims.incremental import neighbours, rederive_part, spoken_of_among
from eventkg.claims.writing import rederive
from eventkg.errors import DataError
from eventkg.model.naming import EKG, GRAPH_CODES, GRAPH_DERIVED, GRAPH_MOVED, GRAPH_ONTOLOGY
from eventkg.store.bundled import ontology_quads
from eventkg.store.directory import damaged, open_draft
from eventkg.store.intake import ROWS, TOUCHING
from eventkg.store.recording import Recorder
from eventkg.store.terms import text
from eventkg.store.versions import check_versions, is_store
from eventkg.store.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from eventkg.kg.vicinity import Subjects

# Beyond this many changed nodes reading all claims once is faster than following each one's links.
MAX_FOLLOWED = 20_000
READ_ONLY = frozenset({GRAPH_ONTOLOGY, GRAPH_CODES, GRAPH_DERIVED, GRAPH_MOVED})


class Change:
    """A draft of the next state: its store is for loads and edits; derivation follows what was `touched`."""

    def __init__(self, draft: Path, notes: Path, base: Path | None, *, new: bool) -> None:
        """`base` is the checkpoint that the draft is a copy of."""
        self.draft = draft
        self.notes = notes  # a folder for files that live as long as the change
        self._recorder = Recorder(base, notes)
        self.store = self._recorder.watch(open_draft(draft, new=new))
        self.touched: set[str] = set()
        if new:
            self.store.extend(ontology_quads())
            rederive(self.store)

    def remove_graph(self, graph: str) -> int:
        """Remove a graph; returns how many statements it held."""
        name = ox.NamedNode(graph)
        count = 0
        claims = set()
        for quad in self.store.quads_for_pattern(None, None, None, name):
            count += 1
            if quad.predicate.value in TOUCHING:
                claims.add(text(quad.subject))
        rows = self.store.quads_for_pattern(None, ox.NamedNode(f"{EKG}conveys"), None, name)
        followed = len(claims) <= MAX_FOLLOWED and next(iter(rows), None) is None
        self.touched |= neighbours(self.store, claims) if followed else {ROWS}
        forget_moved(self.store, graph)
        self.store.remove_graph(name)
        return count

    def rewrite(self, without: set[str], graph: str) -> None:
        """Write the store anew without what a graph says of these subjects (`<…>`): for many of them.

        Removing millions of statements one by one takes longer than writing all the others.
        """
        dumped, kept = self.notes / "all.nq", self.notes / "kept.nq"
        with dumped.open("wb") as out:
            self.store.dump(out, ox.RdfFormat.N_QUADS)
        end = f"<{graph}> .\n"
        with (
            dumped.open(encoding="utf-8", newline="\n") as lines,
            kept.open("w", encoding="utf-8") as out_text,
        ):
            out_text.writelines(
                line for line in lines if line.partition(" ")[0] not in without or not line.endswith(end)
            )
        dumped.unlink()
        self.close()
        self.draft = self.notes / f"{self.draft.name}-rewritten"
        self.draft.mkdir()
        self._recorder.forget()
        self._recorder = Recorder(None, self.notes)
        self.store = self._recorder.watch(open_draft(self.draft, new=True))
        with kept.open("rb") as statements:
            self.store.bulk_load(statements, ox.RdfFormat.N_QUADS)
        kept.unlink()

    @contextmanager
    def lent(self) -> Iterator[Path]:
        """The draft for another process while the block runs: nobody may hold on to its store."""
        self.close()
        yield self.draft
        self.store = open_draft(self.draft, new=False)

    def touch_facts(self, subjects: Subjects) -> None:
        """Plain facts came, perhaps without a claim: somebody may have contested them before."""
        if subjects.everything:
            self.touched.add(ROWS)
        else:
            self.touched |= spoken_of_among(self.store, subjects.found)

    def derive(self) -> None:
        """Bring graph/derived up to date with everything touched since."""
        if ROWS in self.touched or len(self.touched) > MAX_FOLLOWED:
            rederive(self.store)
        elif self.touched:
            rederive_part(self.store, self.touched)
        self.touched = set()

    def close(self) -> None:
        """Let the store go: RocksDB closes with the last reference, and a traceback may hold this object."""
        if "store" in vars(self):
            del self.store
            gc.collect()

    def settle(self) -> None:
        """Close it, with its transcript."""
        self.store.flush()
        self.close()
        self._recorder.settle(self.draft)

    def replace_ontology(self) -> None:
        """Ontology and codes of this version, and everything derived again."""
        for graph in (GRAPH_ONTOLOGY, GRAPH_CODES):
            self.store.remove_graph(ox.NamedNode(graph))
        self.store.extend(ontology_quads())
        rederive(self.store)


@contextmanager
def changing(directory: Path, *, checked: bool = True) -> Iterator[Change]:
    """A change of the store in a directory, which is made if it does not exist.

    What the block did is published when it ends, and gone if it raises. The new state is on disk afterwards.
    A store of another version is refused if `checked`.

    Raises:
        StoreBusyError: another process writes. DataError: no room, no permission, a damaged store.

    """
    if checked and is_store(directory):
        check_versions(directory)
    with Writer(directory) as writer:
        change = None
        try:
            draft = writer.draft()
            change = Change(draft, writer.empty_draft(), writer.base(), new=not is_store(directory))
            yield change
            change.settle()
            writer.publish(change.draft)
        except OSError as problem:
            raise DataError(f"{directory}: {problem.strerror or problem}") from problem
        except RuntimeError as problem:  # the engine's, over a table that is not as it was written
            raise damaged(directory, problem) from problem
        finally:
            if change:
                change.close()
            writer.discard_drafts()


def removed_nodes(store: ox.Store, quads: Iterable[ox.Quad | ox.Triple]) -> set[str]:
    """What must be derived again after these quads are removed; to be asked before."""
    return neighbours(store, {text(q.subject) for q in quads if q.predicate.value in TOUCHING})
