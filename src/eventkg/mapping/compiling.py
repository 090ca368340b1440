"""A source's declarations compiled once for a table; then each row becomes lines of N-Quads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eventkg.errors import SourceError
from eventkg.mapping.entities import Things
from eventkg.mapping.faults import RowFault, UnknownCode
from eventkg.mapping.operations import Scope, flag
from eventkg.mapping.templates import compiled, compiled_iri
from eventkg.mapping.terms import iri, literal
from eventkg.model.naming import PREFIXES
from eventkg.sources.links import resolutions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventkg.mapping.operations import Operation
    from eventkg.sources.manifest import Manifest

_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Target:
    """Where statements go and to what they refer: IRIs of the graph, the data set, the imported file."""

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
        )
        try:
            self._compile(manifest, target)
        except SourceError as problem:
            raise SourceError(f"{manifest.path}: {problem}") from problem
        self._record, self._record_name = index[manifest.record], manifest.record
        self._keys: set[int] = set()

    def _compile(self, manifest: Manifest, target: Target) -> None:
        scope = self._scope
        things = Things(manifest.entities, manifest.record, f"<{target.file}>", scope)
        self._own = things.of_row()
        key = compiled(f"{{{manifest.record}}}", scope.columns)

        def record(cells: Sequence[str]) -> tuple[str, ...]:
            return (scope.tail("ekg:record", literal(key.fill(key.get(cells)).strip())),)

        main = self._own[0]
        main.constant.append(scope.tail("ekg:fromDataset", f"<{target.dataset}>"))
        self._claim_id = compiled_iri(f"claim/{manifest.name}/{{{manifest.record}}}", scope.columns, PREFIXES)
        self._claim: list[Operation] = []
        self._claim_constant: list[str] = []
        if manifest.claim:
            rule = manifest.claim
            claimant = compiled_iri(rule.claimant, scope.columns, scope.prefixes)
            self._claim_constant = [
                scope.tail("rdf:type", iri("ekg:Claim")),
                scope.tail("ekg:stance", iri(f"ekg:{rule.stance}")),
            ]
            said = {name for name, _ in rule.statements}
            whole = lambda cells: tuple(scope.tail("ekg:conveys", name) for name in main.iris(cells))  # noqa: E731
            self._claim = [
                *([] if "ekg:conveys" in said else [whole]),
                lambda cells: (scope.tail("ekg:claimant", claimant.fill(claimant.get(cells))),),
                record,
                *things.operations(rule.statements),
                *(flag(mark, scope) for mark in rule.flags),
            ]
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
        if self._claim:
            tails = ["", *self._claim_constant]
            for make in self._claim:
                tails += make(cells)
            made.append(self._claim_id.fill(self._claim_id.get(cells)).join(tails))
        for thing in self._others:
            thing.iris(cells)
        aside = self._scope.aside
        if aside:
            made += [about for _, _, about in aside]
            aside.clear()
        return "".join(made)

    def _fault(self, cells: list[str]) -> RowFault | None:
        """A shifted row has codes that nobody knows as well: what is wrong elsewhere in it comes first."""
        for make in (*(op for thing in self._own for op in thing.operations), *self._claim):
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
