"""Our own queries, one titled file each; values are bound, never pasted in."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from eventkg.model.naming import BASE, PREFIXES

_FOLDER = Path(__file__).parent / "queries"


@cache
def named_query(name: str) -> str:
    """The text of queries/NAME.rq."""
    return (_FOLDER / f"{name}.rq").read_text(encoding="utf-8")


def title(query: str) -> str:
    """The first comment line: what the query asks, in words."""
    first = query.partition("\n")[0]
    return first.removeprefix("#").strip()


def for_editors(dataset: str) -> str:
    """Turtle: example queries and our prefixes, as SPARQL editors look for them, declared by `dataset`."""
    parts = [
        f"<{BASE}example/{name}> a sh:SPARQLExecutable, sh:SPARQLSelectExecutable ;\n"
        f"    rdfs:label {_text(title(query))}@en ; rdfs:comment {_text(title(query))}@en ;\n"
        f"    sh:select {_text(_with_prefixes(query))} ; schema:target <{dataset}> .\n"
        for name, query in zip(example_names(), examples(), strict=True)
    ]
    for prefix, namespace in sorted(PREFIXES.items()):
        iri = f"<{BASE}prefix/{prefix}>"
        parts.append(f"<{dataset}> sh:declare {iri} .\n")
        parts.append(
            f"{iri} a sh:PrefixDeclaration ; sh:prefix {_text(prefix)} ;"
            f" sh:namespace {_text(namespace)}^^xsd:anyURI .\n"
        )
    return "".join(parts)


def _with_prefixes(query: str) -> str:
    used = (f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items() if f"{prefix}:" in query)
    return "".join(used) + query


def _text(value: str) -> str:
    """As Turtle has it; JSON's escapes are a part of Turtle's."""
    return json.dumps(value, ensure_ascii=False)


@cache
def example_names() -> tuple[str, ...]:
    """The names of the example queries' files, in their order."""
    return tuple(path.stem for path in sorted((_FOLDER / "examples").glob("*.rq")))


@cache
def examples() -> tuple[str, ...]:
    """The published example queries, in the order of their file names."""
    return tuple(path.read_text(encoding="utf-8") for path in sorted((_FOLDER / "examples").glob("*.rq")))
