"""Whether a text is an IRI: asked where one is declared, so that nobody has to ask for each statement."""

from __future__ import annotations

import pyoxigraph as ox


def is_iri(text: str) -> bool:
    """Whether it is an absolute IRI as RFC 3987 has it."""
    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return True


def is_web_iri(text: str) -> bool:
    """Whether it is the address of something on the web."""
    scheme, colon, rest = text.partition("://")
    return scheme in {"http", "https"} and bool(colon and rest) and is_iri(text)
