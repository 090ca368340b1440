"""A query as it travels to a worker, and the forms and formats of its answer."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import NamedTuple

_ENCODER = json.JSONEncoder()


class Format(NamedTuple):
    """A serialisation: pyoxigraph's name for it and its media type."""

    engine_name: str
    media_type: str


# Names are those of --format; the first media type is the one that is sent.
SOLUTIONS = {
    "json": Format("JSON", "application/sparql-results+json"),
    "xml": Format("XML", "application/sparql-results+xml"),
    "csv": Format("CSV", "text/csv"),
    "tsv": Format("TSV", "text/tab-separated-values"),
}
GRAPHS = {
    "ttl": Format("TURTLE", "text/turtle"),
    "nt": Format("N_TRIPLES", "application/n-triples"),
    "jsonld": Format("JSON_LD", "application/ld+json"),
    "rdfxml": Format("RDF_XML", "application/rdf+xml"),
}
DATASETS = {
    "nq": Format("N_QUADS", "application/n-quads"),
    "trig": Format("TRIG", "application/trig"),
}


@dataclass(frozen=True, slots=True)
class Job:
    """One query. `solutions` and `graph` name the format wanted for either form; "" where none is acceptable.

    An empty `default_graphs` means the union of all stored graphs. `bindings` are (text, datatype, language).
    A `plain` query sees the dataset as it is stored and none of our prefixes; `base` resolves relative IRIs.
    `fillings` are what `federation.filled` puts in place of SERVICE clauses.
    `dataset` names a format in which everything stored is wanted, with its graphs, in place of a query.
    The rows of an answer are told with its end where they are to be `counted`.
    """

    query: str
    solutions: str = "json"
    graph: str = "ttl"
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    bindings: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    plain: bool = False
    base: str = ""
    dataset: str = ""
    fillings: dict[str, str] = field(default_factory=dict)
    counted: bool = True
    _wire: list[bytes] = field(default_factory=list, init=False, repr=False, compare=False)

    def to_bytes(self) -> bytes:
        """For the wire: what is not as it would be anyway."""
        if not self._wire:
            told = {name: value for name, usual in _USUAL if (value := getattr(self, name)) != usual}
            self._wire.append(_ENCODER.encode({"query": self.query, **told}).encode("ascii"))
        return self._wire[0]

    @classmethod
    def from_bytes(cls, payload: bytes) -> Job:
        """The inverse of `to_bytes`."""
        return cls(**json.loads(payload))


_USUAL = [(name, getattr(Job(""), name)) for name in Job.__slots__ if name not in {"query", "_wire"}]


@dataclass(frozen=True, slots=True)
class Head:
    """What is known before the first byte: solutions, boolean or graph; `length` is -1 if more follows."""

    form: str
    media_type: str
    length: int

    def to_bytes(self) -> bytes:
        """For the wire."""
        return f"{self.form} {self.length} {self.media_type}".encode()

    @classmethod
    def from_bytes(cls, payload: bytes) -> Head:
        """The inverse of `to_bytes`."""
        form, length, media_type = payload.decode().split(" ", 2)
        return cls(form, media_type, int(length))
