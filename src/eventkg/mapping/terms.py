"""IRIs and literals as N-Quads has them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from eventkg.errors import SourceError
from eventkg.mapping.memo import Memo
from eventkg.model.naming import BASE, CODE, KINDS, PREFIXES, XSD
from eventkg.sources.iris import is_iri

if TYPE_CHECKING:
    from collections.abc import Mapping

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_UNSAFE = re.compile(r'["\\\x00-\x1f\x7f\ud800-\udfff￾￿]')
_PLAIN = re.compile(r"[A-Za-z0-9._~-]+")
_TEMPLATE = re.compile(r"({[^{}]*})")
KIND = re.compile(rf"({'|'.join(KINDS)})/.")


def literal(text: str, datatype: str = "", lang: str = "") -> str:
    """A literal; control characters that XML cannot carry become U+FFFD, as the stores' results must."""
    plain = text.isprintable() and '"' not in text and "\\" not in text  # several times as fast as a pattern
    body = text if plain else _UNSAFE.sub(_escape, text)
    if lang:
        return f'"{body}"@{lang}'
    return f'"{body}"^^<{XSD}{datatype}>' if datatype else f'"{body}"'


def _escape(found: re.Match[str]) -> str:
    return _ESCAPES.get(found[0], "�")


def iri(name: str, prefixes: Mapping[str, str] = PREFIXES) -> str:
    """`<…>` of `kind/slug`, `code/scheme/code`, `prefix:name` or a whole IRI.

    Raises:
        SourceError: none of them.

    """
    if KIND.match(name):
        full = f"{BASE}id/{name}"
    elif name.startswith("code/"):
        full = CODE + name.removeprefix("code/")
    elif name.startswith(("http://", "https://")):
        full = name
    else:
        prefix, colon, local = name.partition(":")
        if not colon or prefix not in prefixes:
            raise SourceError(f"'{name}' found; kind/name, code/scheme/code, prefix:name or an IRI expected")
        full = prefixes[prefix] + local
    if not is_iri(full):
        raise SourceError(f"'{name}' found, an absolute IRI (RFC 3987) expected")
    return f"<{full}>"


def part(cell: str) -> str:
    """A cell as part of an IRI: blanks made one, percent-encoded."""
    return cell if _PLAIN.fullmatch(cell) else _QUOTED[cell]


_QUOTED = Memo[str, str](lambda cell: quote(" ".join(cell.split()), safe="-._~"))


def pieces(template: str) -> list[tuple[bool, str]]:
    """A template as (is it a column?, text)."""
    return [
        (True, piece[1:-1]) if piece[:1] == "{" else (False, piece)
        for piece in _TEMPLATE.split(template)
        if piece
    ]
