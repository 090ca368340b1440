"""The seed's claims, written as a claims file: whatever the seed says can be said in one."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.model.naming import BASE, EKG, RDF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Term = ox.NamedNode | ox.Literal
    Node = dict[str, list[Term]]

ROOT = Path(__file__).parents[2]
SEED = ROOT / "data" / "seed"
CLAIMS = sorted(SEED.glob("claims-*.ttl"))
DOCUMENT = f"{BASE}id/document/2017-01-23-joint-mission-article"
_OBJECTS = {"place": "place", "within": "place", "basedAt": "place", "inSeries": "series"}
_OBJECTS |= {"usedEquipment": "equipment", "partOf": "event", "enabled": "event", "precedes": "event"}
_HEAD = """document: {id: made-of-quotations, title: Quotations of the seed, text: quotations.txt}
defaults: {recordedOn: 2026-11-22}
"""


def triples() -> set[tuple[ox.NamedNode, ox.NamedNode, Term]]:
    """What the seed's claims files say."""
    return {(q.subject, q.predicate, q.object) for path in CLAIMS for q in ox.parse(path=str(path))}


def text() -> str:
    """A text of the article's length, of nothing but its quotations, each where it stands there."""
    characters = ["."] * 3494
    for node in _nodes().values():
        for quotation in node.get("quotation", ()):
            start = int(node["quoteStart"][0].value)
            characters[start : start + len(quotation.value)] = quotation.value
    return "".join(characters)


def claims_file() -> str:
    """All propositions and claims, each spelled out by name."""
    nodes = _nodes()
    lines = ["propositions:"]
    for iri, node in nodes.items():
        if _is(node, "Proposition"):
            lines += _proposition(iri, node, nodes)
    lines.append("claims:")
    for iri, node in nodes.items():
        if _is(node, "Claim"):
            lines += _claim(iri, node)
    return _HEAD + "\n".join(lines) + "\n"


def _nodes() -> dict[str, Node]:
    nodes: dict[str, Node] = defaultdict(lambda: defaultdict(list))
    for path in CLAIMS:
        for quad in ox.parse(path=str(path)):
            local = quad.predicate.value.removeprefix(EKG).rpartition("/")[2]
            nodes[quad.subject.value][local].append(quad.object)
    return nodes


def _is(node: Node, cls: str) -> bool:
    return ox.NamedNode(EKG + cls) in node[f"{RDF}type".rpartition("/")[2]]


def _proposition(iri: str, node: Node, nodes: dict[str, Node]) -> Iterator[str]:
    predicate = node["predicate"][0].value
    key = "type" if predicate == f"{RDF}type" else predicate.removeprefix(EKG)
    yield f"  {_slug(iri)}:"
    yield f"    about: {_name(node['about'][0], 'event')}"
    yield f"    {key}: {_value(node, key)}"
    for name in ("count", "ordinal"):
        yield from (f"    {name}: {number.value}" for number in node[name])
    if node["equipment"]:
        counted = (nodes[part.value] for part in node["equipment"])
        parts = ", ".join(f"{_slug(c['equipmentType'][0].value)}: {c['count'][0].value}" for c in counted)
        yield f"    equipment: {{{parts}}}"
    if node["contradicts"]:
        yield "    contradicts:"
        bases = [basis.value.rpartition("/")[2] for basis in node["contradictionBasis"]]
        for rival in node["contradicts"]:
            same = predicate == nodes[rival.value]["predicate"][0].value
            basis = bases[0] if len(bases) == 1 else "functional-value" if same else "entailment"
            yield f"    - {{with: {_slug(rival.value)}, basis: {basis}}}"


def _value(node: Node, key: str) -> str:
    if node["object"]:
        return _name(node["object"][0], _OBJECTS.get(key, "actor"))
    (value,) = node["value"]
    return value.value if value.value[:4].isdecimal() or value.value.isdecimal() else json.dumps(value.value)


def _claim(iri: str, node: Node) -> Iterator[str]:
    yield f"- id: {_slug(iri)}"
    for key in ("claimant", "spokenBy", "attributedTo", "proposition", *_LINKS, "mentions"):
        if node[key]:
            kind = "actor" if key in {"claimant", "spokenBy", "attributedTo"} else "claim"
            kind = "proposition" if key == "proposition" else kind
            many = key not in {"claimant", "spokenBy", "mentions"}
            yield f"  {'propositions' if key == 'proposition' else key}: {_names(node[key], kind, many=many)}"
    for key in ("stance", "attributedStance"):
        yield from (f"  {key}: {stance.value.removeprefix(EKG).lower()}" for stance in node[key])
    for key in ("claimantRelation", "rootStatus", "modality"):
        yield from (f"  {key}: {code.value.rpartition('/')[2]}" for code in node[key])
    for key in ("claimedOn", "claimedNotAfter", "heldAsOf", "quoteStart"):
        yield from (f"  {key}: {value.value}" for value in node[key])
    for key in ("claimantAsStated", "dateAsStated", "quotation", "interpretation"):
        yield from (f"  {key}: {json.dumps(value.value)}" for value in node[key])


_LINKS = ("relays", "respondsTo", "corrects", "supersedes", "precedes")


def _names(terms: Iterable[Term], kind: str, *, many: bool) -> str:
    names = [_name(term, kind) for term in terms]
    return f"[{', '.join(names)}]" if many else names[0]


def _name(term: Term, kind: str) -> str:
    """Without its kind where that is plain from where it stands."""
    found, _, slug = term.value.removeprefix(f"{BASE}id/").partition("/")
    if not term.value.startswith(f"{BASE}id/"):
        return term.value.removeprefix(EKG).rpartition("/")[2]
    return slug if found == kind else f"{found}:{slug}"


def _slug(iri: str) -> str:
    return iri.removeprefix(f"{BASE}id/").partition("/")[2]
