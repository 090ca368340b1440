"""What only the ontology can say of a source's declarations: that the terms they use exist."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from eventkg.errors import SourceError
from eventkg.model.naming import CODE, EKG
from eventkg.sources.rules import Coded
from eventkg.store.bundled import ontology_quads
from eventkg.store.terms import text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventkg.sources.manifest import Manifest


@cache
def _terms() -> frozenset[str]:
    return frozenset(text(quad.subject) for quad in ontology_quads())


def check_terms(manifest: Manifest) -> None:
    """Every `ekg:` term is one of the ontology; every flag, and every code of ours, is in our lists.

    Raises:
        SourceError: one is not: a slip of the pen would be a statement that nobody finds.

    """
    for place, name in _used(manifest):
        full = (
            EKG + name.removeprefix("ekg:") if name.startswith("ekg:") else CODE + name.removeprefix("code/")
        )
        if full not in _terms():
            raise SourceError(f"{manifest.path}: {place}: '{name}' is no term of the ontology")


def _used(manifest: Manifest) -> Iterator[tuple[str, str]]:
    for entity in manifest.entities.values():
        where = f"entities.{entity.name}"
        types = () if isinstance(entity.types, Coded) else entity.types
        names = (*types, *(name for name, _ in entity.statements))
        yield from ((where, name) for name in names if name.startswith("ekg:"))
        if entity.when and isinstance(entity.when.precision, str):
            yield where, entity.when.precision
    claim = manifest.claim
    if claim:
        yield from (("claim", name) for name, _ in claim.statements if name.startswith("ekg:"))
        yield from (("claim.flags", f"code/row-flag/{flag.code}") for flag in claim.flags)
    for lookup in manifest.lookups.values():
        same = (concept.same for concept in lookup.concepts) if lookup.scheme else lookup.values.values()
        where = f"lookups.{lookup.name}"
        yield from ((where, name) for name in same if name.startswith("ekg:") or _ours(name))


def _ours(name: str) -> bool:
    """A code of one of our own lists, which are complete."""
    scheme = "/".join(name.split("/")[:2])
    return name.startswith("code/") and CODE + scheme.removeprefix("code/") in _terms()
