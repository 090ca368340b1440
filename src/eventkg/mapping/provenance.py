"""What every fact of an import leads back to: data set, release, file and licence; and its code lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eventkg.mapping.compiling import Target
from eventkg.mapping.terms import iri, literal, part
from eventkg.model.naming import GRAPH, PREFIXES
from eventkg.sources.rules import columns_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventkg.sources.lookups import Lookup
    from eventkg.sources.manifest import Manifest

_SPDX = "https://spdx.org/licenses/"
_SHORT = 16  # hexadecimal digits of a file's hash that name it


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """A file that was read: its name, the SHA-256 of its bytes, the release it was taken for, its rows."""

    name: str
    sha256: str
    release: str
    read: int = 0
    imported: int = 0
    quarantined: int = 0


def target(manifest: Manifest, file: ImportedFile) -> Target:
    """Where the statements of a file go and to what they refer."""
    slug = f"{manifest.name}/{part(file.release)}/{file.sha256[:_SHORT]}"
    return Target(
        graph=GRAPH + manifest.name, dataset=iri(f"dataset/{slug}")[1:-1], file=iri(f"import/{slug}")[1:-1]
    )


def provenance(manifest: Manifest, file: ImportedFile) -> str:
    """The data set, the part of it that the file is, and the file, as N-Quads."""
    to = target(manifest, file)
    whole, dataset, document = iri(f"dataset/{manifest.name}"), f"<{to.dataset}>", f"<{to.file}>"
    facts = [
        *((whole, *fact) for fact in _general(manifest, manifest.version)),
        (whole, "skos:prefLabel", _english(manifest.title)),
        *((dataset, *fact) for fact in _general(manifest, file.release)),
        (dataset, "skos:prefLabel", _english(f"{manifest.title} {file.release}, {file.name}")),
        (dataset, "dcterms:isVersionOf", whole),
        (dataset, "ekg:release", literal(file.release)),
        (dataset, "ekg:readFrom", document),
        (document, "rdf:type", iri("ekg:ImportedFile")),
        (document, "skos:prefLabel", _english(file.name)),
        (document, "ekg:fileName", literal(file.name)),
        (document, "ekg:fileSha256", literal(file.sha256)),
        (document, "ekg:mappingSha256", literal(manifest.digest)),
        (document, "ekg:rowsRead", literal(str(file.read), "integer")),
        (document, "ekg:rowsImported", literal(str(file.imported), "integer")),
        (document, "ekg:rowsQuarantined", literal(str(file.quarantined), "integer")),
        *_claimant(manifest),
        *(fact for lookup in manifest.lookups.values() for fact in _scheme(lookup)),
    ]
    prefixes = {**PREFIXES, **manifest.prefixes}
    lines = (f"{s} {iri(p, prefixes)} {o} <{to.graph}> .\n" for s, p, o in facts)
    return "".join(dict.fromkeys(lines))


def _english(text: str) -> str:
    return literal(" ".join(text.split()), "", "en")


def _general(manifest: Manifest, release: str) -> Iterator[tuple[str, str]]:
    """What holds of the data set and of each part of it."""
    covered = manifest.covered(release)
    yield "rdf:type", iri("ekg:SourceDataset")
    yield "dcterms:publisher", literal(manifest.publisher)
    yield "dcterms:license", license_iri(manifest)
    yield "dcterms:bibliographicCitation", literal(" ".join(manifest.cited(release).split()))
    yield "ekg:shareAlike", literal(str(manifest.share_alike).lower(), "boolean")
    yield "ekg:redistributable", literal(str(manifest.redistributable).lower(), "boolean")
    yield "ekg:contests", literal(str(manifest.contests).lower(), "boolean")
    if manifest.homepage:
        yield "schema:url", iri(manifest.homepage)
    days = (("ekg:coversFrom", covered.start), ("ekg:coversTo", covered.end))
    words = (("ekg:unitOfAnalysis", covered.unit), ("ekg:inclusionCriterion", covered.inclusion))
    yield from ((name, literal(day, "date")) for name, day in days if day)
    yield from ((name, _english(text)) for name, text in words if text)
    if covered.place:
        yield "ekg:coversPlace", iri(covered.place[0])


def license_iri(manifest: Manifest) -> str:
    """SPDX's address of a licence, the publisher's own, or its name where it has none."""
    if manifest.license_url:
        return iri(manifest.license_url)
    return (
        literal(manifest.license)
        if manifest.license.startswith("LicenseRef-")
        else f"<{_SPDX}{manifest.license}>"
    )


def _claimant(manifest: Manifest) -> Iterator[tuple[str, str, str]]:
    """The maker of the data set, whose claims its rows are; and the places that releases cover."""
    if manifest.claim and not columns_of(manifest.claim.claimant):
        name = iri(manifest.claim.claimant, {**PREFIXES, **manifest.prefixes})
        yield name, "rdf:type", iri("ekg:Actor")
        yield name, "skos:prefLabel", _english(manifest.publisher)
    for covered in (manifest.coverage, *(release[0] for release in manifest.releases.values())):
        if covered.place:
            yield iri(covered.place[0]), "rdf:type", iri("ekg:Place")
            yield iri(covered.place[0]), "skos:prefLabel", _english(covered.place[1])


def _scheme(lookup: Lookup) -> Iterator[tuple[str, str, str]]:
    """A code list as a SKOS scheme, with where it was read."""
    if not lookup.scheme:
        return
    scheme = iri(lookup.scheme)
    yield scheme, "rdf:type", iri("skos:ConceptScheme")
    yield scheme, "skos:prefLabel", _english(lookup.title)
    yield scheme, "dcterms:source", literal(lookup.source)
    for concept in lookup.concepts:
        name = iri(f"{lookup.scheme}/{part(concept.code)}")
        yield name, "rdf:type", iri("skos:Concept")
        yield name, "skos:inScheme", scheme
        if concept.broader:
            yield name, "skos:broader", iri(f"{lookup.scheme}/{part(concept.broader)}")
        else:
            yield name, "skos:topConceptOf", scheme
        yield name, "skos:notation", literal(concept.notation)
        yield name, "skos:prefLabel", _english(concept.label)
        if concept.same:
            yield name, "skos:exactMatch", iri(concept.same)
