"""Claims files into a store: checked against schema, text, names and shapes, derived, all or nothing."""

from __future__ import annotations

import contextlib
import traceback
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import pyoxigraph as ox

from eventkg.claims.incremental import rederive_part, spoken_of_among
from eventkg.claims.writing import rederive
from eventkg.errors import UsageError
from eventkg.kg import recorded
from eventkg.kg.changing import changing, removed_nodes
from eventkg.kg.checks import How, validate
from eventkg.kg.consequences import Consequences, Watch
from eventkg.kg.filings import filings_of
from eventkg.kg.lexicon import StoreLexicon
from eventkg.kg.loading import check_writable
from eventkg.model.naming import GRAPH_USER, shorten
from eventkg.sources.located import Problem, ProblemsError
from eventkg.store.bundled import bundled_quads
from eventkg.store.files import to_nquads
from eventkg.store.intake import BULK, ROWS, TOUCHING
from eventkg.store.terms import text, to_term
from eventkg.store.versions import check_versions, is_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from eventkg.checking.findings import Finding
    from eventkg.kg.filings import Filing
    from eventkg.mapping.claimfile import Filed
    from eventkg.settings import Limits


@dataclass(frozen=True, slots=True)
class Addition:
    """What to add; `replace` first removes what was recorded from the same documents in the same graph.

    `texts` are files with the texts of documents, for quotations in RDF files, which name none.
    """

    files: tuple[Path, ...]
    graph: str = GRAPH_USER
    replace: bool = False
    texts: tuple[Path, ...] = ()


@dataclass(slots=True)
class Added:
    """What came of it: numbers of claims and statements, what now stands otherwise, and what to look at.

    `others` counts the claims from the same documents in the same graph that the files do not have;
    `unverified` the quotations in RDF files for which no text was given.
    """

    claims: int = 0
    statements: int = 0
    removed: int = 0
    others: int = 0
    unverified: int = 0
    consequences: Consequences = field(default_factory=Consequences)
    warnings: tuple[Finding, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether the store is another than before."""
        return bool(self.statements or self.removed)


class _Lines(dict[str, "tuple[Path, int]"]):
    """Where in which file each thing stands that was added."""


class _Changing(Protocol):
    """A store that may be written, and what was touched in it since the last derivation."""

    store: ox.Store
    touched: set[str]

    def derive(self) -> None:
        """Bring graph/derived up to date."""


class _NothingToPublishError(Exception):
    """The draft is thrown away."""


def add(directory: Path, request: Addition, limits: Limits) -> Added:
    """Add claims files as one change; files that are in the store already change nothing.

    Raises:
        ProblemsError: what is wrong in a file, line by line. UsageError: no file, a graph that nobody may
            write. DataError: a file that cannot be read. StoreBusyError: another process writes.

    """
    filings = _opened(request, limits)
    return _in_a_draft(directory, request, filings, limits, publish=True)


def check(directory: Path | None, request: Addition, limits: Limits) -> Added:
    """What `add` would do, to the bundled graph if no store is named; nothing is written.

    Raises:
        As `add`; DataError: no store there.

    """
    filings = _opened(request, limits)
    if directory is None:
        return _apply(_Bundled(), request, filings, limits)
    if not is_store(directory):
        check_versions(directory)
    return _in_a_draft(directory, request, filings, limits, publish=False)


def _in_a_draft(
    directory: Path, request: Addition, filings: list[Filing], limits: Limits, *, publish: bool
) -> Added:
    added = Added()
    with contextlib.suppress(_NothingToPublishError), changing(directory) as change:
        try:
            added = _apply(change, request, filings, limits)
        except Exception as problem:
            _let_go(problem)
            raise
        _go_on_if(wanted=publish and added.changed)
    return added


def _let_go(problem: BaseException | None) -> None:
    """Frames of an error keep the draft's store open, which then writes to a folder that is being removed."""
    while problem is not None:
        traceback.clear_frames(problem.__traceback__)
        problem = problem.__cause__ or problem.__context__


def _go_on_if(*, wanted: bool) -> None:
    """What raises inside a change leaves the store as it was."""
    if not wanted:
        raise _NothingToPublishError


class _Bundled:
    """The graph that comes with eventkg, in memory."""

    def __init__(self) -> None:
        self.store, self.touched = ox.Store(), set[str]()
        self.store.extend(bundled_quads())
        rederive(self.store)

    def derive(self) -> None:
        if ROWS in self.touched:
            rederive(self.store)
        else:
            rederive_part(self.store, self.touched)


def _opened(request: Addition, limits: Limits) -> list[Filing]:
    """The files, read before a store is touched."""
    if not request.files:
        raise UsageError("claim: no file found, at least one expected")
    check_writable(request.graph)
    return filings_of(request.files, request.texts, limits)


def _apply(change: _Changing, request: Addition, filings: list[Filing], limits: Limits) -> Added:
    graph, store = ox.NamedNode(request.graph), change.store
    old = _removed(change, filings, graph) if request.replace else set()
    before = recorded.claims_in(old) | _claims(store, filings, graph)
    claims, new, lines = set[str](), set[ox.Quad](), _Lines()
    for filing in filings:
        filed = filing.read(StoreLexicon(store))
        said = set(_quads(filing, filed, graph))
        new |= {quad for quad in said if quad not in store}
        store.extend(said)
        claims |= set(filed.claims)
        lines.update({iri: (filing.path, line) for iri, line in filed.lines.items()})
    change.touched |= {text(quad.subject) for quad in new | old if quad.predicate.value in TOUCHING}
    change.touched |= spoken_of_among(store, {text(quad.subject) for quad in new | old})
    added = Added(len(claims - before), len(new - old), len(old - new))
    added.others = len(_claims(store, filings, graph) - claims)
    added.unverified = sum(filing.unverified for filing in filings)
    if added.changed:
        watch = Watch(store, change.touched, old)
        if any(quad.predicate.value in BULK for quad in new | old):
            change.touched.add(ROWS)
        change.derive()
        added.consequences = watch.consequences()
        _validate(store, lines, watch.nodes, added, limits)
    return added


def _quads(filing: Filing, filed: Filed, graph: ox.NamedNode) -> Iterator[ox.Quad]:
    for subject, predicate, value in filed.triples:
        try:
            yield ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), to_term(value), graph)
        except ValueError as problem:
            line = filed.lines.get(subject, 1)
            raise ProblemsError(str(filing.path), [Problem(line, f"{problem}; an IRI expected")]) from problem


def _removed(change: _Changing, filings: list[Filing], graph: ox.NamedNode) -> set[ox.Quad]:
    """What the graph has of the documents, taken out of the store."""
    old = {
        quad
        for filing in filings
        for document in filing.documents
        for quad in recorded.of_document(change.store, document, filing.declared, graph)
    }
    change.touched |= removed_nodes(change.store, old)
    for quad in old:
        change.store.remove(quad)
    return old


def _claims(store: ox.Store, filings: list[Filing], graph: ox.NamedNode) -> set[str]:
    """The claims that the graph has of the documents."""
    documents = {document for filing in filings for document in filing.documents}
    return {claim for document in documents for claim in recorded.claims_of(store, document, graph)}


def _validate(
    store: ox.Store,
    lines: _Lines,
    nodes: set[str],
    added: Added,
    limits: Limits,
) -> None:
    """Shapes over what was written and what it touches; a violation is refused with its line."""
    report = validate(to_nquads(recorded.around(store, {*lines, *nodes})), How(), limits)
    concerned = [finding for finding in report.findings if _owner(finding.focus, lines)]
    wrong = [finding for finding in concerned if finding.severity == "Violation"]
    if wrong:
        file, _ = lines[_owner(wrong[0].focus, lines)]
        problems = [
            Problem(lines[_owner(f.focus, lines)][1], f"{shorten(f.focus)}: {f.message}")
            for f in wrong
            if lines[_owner(f.focus, lines)][0] == file
        ]
        raise ProblemsError(str(file), problems)
    added.warnings = tuple(concerned)


def _owner(focus: str, lines: _Lines) -> str:
    """The thing in a file that a node belongs to: itself, or what it is a part of by its name."""
    while focus and focus not in lines:
        focus = focus.rpartition("/")[0]
    return focus
