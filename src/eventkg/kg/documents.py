"""What LOAD and SERVICE in an update ask other hosts for: fetched before the update, read within it."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast
from xml.parsers import expat

import pyoxigraph as ox

from eventkg.errors import DataError, EventkgError, QueryError
from eventkg.kg.parsing import Source, parse_into
from eventkg.kg.updatetext import Loading, operations
from eventkg.query.federation import has_service, without_services
from eventkg.query.lexical import check_update, plain_letters
from eventkg.store.files import FORMATS, parse_problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventkg.kg.changing import Change
    from eventkg.kg.updating import Update
    from eventkg.query.fetching import Outside
    from eventkg.settings import Limits

_TYPES = {
    "text/turtle": ".ttl",
    "application/x-turtle": ".ttl",
    "application/n-triples": ".nt",
    "application/rdf+xml": ".rdf",
    "application/xml": ".rdf",
    "text/xml": ".rdf",
    "application/ld+json": ".jsonld",
}
MOST_DOCUMENTS = 10


@contextmanager
def fetched(asked: Update, outside: Outside) -> Iterator[Update]:
    """The update with everything that it asks others for; the files live as long as the block.

    Raises:
        QueryError: a host that is not listed, or did not answer as expected. TimeLimitError: so long.

    """
    folder = Path(tempfile.mkdtemp(prefix="eventkg-load-"))
    try:
        text, rows = asked.text, dict[str, str]()
        if has_service(text):
            text, rows = without_services(text, outside.rows)
        check_update(text, loads=True)  # before anybody is asked for a document
        documents = _documents(text, outside, folder) if "LOAD" in plain_letters(text).upper() else {}
        yield replace(asked, text=text, fillings=rows, documents=documents)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _documents(text: str, outside: Outside, folder: Path) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    loadings = [one for one in operations(text) if isinstance(one, Loading)]
    if len(loadings) > MOST_DOCUMENTS:
        raise QueryError(f"update: more than {MOST_DOCUMENTS} LOAD operations found")
    for number, one in enumerate(loadings):
        try:
            found[one.source] = _document(one.source, outside, folder / f"document-{number}")
        except EventkgError:
            if not one.silent:
                raise
            found.setdefault(one.source, ("", ""))
    return found


def _document(url: str, outside: Outside, file: Path) -> tuple[str, str]:
    with outside.document(url) as answer:
        kind = answer.media_type.partition(";")[0].strip().lower()
        suffix = _TYPES.get(kind) or Path(url.partition("?")[0].partition("#")[0]).suffix.lower()
        if suffix not in _TYPES.values():
            raise QueryError(f"{url}: {kind or 'no media type'} found, one of {', '.join(_TYPES)} expected")
        target = file.with_suffix(suffix)
        with target.open("wb") as out:
            out.writelines(answer.chunks)
    return str(target), answer.url


def load_into(
    change: Change, asked: Loading, documents: dict[str, tuple[str, str]], graph: str, limits: Limits
) -> None:
    """A document into a graph of a store of ours: blank nodes get names, what is touched is noted."""
    triples = _triples(asked, documents)
    if triples is not None:
        parse_into(change, Source(triples.name, ".nt", graph, limits.timeout_s), limits.memory_mb)


def load_plainly(store: ox.Store, asked: Loading, documents: dict[str, tuple[str, str]]) -> None:
    """A document as it is."""
    triples = _triples(asked, documents)
    if triples is None:
        return
    goal: ox.NamedNode | ox.DefaultGraph = ox.DefaultGraph()
    if asked.graph != "DEFAULT":
        for row in store.query(f"{asked.prologue}SELECT ({asked.graph} AS ?g) {{ }}"):  # type: ignore[union-attr]
            goal = ox.NamedNode(row["g"].value)
    with triples.open("rb") as stream:
        store.load(cast("IO[bytes]", stream), ox.RdfFormat.N_TRIPLES, to_graph=goal)


def _triples(asked: Loading, documents: dict[str, tuple[str, str]]) -> Path | None:
    """The document's statements with its address as base; None where SILENT lets it be missing.

    This process may crash over it: it is the child that makes the change.
    """
    place, base = documents.get(asked.source, ("", ""))
    if not place:
        if asked.silent:
            return None
        raise QueryError(f"update: {asked.source}: LOAD would fetch a document; not allowed here")
    file = Path(place)
    os.chdir(file.parent)  # so that complaints name no path of this machine
    target = file.with_name(f"{file.stem}-read.nt")
    try:
        _convert(file, target, base)
    except (SyntaxError, ValueError, OSError, expat.ExpatError, DataError) as problem:
        if asked.silent:
            return None
        said = str(problem) if isinstance(problem, DataError | expat.ExpatError) else parse_problem(problem)
        raise QueryError(f"update: {asked.source}: {said}") from problem
    return target


def _convert(file: Path, target: Path, base: str) -> None:
    rdf_format = FORMATS[file.suffix]
    if rdf_format == ox.RdfFormat.RDF_XML:
        with file.open("rb") as stream:
            expat.ParserCreate().ParseFile(stream)  # it bounds what entities grow to
    with file.open("rb") as stream, target.open("wb") as out:
        quads = ox.parse(cast("IO[bytes]", stream), format=rdf_format, base_iri=base)
        ox.serialize(_plain(quads), cast("IO[bytes]", out), format=ox.RdfFormat.N_TRIPLES)


def _plain(quads: Iterator[ox.Quad]) -> Iterator[ox.Triple]:
    for quad in quads:
        if not isinstance(quad.graph_name, ox.DefaultGraph):
            raise DataError("a named graph found in a document, plain statements expected")
        yield quad.triple
