"""Rows that are in a store already: which, from which file, and how they make room for others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from eventkg.claims.bulk import forget_moved
from eventkg.mapping.provenance import target
from eventkg.mapping.templates import compiled_iri
from eventkg.model.naming import EKG, GRAPH, PREFIXES, RDF, shorten
from eventkg.sources.rules import columns_of
from eventkg.store.terms import text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from eventkg.kg.changing import Change
    from eventkg.mapping.provenance import ImportedFile
    from eventkg.mapping.templates import Template
    from eventkg.sources.manifest import Manifest

_FEW = 20_000  # rows that are removed one by one; for more the store is written anew without them
_FROM = ox.NamedNode(f"{EKG}fromDataset")


class RowChange(NamedTuple):
    """What another release does to a row: appeared, vanished or changed; `old` and `new` are statements."""

    kind: str
    key: str
    old: tuple[str, ...] = ()
    new: tuple[str, ...] = ()


@dataclass(frozen=True)
class Present:
    """The rows of a source that a store holds."""

    store: ox.Store
    manifest: Manifest

    @property
    def graph(self) -> ox.NamedNode:
        """The source's graph."""
        return ox.NamedNode(GRAPH + self.manifest.name)

    @cached_property
    def datasets(self) -> dict[str, str]:
        """The data set of each row, by the row's key."""
        by_thing = {
            text(quad.subject): text(quad.object)
            for quad in self.store.quads_for_pattern(None, _FROM, None, self.graph)
        }
        records = self.store.quads_for_pattern(None, ox.NamedNode(f"{EKG}record"), None, self.graph)
        return {
            key: by_thing.get(self.subjects(key)[0], "") for quad in records for key in [text(quad.object)]
        }

    @cached_property
    def _ids(self) -> list[Template]:
        record = self.manifest.record
        prefixes = {**PREFIXES, **self.manifest.prefixes}
        own = [e.id for e in self.manifest.entities.values() if e.each is None and record in columns_of(e.id)]
        claim = f"claim/{self.manifest.name}/{{{record}}}"
        return [compiled_iri(name, {record: 0}, prefixes) for name in (*own, claim)]

    def subjects(self, key: str) -> list[str]:
        """The things that are a row's own, the one that it is about first."""
        return [template.fill(template.get([key]))[1:-1] for template in self._ids]

    def known(self, file: ImportedFile) -> bool:
        """Whether the store holds all rows of this very file, made by these very declarations."""
        to = target(self.manifest, file)
        node, dataset = ox.NamedNode(to.file), ox.NamedNode(to.dataset)
        said = {
            shorten(quad.predicate.value): text(quad.object)
            for quad in self.store.quads_for_pattern(node, None, None, self.graph)
        }
        if said.get("ekg:fileSha256") != file.sha256 or said.get("ekg:mappingSha256") != self.manifest.digest:
            return False
        rows = sum(1 for _ in self.store.quads_for_pattern(None, _FROM, dataset, self.graph))
        return rows == int(said["ekg:rowsImported"])

    def release(self, dataset: str) -> str:
        """The release of a data set."""
        quads = self.store.quads_for_pattern(
            ox.NamedNode(dataset), ox.NamedNode(f"{EKG}release"), None, self.graph
        )
        return next((text(quad.object) for quad in quads), "")

    def row(self, key: str) -> set[tuple[str, str, str]]:
        """What is said of a row's own things, apart from the file that says so."""
        return {
            (text(quad.subject), quad.predicate.value, str(quad.object))
            for subject in self.subjects(key)
            for quad in self.store.quads_for_pattern(ox.NamedNode(subject), None, None, self.graph)
            if quad.predicate != _FROM and not text(quad.object).startswith(f"{PREFIXES['import']}")
        }


def remove_rows(change: Change, present: Present, keys: Iterable[str]) -> None:
    """Remove rows' own statements; what only they spoke of goes with `swept`."""
    subjects = [subject for key in keys for subject in present.subjects(key)]
    forget_moved(change.store, present.graph.value, frozenset(subjects))
    if len(subjects) <= _FEW:
        for subject in subjects:
            for quad in list(
                change.store.quads_for_pattern(ox.NamedNode(subject), None, None, present.graph)
            ):
                change.store.remove(quad)
    else:
        change.rewrite({f"<{subject}>" for subject in subjects}, present.graph.value)


def sweep(store: ox.Store, manifest: Manifest) -> None:
    """Remove what no row speaks of any more: shared things, and files of which no row is left."""
    graph = ox.NamedNode(GRAPH + manifest.name)
    for dataset in list(_of_type(store, "SourceDataset", graph)):
        version = ox.NamedNode("http://purl.org/dc/terms/isVersionOf")
        if _any(store, dataset, version, None) and not _any(store, None, _FROM, dataset):
            for quad in list(store.quads_for_pattern(dataset, ox.NamedNode(f"{EKG}readFrom"), None, graph)):
                _remove(store, quad.object, graph)
            _remove(store, dataset, graph)
    kinds = ("Document", "Actor", "Place", "AdministrativeArea", "Country", "Settlement")
    for _ in range(6):  # a place goes before the district that it lies in
        unused = [
            thing
            for kind in kinds
            for thing in list(_of_type(store, kind, graph))
            if not _any(store, None, None, thing) and not _any(store, thing, _FROM, None)
        ]
        if not unused:
            return
        for thing in unused:
            _remove(store, thing, graph)


def _of_type(store: ox.Store, name: str, graph: ox.NamedNode) -> Iterator[ox.NamedNode]:
    quads = store.quads_for_pattern(None, ox.NamedNode(f"{RDF}type"), ox.NamedNode(EKG + name), graph)
    return (quad.subject for quad in quads if isinstance(quad.subject, ox.NamedNode))


def _any(
    store: ox.Store, subject: ox.NamedNode | None, predicate: ox.NamedNode | None, obj: ox.NamedNode | None
) -> bool:
    return next(iter(store.quads_for_pattern(subject, predicate, obj, None)), None) is not None


def _remove(store: ox.Store, thing: object, graph: ox.NamedNode) -> None:
    if isinstance(thing, ox.NamedNode):
        for quad in list(store.quads_for_pattern(thing, None, None, graph)):
            store.remove(quad)
