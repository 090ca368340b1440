"""A source's declarations compiled once for a table; then each row becomes lines of N-Quads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eventkg.errors import SourceError
from eventkg.mapping.entities import Own, Things
from eventkg.mapping.faults import RowFault, UnknownCode
from eventkg.mapping.operations import Scope, flag, operation
from eventkg.mapping.seen import Seen
from eventkg.mapping.templates import compiled_iri
from eventkg.mapping.terms import iri
from eventkg.model.naming import PREFIXES
from eventkg.sources.links import resolutions
from eventkg.sources.rules import Literal, Named, Referred

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventkg.mapping.operations import Operation
    from eventkg.sources.manifest import Manifest
    from eventkg.sources.rules import ClaimRule

_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Target:
    """Where statements go and to what they refer: IRIs of the graph, the data set, the imported file.

    Without a graph (an empty text) the lines are N-Triples.
    """

    graph: str
    dataset: str
    file: str


class Mapping:
    """`lines(cells)` are the statements of a row, with those of things that come up in it for the first time.

    Raises on construction:
        SourceError: a column that is neither used nor ignored, or one that is missing.
    """

    def __init__(self, manifest: Manifest, columns: Sequence[str], target: Target) -> None:
        check_columns(manifest, columns)
        index = {name: position for position, name in enumerate(columns)}
        absent = [name for name in manifest.columns() if name not in index]
        index |= {name: len(columns) + position for position, name in enumerate(absent)}
        self._absent = [""] * len(absent)  # what a release lacks is empty in each of its rows
        self._scope = Scope(
            manifest.name,
            index,
            {**PREFIXES, **manifest.prefixes},
            manifest.lookups,
            {name: resolutions(path) for name, path in manifest.links.items()},
            target.graph,
            manifest.record,
        )
        try:
            self._compile(manifest, target)
        except SourceError as problem:
            raise SourceError(f"{manifest.path}: {problem}") from problem
        self._record, self._record_name = index[manifest.record], manifest.record
        self._keys = Seen()

    def _compile(self, manifest: Manifest, target: Target) -> None:
        scope = self._scope
        things = Things(manifest.entities, manifest.record, f"<{target.file}>", scope)
        self._own = things.of_row()
        main = self._own[0]
        main.constant += scope.says("ekg:fromDataset", f"<{target.dataset}>")
        record = operation("ekg:record", Literal(f"{{{manifest.record}}}"), scope)
        if manifest.claim:
            self._own.append(_claim(manifest.name, manifest.claim, record, things, scope))
        else:
            main.operations.append(record)
        self._others = things.unreferred()

    def lines(self, cells: list[str]) -> tuple[str, str]:
        """(key, statements) of a row.

        Raises:
            RowFault: the row is wrong; nothing of it is remembered. SourceError: a code that no lookup knows.

        """
        cells += self._absent
        key = cells[self._record].strip()
        if not key:
            raise RowFault(self._record_name, "", "no key")
        if (known := hash(key)) in self._keys:
            raise RowFault(self._record_name, key, "the key of an earlier row")
        cells[self._record] = key
        try:
            made = self._made(cells)
        except RowFault:
            self._forget()
            raise
        except UnknownCode as problem:
            self._forget()
            if fault := self._fault(cells):
                raise fault from problem
            raise SourceError(str(problem)) from problem
        self._keys.add(known)
        return key, made

    def _made(self, cells: list[str]) -> str:
        made = [thing.lines(cells) for thing in self._own]
        for thing in self._others:
            thing.iris(cells)
        aside = self._scope.aside
        if aside:
            made += [about for _, _, about in aside]
            aside.clear()
        return "".join(made)

    def _fault(self, cells: list[str]) -> RowFault | None:
        """A shifted row has codes that nobody knows as well: what is wrong elsewhere in it comes first."""
        for make in (make for thing in self._own for make in thing.operations):
            try:
                make(cells)
            except RowFault as fault:
                return fault
            except UnknownCode:
                continue
            finally:
                self._forget()
        return None

    def _forget(self) -> None:
        """Things that only a wrong row spoke of are written when another row speaks of them."""
        for memo, key, _ in self._scope.aside:
            memo.pop(key, None)
        self._scope.aside.clear()


def _claim(source: str, rule: ClaimRule, record: Operation, things: Things, scope: Scope) -> Own:
    """The claim that each row makes, by default that its first entity is as the row has it."""
    said = {name for name, _ in rule.statements}
    whole = (("ekg:conveys", Referred((things.first,))),) if "ekg:conveys" not in said else ()
    claimant = (("ekg:claimant", Named(rule.claimant)),)
    return Own(
        compiled_iri(f"claim/{source}/{{{scope.record}}}", scope.columns, PREFIXES),
        scope.says("rdf:type", iri("ekg:Claim")) + scope.says("ekg:stance", iri(f"ekg:{rule.stance}")),
        [
            *things.operations((*whole, *claimant)),
            record,
            *things.operations(rule.statements),
            *(flag(mark, scope) for mark in rule.flags),
        ],
        named=False,
    )


def check_columns(manifest: Manifest, columns: Sequence[str]) -> None:
    """Each column is used or ignored on purpose; else the source has changed under us, or it is another file.

    Raises:
        SourceError: it names the columns.

    """
    used = manifest.columns()
    missing = [name for name in used if name not in columns and name not in manifest.optional]
    if missing:
        raise SourceError(
            f"columns {_listed(missing)} of {manifest.name} not found; found were {_listed(columns)}"
        )
    check_unknown(manifest, columns)


def check_unknown(manifest: Manifest, columns: Sequence[str]) -> None:
    """No column that is neither used nor ignored.

    Raises:
        SourceError: it names them.

    """
    used = manifest.columns()
    unknown = [name for name in columns if name not in used and name not in manifest.ignore]
    if unknown:
        raise SourceError(f"columns {_listed(unknown)} found, which {manifest.path} neither uses nor ignores")


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(repr(name[:60]) for name in names[:_SHOWN])
    return shown + (f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else "")
