"""RDF 1.2: propositions as reifiers of the statements that they are about.

Source: RDF 1.2 Concepts, "Triple terms and reification": `reifier rdf:reifies <<( s p o )>>` asserts nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventkg.model.naming import EKG, RDF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_ABOUT, _PREDICATE = f"<{EKG}about>".encode(), f"<{EKG}predicate>".encode()
_OBJECTS = {f"<{EKG}object>".encode(), f"<{EKG}value>".encode()}
_REIFIES = f"<{RDF}reifies>".encode()
_PARTS = (_ABOUT, _PREDICATE, *_OBJECTS)


def with_reifiers(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Blocks of N-Triples in order of subjects; after the statements of a proposition, what it reifies."""
    subject, parts = b"", dict[bytes, bytes]()
    for block in blocks:
        made: list[bytes] = []
        for line in block.splitlines(keepends=True):
            name, predicate, rest = line.split(b" ", 2)
            if name != subject:
                made += _reified(subject, parts)
                subject, parts = name, {}
            if predicate in _PARTS:
                parts[_ABOUT if predicate == _ABOUT else predicate] = rest[:-3]
            made.append(line)
        yield b"".join(made)
    yield b"".join(_reified(subject, parts))


def _reified(subject: bytes, parts: dict[bytes, bytes]) -> Iterator[bytes]:
    """One for every object, in their order; nothing where about or predicate are missing."""
    about, predicate = parts.get(_ABOUT, b""), parts.get(_PREDICATE, b"")
    if about.startswith(b"<") and predicate.startswith(b"<"):
        for name in sorted(_OBJECTS & parts.keys()):
            yield b"%s %s <<( %s %s %s )>> .\n" % (subject, _REIFIES, about, predicate, parts[name])
