"""The view that an answer was given in, written into the answer where its format has room for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

UNSTAMPED = frozenset({"csv", "tsv", "jsonld"})  # a reader would take a stamp for data
_MOST = 1024 * 1024  # bytes in which a head must end
_JSON_HEAD = re.compile(rb'(?P<open>\s*\{\s*"head"\s*:\s*\{)(?P<empty>\s*\})?')
_XML_HEAD = re.compile(rb"<head\s*/>|</head\s*>")
_XML_DECLARATION = re.compile(rb"\s*<\?xml[^>]*\?>")


def stamped(form: str, view: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """An answer's bytes with the IRI of the view's policy.

    SPARQL's JSON and XML have a link in their head for what describes the results; Turtle and N-Triples get
    a comment, RDF/XML a processing instruction (an IRI may hold what would end a comment there).
    """
    if form in {"ttl", "nt"}:
        yield f"# view <{view}>\n".encode()
    if form not in _HEADS:
        yield from chunks
        return
    whole, write = _HEADS[form]
    begun, rest = b"", iter(chunks)
    for chunk in rest:
        begun += chunk
        if whole.search(begun) or len(begun) > _MOST:
            break
    yield write(begun, view)
    yield from rest


def _json(begun: bytes, view: str) -> bytes:
    def with_link(head: re.Match[bytes]) -> bytes:
        link = b'"link":["%s"]' % view.encode()
        return head["open"] + link + (head["empty"] or b",")

    return _JSON_HEAD.sub(with_link, begun, count=1) if _JSON_HEAD.match(begun) else begun


def _xml(begun: bytes, view: str) -> bytes:
    def with_link(end: re.Match[bytes]) -> bytes:
        link = b'<link href="%s"/>' % _escaped(view)
        return link + end[0] if end[0].startswith(b"</") else b"<head>" + link + b"</head>"

    return _XML_HEAD.sub(with_link, begun, count=1)


def _rdfxml(begun: bytes, view: str) -> bytes:
    declared = _XML_DECLARATION.match(begun)
    end = declared.end() if declared else 0
    return begun[:end] + f"<?eventkg-view {view}?>".encode() + begun[end:]


def _escaped(view: str) -> bytes:
    return view.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").encode()


_HEADS = {
    "json": (re.compile(rb'"head"\s*:\s*\{\s*[^\s]'), _json),
    "xml": (_XML_HEAD, _xml),
    "rdfxml": (re.compile(rb"<\w+:RDF|<RDF"), _rdfxml),
}
