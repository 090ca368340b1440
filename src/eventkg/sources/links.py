"""Reviewed links in SSSOM files: which text, or which thing of a source, is which thing of ours."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

from eventkg.errors import SourceError
from eventkg.model.naming import PREFIXES
from eventkg.sources.iris import is_iri

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_NEEDED = ("predicate_id", "object_id", "mapping_justification")
NO_TERM = "sssom:NoTermFound"


@dataclass(frozen=True, slots=True)
class Link:
    """One line: `subject` and `object` are IRIs ("" where there is none), `text` is as the source has it."""

    line: int
    subject: str
    text: str
    predicate: str
    object: str
    label: str


def read_links(path: Path) -> list[Link]:
    """The links of a file in its order; those with the modifier Not are left out.

    Raises:
        SourceError: no SSSOM, a prefix that nobody declared; with file and line.

    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as problem:
        raise SourceError(f"{path}: {getattr(problem, 'strerror', None) or problem}") from problem
    comments = [line for line in lines if line.startswith("#")]
    prefixes = {**PREFIXES, **_prefixes(comments)}
    return list(_links(path, lines[len(comments) :], len(comments), prefixes))


def resolutions(path: Path) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """For each text (blanks made one) the things that it stands for: (IRI, label)."""
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for link in read_links(path):
        text = " ".join(link.text.split())
        if not text:
            raise SourceError(f"{path}:{link.line}: no subject_label found, the source's text expected")
        if link.object and not link.label:
            raise SourceError(f"{path}:{link.line}: no object_label found, the thing's name expected")
        found[text] = (*found.get(text, ()), *([(link.object, link.label)] if link.object else []))
    return found


def _prefixes(comments: list[str]) -> dict[str, str]:
    """The curie_map of the file's head."""
    found, inside = {}, False
    for line in comments:
        body = line[1:]
        if not body.startswith((" ", "\t")):
            inside = body.strip() == "curie_map:"
        elif inside and ":" in body:
            name, _, iri = body.strip().partition(":")
            found[name.strip()] = iri.strip().strip("\"'")
    return found


def _links(path: Path, lines: list[str], skipped: int, prefixes: Mapping[str, str]) -> Iterator[Link]:
    rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    if missing := [name for name in _NEEDED if name not in (rows.fieldnames or ())]:
        raise SourceError(f"{path}:{skipped + 1}: the column '{missing[0]}' of SSSOM is missing")
    for row in rows:
        line = rows.line_num + skipped
        if None in row or None in row.values():
            raise SourceError(f"{path}:{line}: {len(rows.fieldnames or ())} cells expected")
        if row.get("predicate_modifier") == "Not":
            continue
        ends = {
            end: ""
            if row.get(end, "") in {"", NO_TERM}
            else _iri(row[end], prefixes, f"{path}:{line}: {end}")
            for end in ("subject_id", "predicate_id", "object_id")
        }
        yield Link(
            line, ends["subject_id"], row.get("subject_label", ""), ends["predicate_id"], ends["object_id"],
            row.get("object_label", ""),
        )  # fmt: skip


def _iri(name: str, prefixes: Mapping[str, str], where: str) -> str:
    full = name
    if not name.startswith(("http://", "https://")):
        prefix, colon, local = name.partition(":")
        full = prefixes[prefix] + local if colon and prefix in prefixes else ""
    if not is_iri(full):
        raise SourceError(f"{where}: '{name}' found, an IRI or a declared prefix expected")
    return full
