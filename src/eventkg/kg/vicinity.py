"""What a change touches: the nodes that have to be looked at again, and when it is too much to follow."""

from __future__ import annotations

import io
import re
from typing import IO, TYPE_CHECKING, cast

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Iterable

# Beyond this many nodes checking everything is about as fast as checking what was touched.
MAX_NODES = 20_000
ALL = "*"  # saved in place of subjects that are too many
_SUBJECT = re.compile(rb"(?m)^<([^>\n]*)>")
_SCHEMA = re.compile(
    rb"<http://www\.w3\.org/(?:2000/01/rdf-schema#(?:subClassOf|subPropertyOf|range)|2002/07/owl#)"
)


class Subjects:
    """Subjects of the statements that a change adds or removes; `everything` where they are too many.

    A change of classes or properties may concern anything, and counts as everything.
    """

    def __init__(self) -> None:
        self.found: set[str] = set()
        self.everything = False

    def add(self, subjects: Iterable[str]) -> None:
        """Take more of them."""
        for subject in subjects:
            self.found.add(subject)
            if len(self.found) > MAX_NODES:
                self.everything = True
                return

    def watch(self, stream: IO[bytes]) -> IO[bytes]:
        """A stream of N-Quads that passes through unchanged."""
        return cast("IO[bytes]", _Watching(stream, self))

    def saved(self) -> str:
        """As text, for another process."""
        return ALL if self.everything else "\n".join(self.found)

    def add_saved(self, text: str) -> None:
        """Take what another one has saved."""
        self.everything = self.everything or text == ALL
        self.add(filter(None, text.split("\n")))

    def read(self, lines: bytes) -> None:
        """Whole lines of N-Quads or N-Triples."""
        if self.everything:
            return
        self.add({iri.decode() for iri in _SUBJECT.findall(lines)})
        self.everything = self.everything or _SCHEMA.search(lines) is not None


class _Watching(io.RawIOBase):
    """Reads on and shows whole lines to the one who watches."""

    def __init__(self, source: IO[bytes], subjects: Subjects) -> None:
        self._source, self._subjects = source, subjects
        self._rest = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """As io has it."""
        block = self._source.read(size)
        if self._subjects.everything:
            return block
        whole, end, self._rest = (self._rest + block).rpartition(b"\n")
        self._subjects.read(whole + end if block else self._rest)
        return block


def vicinity(store: ox.Store, subjects: Subjects) -> set[str] | None:
    """The nodes at which a change can make a difference to a shape; None stands for all.

    These are the subjects of changed statements, what they point to over one or two statements (a claim, its
    proposition, the event whose facts follow from it), and whatever points to a subject. That is sound for
    shapes that look no further from their focus node than one statement, or along a path of statements of
    which the changed one is the first; the bundled shapes are like that but for a claim on a document whose
    own document changes, which the last of the three finds. A shape that looks further may keep quiet about
    an old node; `eventkg validate` looks at all of them.
    """
    if subjects.everything:
        return None
    near = set(subjects.found)
    edge = set(subjects.found)
    for _ in range(2):
        edge = {target for subject in edge for target in _targets(store, subject)} - near
        near |= edge
        if len(near) > MAX_NODES:
            return None
    for subject in subjects.found:
        for quad in store.quads_for_pattern(None, None, ox.NamedNode(subject), None):
            if isinstance(quad.subject, ox.NamedNode):
                near.add(quad.subject.value)
        if len(near) > MAX_NODES:
            return None
    return near


def _targets(store: ox.Store, subject: str) -> Iterable[str]:
    for quad in store.quads_for_pattern(ox.NamedNode(subject), None, None, None):
        if isinstance(quad.object, ox.NamedNode):
            yield quad.object.value
