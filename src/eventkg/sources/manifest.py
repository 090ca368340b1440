"""`source.yml`: how the rows of a data set become statements, checked before a row is read."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eventkg.errors import SourceError
from eventkg.sources.layout import Layout
from eventkg.sources.lookups import Lookup, read_lookup
from eventkg.sources.rules import ClaimRule, Entity, read_claim, read_entity
from eventkg.sources.yaml import read_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventkg.sources.yaml import Document, Place

MANIFEST = "source.yml"
_SCHEMA = Path(__file__).with_name("source.schema.json")


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a data set sets out to hold: days as ISO text, a place as (IRI slug, label); "" where not told."""

    start: str = ""
    end: str = ""
    place: tuple[str, str] | None = None
    unit: str = ""
    inclusion: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """A file at its publisher's: the name to save it under, the address and the hash ("" where not told)."""

    path: str
    url: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """A source as it is declared. `digest` is the SHA-256 of all that decides what statements it makes."""

    path: Path
    name: str
    title: str
    version: str
    publisher: str
    license: str
    citation: str
    record: str
    entities: Mapping[str, Entity]
    claim: ClaimRule | None
    layout: Layout
    digest: str
    homepage: str = ""
    license_url: str = ""
    share_alike: bool = False
    redistributable: bool = True
    contests: bool = False
    coverage: Coverage = field(default_factory=Coverage)
    releases: Mapping[str, tuple[Coverage, str]] = field(default_factory=dict)
    files: tuple[Offer, ...] = ()
    prefixes: Mapping[str, str] = field(default_factory=dict)
    tables: tuple[str, ...] = ()
    optional: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    lookups: Mapping[str, Lookup] = field(default_factory=dict)
    links: Mapping[str, Path] = field(default_factory=dict)
    matches: tuple[Path, ...] = ()
    convert: Path | None = None
    expect: Mapping[str, tuple[int, int | None]] = field(default_factory=dict)

    def covered(self, release: str) -> Coverage:
        """What a release covers."""
        return self.releases[release][0] if release in self.releases else self.coverage

    def cited(self, release: str) -> str:
        """How a release is cited."""
        return self.releases[release][1] if release in self.releases else self.citation

    def columns(self) -> dict[str, str]:
        """Every column that a statement, an id or a flag uses, with where it was used first."""
        found = {self.record: "record"}
        for entity in self.entities.values():
            for name in entity.columns():
                found.setdefault(name, f"entities.{entity.name}")
        for name in self.claim.columns() if self.claim else ():
            found.setdefault(name, "claim")
        return found


@cache
def schema() -> dict[str, Any]:
    """The JSON Schema of `source.yml`."""
    content: dict[str, Any] = json.loads(_SCHEMA.read_text(encoding="utf-8"))
    return content


def read_manifest(place: Path, links: Path | None = None) -> Manifest:
    """The source declared in a folder, or in a file.

    Args:
        place: the folder, or its `source.yml`.
        links: where files of links are looked for that are not beside `source.yml`.

    Raises:
        SourceError: not there, or not what the schema says; with file and line.

    """
    path = place / MANIFEST if place.is_dir() else place
    document = read_yaml(path)
    document.check(schema())
    manifest = _manifest(document, path, links)
    _check(manifest, document)
    return manifest


def _manifest(document: Document, path: Path, links: Path | None) -> Manifest:
    said = document.content
    coverage = _coverage(said.get("coverage", {}), Coverage())
    convert = path.with_name("convert.py")
    files = {name: _beside(path, links, file) for name, file in said.get("links", {}).items()}
    matches = tuple(_beside(path, links, file) for file in said.get("matches", ()))
    parts = [path, *sorted(files.values()), *matches, *([convert] if convert.is_file() else [])]
    prefixes = said.get("prefixes", {})
    return Manifest(
        path=path,
        **{
            key: said[key]
            for key in ("name", "title", "version", "publisher", "license", "citation", "record")
        },
        **{key: said[key] for key in _PLAIN if key in said},
        entities={name: read_entity(name, rule) for name, rule in said["entities"].items()},
        claim=read_claim(said["claim"]) if "claim" in said else None,
        layout=_layout(document),
        digest=_digest(parts, document),
        coverage=coverage,
        releases={
            name: (
                _coverage(release.get("coverage", {}), coverage),
                release.get("citation", said["citation"]),
            )
            for name, release in said.get("releases", {}).items()
        },
        files=tuple(Offer(**file) for file in said.get("files", ())),
        prefixes=prefixes,
        tables=tuple(said.get("tables", ())),
        optional=frozenset(said.get("optional", ())),
        ignore=frozenset(said.get("ignore", ())),
        lookups={name: read_lookup(name, rule) for name, rule in said.get("lookups", {}).items()},
        links=files,
        matches=matches,
        convert=convert if convert.is_file() else None,
        expect={name: (rule.get("min", 0), rule.get("max")) for name, rule in said.get("expect", {}).items()},
    )


_PLAIN = ("homepage", "license_url", "share_alike", "redistributable", "contests")


def _coverage(said: dict[str, Any], general: Coverage) -> Coverage:
    place = said.get("place")
    return Coverage(
        start=said.get("from", general.start),
        end=said.get("to", general.end),
        place=(place["id"], place["label"]) if place else general.place,
        unit=said.get("unit", general.unit),
        inclusion=said.get("inclusion", general.inclusion),
    )


def _layout(document: Document) -> Layout:
    said = dict(document.content.get("layout", {}))
    header = said.get("header", True)
    if header is not True:
        said["header"] = tuple(tuple(h) if isinstance(h, list) else h for h in header)
    try:
        return Layout(**said)
    except SourceError:
        raise
    except Exception as problem:
        raise document.error(("layout",), str(problem)) from problem


def _beside(path: Path, links: Path | None, name: str) -> Path:
    """A file of links: beside `source.yml`, else in the folder that all sources share."""
    own = path.with_name(Path(name).name)
    return own if own.is_file() or links is None else links / Path(name).name


def _digest(parts: list[Path], document: Document) -> str:
    total = hashlib.sha256()
    for path in parts:
        try:
            content = path.read_bytes()
        except OSError as problem:
            raise document.error(("links",), f"{path}: {problem.strerror}") from problem
        total.update(hashlib.sha256(content).digest())
    return total.hexdigest()


def _check(manifest: Manifest, document: Document) -> None:
    """What a schema cannot say: names that must be declared elsewhere."""
    rules: list[tuple[Place, Entity | ClaimRule]] = [
        (("entities", entity.name), entity) for entity in manifest.entities.values()
    ]
    if manifest.claim:
        rules.append((("claim",), manifest.claim))
    for where, rule in rules:
        declared = (
            ("lookup", rule.lookups(), manifest.lookups),
            ("links", rule.linked(), manifest.links),
            ("entity", rule.referred(), {**manifest.entities, "file": None}),
        )
        for what, names, known in declared:
            for name in names:
                document.expect(where, what, name, known)
    _check_row_entities(manifest, document)
    used = manifest.columns()
    if both := sorted(set(used) & manifest.ignore):
        raise document.error(("ignore",), f"the column '{both[0]}' is used in {used[both[0]]}, and ignored")


def _check_row_entities(manifest: Manifest, document: Document) -> None:
    """A row's own entities are found again by its key alone, so their ids name no other column."""
    for position, entity in enumerate(manifest.entities.values()):
        columns = re.findall(r"{([^{}]*)}", entity.id)
        if entity.each is None and manifest.record in columns and set(columns) != {manifest.record}:
            found = ", ".join(columns)
            raise document.error(
                ("entities", entity.name, "id"), f"columns {found} found, {manifest.record} alone expected"
            )
        if position == 0 and (manifest.record not in columns or entity.each):
            raise document.error(
                ("entities", entity.name, "id"),
                f"the first entity is the row's: {{{manifest.record}}} expected",
            )
