"""Claims files into a store: checked against schema, text, names and shapes, derived, all or nothing."""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pyoxigraph as ox

from eventkg.claims.incremental import rederive_part
from eventkg.claims.writing import rederive
from eventkg.errors import DataError, UsageError
from eventkg.kg import recorded
from eventkg.kg.changing import changing, removed_nodes
from eventkg.kg.checks import validate
from eventkg.kg.consequences import Consequences, Watch
from eventkg.kg.lexicon import StoreLexicon
from eventkg.kg.loading import check_writable
from eventkg.mapping.claimfile import Text, declared_by, document_of, read_claims, text_file
from eventkg.mapping.located import Problem, ProblemsError, read_located
from eventkg.model.naming import GRAPH_USER, shorten
from eventkg.store.bundled import bundled_quads
from eventkg.store.directory import check_versions, is_store
from eventkg.store.files import to_nquads
from eventkg.store.intake import TOUCHING
from eventkg.store.terms import text, to_term

if TYPE_CHECKING:
    from eventkg.checking.findings import Finding
    from eventkg.settings import Limits

MAX_TEXT = 20_000_000  # bytes of a document's text
_FORMATS = (".yml", ".yaml")


@dataclass(frozen=True, slots=True)
class Addition:
    """What to add; `replace` first removes what was recorded from the same documents in the same graph."""

    files: tuple[Path, ...]
    graph: str = GRAPH_USER
    replace: bool = False


@dataclass(slots=True)
class Added:
    """What came of it: numbers of claims and statements, what now stands otherwise, and what to look at.

    `others` counts the claims from the same documents in the same graph that the files do not have.
    """

    claims: int = 0
    statements: int = 0
    removed: int = 0
    others: int = 0
    consequences: Consequences = field(default_factory=Consequences)
    warnings: tuple[Finding, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether the store is another than before."""
        return bool(self.statements or self.removed)


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
    _check(request)
    return _in_a_draft(directory, request, limits, publish=True)


def check(directory: Path | None, request: Addition, limits: Limits) -> Added:
    """What `add` would do, to the bundled graph if no store is named; nothing is written.

    Raises:
        As `add`; DataError: no store there.

    """
    _check(request)
    if directory is None:
        return _apply(_Bundled(), request, limits)
    if not is_store(directory):
        check_versions(directory)
    return _in_a_draft(directory, request, limits, publish=False)


def _in_a_draft(directory: Path, request: Addition, limits: Limits, *, publish: bool) -> Added:
    added = Added()
    with contextlib.suppress(_NothingToPublishError), changing(directory) as change:
        added = _apply(change, request, limits)
        _go_on_if(wanted=publish and added.changed)
    return added


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
        rederive_part(self.store, self.touched)


def _check(request: Addition) -> None:
    if not request.files:
        raise UsageError("claim: no file found, at least one expected")
    for path in request.files:
        if path.suffix.lower() not in _FORMATS:
            raise UsageError(f"{path}: extension {path.suffix or '(none)'} found, .yml or .yaml expected")
    check_writable(request.graph)


def _apply(change: _Changing, request: Addition, limits: Limits) -> Added:
    added, lines = Added(), dict[str, tuple[Path, int]]()
    removed = {quad for path in request.files for quad in _write(path, request, change, added, lines)}
    if not added.changed:
        return added
    watch = Watch(change.store, change.touched, removed)
    change.derive()
    added.consequences = watch.consequences()
    _validate(change.store, lines, watch.nodes, added, limits)
    return added


def _write(
    path: Path, request: Addition, change: _Changing, added: Added, lines: dict[str, tuple[Path, int]]
) -> set[ox.Quad]:
    """One file's statements into the store; what they replace is removed before, and returned."""
    store, graph = change.store, ox.NamedNode(request.graph)
    found = read_located(read_text(path)[0], str(path))
    document_text = _document_text(path, text_file(found))
    document = document_of(found)
    old: set[ox.Quad] = set()
    if request.replace:
        old = recorded.of_document(store, document, declared_by(found), graph)
        change.touched |= removed_nodes(store, old)
        for quad in old:
            store.remove(quad)
    filed = read_claims(found, document_text, StoreLexicon(store))
    new = {ox.Quad(ox.NamedNode(s), ox.NamedNode(p), to_term(o), graph) for s, p, o in filed.triples}
    fresh = {quad for quad in new if quad not in store}
    known = recorded.claims_of(store, document, graph)
    store.extend(fresh)
    change.touched |= {text(quad.subject) for quad in fresh | old if quad.predicate.value in TOUCHING}
    before = recorded.claims_in(old) | known
    added.claims += len(set(filed.claims) - before)
    added.statements += len(fresh - old)
    added.removed += len(old - new)
    added.others += len(known - set(filed.claims))
    lines.update({iri: (path, line) for iri, line in filed.lines.items()})
    return old


def _document_text(path: Path, name: str) -> Text | None:
    if not name:
        return None
    beside = path.parent / name
    characters, content = read_text(beside)
    return Text(str(beside), characters, hashlib.sha256(content).hexdigest())


def read_text(path: Path) -> tuple[str, bytes]:
    """The characters of a file, none of them changed, and its bytes."""
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_TEXT + 1)
        if len(content) > MAX_TEXT:
            raise DataError(f"{path}: more than {MAX_TEXT:,} bytes found")
        return content.decode("utf-8"), content
    except UnicodeDecodeError as problem:
        raise DataError(f"{path}: byte {problem.start} is not UTF-8; a text in UTF-8 expected") from problem
    except OSError as problem:
        raise DataError(f"{path}: {problem.strerror}") from problem


def _validate(
    store: ox.Store,
    lines: dict[str, tuple[Path, int]],
    nodes: set[str],
    added: Added,
    limits: Limits,
) -> None:
    """Shapes over what was written and what it touches; a violation is refused with its line."""
    report = validate(to_nquads(recorded.around(store, {*lines, *nodes})), None, limits)
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


def _owner(focus: str, lines: dict[str, tuple[Path, int]]) -> str:
    """The thing in a file that a node belongs to: itself, or what it is a part of by its name."""
    while focus and focus not in lines:
        focus = focus.rpartition("/")[0]
    return focus
