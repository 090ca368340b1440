"""A folder of files described as an RO-Crate: what each is, its checksum, whose data, made how.

Source: RO-Crate Metadata Specification 1.1; the terms are those of schema.org in its context.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from eventkg.export.about import short_licence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from eventkg.export.about import About, Credit

    Entity = dict[str, object]

METADATA, SUMS = "ro-crate-metadata.json", "checksums.sha256"
_PROFILE = "https://w3id.org/ro/crate/1.1"
_SOFTWARE, _ACTION = "#eventkg", "#export"
_MAKERS = {"author": "Person", "publisher": "Organization"}
_MEDIA = {
    "ttl": "text/turtle",
    "csv": "text/csv",
    "json": "application/json",
    "rq": "application/sparql-query",
    "md": "text/markdown",
    "yml": "application/yaml",
    "sha256": "text/plain",
}


class Member(NamedTuple):
    """A file in the bundle: its path within it, what it is, its size in bytes, its SHA-256."""

    path: str
    name: str
    size: int
    sha256: str


class Making(NamedTuple):
    """How a bundle was made: the version of eventkg, the day, the command's queries (paths within it).

    `author` is the name of the person who hands it over, `publisher` that of an organization.
    """

    version: str
    day: str
    queries: Sequence[str]
    author: str = ""
    publisher: str = ""


def metadata(members: Sequence[Member], about: About, making: Making) -> bytes:
    """ro-crate-metadata.json: the same files have the same description."""
    sources = {_source_id(credit): credit for credit in about.credits}
    graph = [
        {
            "@id": METADATA,
            "@type": "CreativeWork",
            "conformsTo": {"@id": _PROFILE},
            "about": {"@id": "./"},
        },
        _root(members, about, making, sources),
        *(_file(member) for member in members),
        *(_licence(licence) for licence in about.licences),
        *_makers(making),
        *(_source(identifier, credit) for identifier, credit in sources.items()),
        {"@id": about.view, "@type": "CreativeWork", "name": f"Policy {about.view}"},
        {
            "@id": _SOFTWARE,
            "@type": "SoftwareApplication",
            "name": "eventkg",
            "version": making.version,
            "softwareVersion": making.version,
            "url": "https://w3id.org/eventkg/ontology",
        },
        {
            "@id": _ACTION,
            "@type": "CreateAction",
            "name": "Export of a bundle",
            "description": "; ".join(filter(None, [f"state {about.snapshot}", f"view {about.view}"])),
            "endTime": making.day,
            "instrument": {"@id": _SOFTWARE},
            "object": [*_refs(sources), {"@id": about.view}, *_refs(making.queries)],
            "result": _refs(member.path for member in members),
        },
    ]
    document = {"@context": f"{_PROFILE}/context", "@graph": graph}
    return json.dumps(document, ensure_ascii=False, indent=2).encode("utf-8", "replace") + b"\n"


def _root(members: Sequence[Member], about: About, making: Making, sources: dict[str, Credit]) -> Entity:
    left = (
        f" Left out, because it may not be passed on: {', '.join(about.left_out)}." if about.left_out else ""
    )
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": about.title,
        "description": f"Military events and who claims them, in the world of the policy {about.view}.{left}",
        "datePublished": making.day,
        "license": _refs(about.licences) or [{"@id": "LICENCES.md"}],
        "isBasedOn": _refs(sources),
        "publishingPrinciples": {"@id": about.view},
        **{role: {"@id": f"#{role}"} for role in _MAKERS if getattr(making, role)},
        "mentions": {"@id": _ACTION},
        "hasPart": _refs(member.path for member in members),
    }


def _makers(making: Making) -> list[Entity]:
    """Who answers for it, as far as that was said."""
    return [
        {"@id": f"#{role}", "@type": kind, "name": name}
        for role, kind in _MAKERS.items()
        if (name := getattr(making, role))
    ]


def _refs(identifiers: Iterable[str]) -> list[dict[str, str]]:
    return [{"@id": identifier} for identifier in identifiers]


def _file(member: Member) -> Entity:
    return {
        "@id": member.path,
        "@type": "File",
        "name": member.name,
        "encodingFormat": _MEDIA[member.path.rpartition(".")[2]],
        "contentSize": str(member.size),
        "sha256": member.sha256,
    }


def _licence(licence: str) -> Entity:
    return {"@id": licence, "@type": "CreativeWork", "name": short_licence(licence)}


def _source_id(credit: Credit) -> str:
    """Its data set where it has one; its graph, and which part of it, else."""
    return credit.dataset or f"{credit.graph}#{quote(credit.name)}"


def _source(identifier: str, credit: Credit) -> Entity:
    told = {"version": credit.release, "creditText": credit.citation, "url": credit.homepage}
    return {
        "@id": identifier,
        "@type": "CreativeWork",
        "name": credit.name,
        **({"license": {"@id": credit.licence}} if credit.licence else {}),
        **{name: text for name, text in told.items() if text},
    }


def checksums(members: Iterable[Member]) -> bytes:
    """As sha256sum writes and checks them."""
    return "".join(f"{member.sha256}  {member.path}\n" for member in members).encode()


def licences(about: About) -> bytes:
    """Whose data are in it, under which licences, and how to cite them, for a person."""
    lines = ["# Licences and citations", "", "Whoever passes this on passes these on as well.", ""]
    for credit in about.credits:
        lines.append(f"- {' '.join(str(credit).split())}")
        lines += [f"  <{address}>" for address in (credit.licence, credit.homepage) if "://" in address]
    if about.left_out:
        lines += ["", f"Left out, because it may not be passed on: {', '.join(about.left_out)}."]
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")


def readme(about: About, making: Making) -> bytes:
    """What a recipient can do with it."""
    state = [f"- the state of the graph: {about.snapshot}"] if about.snapshot else []
    return "\n".join(
        [
            f"# {about.title}",
            "",
            f"Made by eventkg {making.version}. It holds who claims what about military events, and what",
            "follows under one policy:",
            "",
            f"- the policy: <{about.view}>, in words in `policy.json`",
            *state,
            *(f"- {role}: {' '.join(name.split())}" for role in _MAKERS if (name := getattr(making, role))),
            "- the statements, a Turtle file a graph: `statements/`",
            "- events and claims as tables, with the meaning of every column beside them: `tables/`",
            "- the queries behind the tables and those asked: `queries/`; what they answer: `answers/`",
            "- licences and citations: `LICENCES.md`; what each file is: `ro-crate-metadata.json`",
            "",
            "To see that nothing was changed: `sha256sum -c checksums.sha256`. To check a finding, load the",
            "Turtle files into any RDF store and ask the queries again; `statements/derived.ttl` holds what",
            "follows from the claims under the policy, so the claims behind a fact can be read beside it.",
            "",
        ]
    ).encode()
