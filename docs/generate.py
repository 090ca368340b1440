"""Write the generated pages again: docs/cli.md, docs/terms.md, docs/images/network.svg.

Run with `make docs`; a test compares what is committed with what this writes.
"""

from __future__ import annotations

import io
from pathlib import Path

import click

import eventkg
from eventkg.cli import cli
from eventkg.export.picture import draw
from eventkg.model.naming import DEFAULT_POLICY, EKG, shorten
from eventkg.query.answers import Solutions

DOCS = Path(__file__).parent
_KINDS = {
    "Classes": "owl:Class",
    "Object properties": "owl:ObjectProperty",
    "Datatype properties": "owl:DatatypeProperty",
    "Individuals": "owl:NamedIndividual",
}
_TERMS = """
SELECT ?term ?label ?definition (GROUP_CONCAT(DISTINCT ?note; separator=" ") AS ?notes)
WHERE {
  GRAPH graph:ontology {
    ?term a %s ; skos:prefLabel ?label ; skos:definition ?definition
    OPTIONAL { ?term skos:scopeNote ?note }
  }
  FILTER(STRSTARTS(STR(?term), STR(ekg:)))
}
GROUP BY ?term ?label ?definition
ORDER BY ?term
"""


def command_page() -> str:
    """Every verb's help, as a terminal of 100 columns shows it."""
    parts = ["# Commands\n\nGenerated from `eventkg VERB --help` by `make docs`.\n"]
    with cli.make_context("eventkg", [], resilient_parsing=True, terminal_width=100) as top:
        parts.append(_help("eventkg", cli, top))
        for name in cli.list_commands(top):
            verb = cli.get_command(top, name)
            if verb is not None:
                with click.Context(verb, info_name=name, parent=top, terminal_width=100) as context:
                    parts.append(_help(f"eventkg {name}", verb, context))
                    parts += _subcommands(verb, context)
    return "\n".join(parts)


def _subcommands(verb: click.Command, context: click.Context) -> list[str]:
    if not isinstance(verb, click.Group):
        return []
    found = []
    for name in verb.list_commands(context):
        if command := verb.get_command(context, name):
            with click.Context(command, info_name=name, parent=context, terminal_width=100) as inner:
                found.append(_help(inner.command_path, command, inner))
    return found


def _help(title: str, command: click.Command, context: click.Context) -> str:
    return f"## {title}\n\n```text\n{command.get_help(context)}\n```\n"


def terms_page(graph: eventkg.KnowledgeGraph) -> str:
    """Every term of the ontology with its definition and scope note."""
    parts = [
        (
            "# Terms\n\nGenerated from `ontology/eventkg.ttl` by `make docs`. The prefix `ekg:` is\n"
            f"`{EKG}`; sub-classes and sub-properties are in the file.\n"
        )
    ]
    for heading, kind in _KINDS.items():
        rows = graph.query(_TERMS % kind)
        if not isinstance(rows, Solutions):
            raise TypeError(f"{kind}: a SELECT expected")
        parts.append(f"## {heading}\n\n| term | definition |\n|---|---|")
        parts += [_term_row(row["term"], row["definition"], row["notes"]) for row in rows]
        parts.append("")
    return "\n".join(parts)


def _term_row(term: str, definition: str, notes: str) -> str:
    text = f"{definition} *{notes}*" if notes else definition
    return f"| `{shorten(term)}` | {' '.join(text.split()).replace('|', chr(92) + '|')} |"


def picture(graph: eventkg.KnowledgeGraph) -> bytes:
    """The actor/strike network of the seed."""
    target = io.BytesIO()
    draw(graph.to_networkx(), target, form="svg", caption=f"view {DEFAULT_POLICY}")
    return target.getvalue()


def pages() -> dict[Path, bytes]:
    """Each generated file with its content."""
    with eventkg.open() as graph:
        return {
            DOCS / "cli.md": command_page().encode(),
            DOCS / "terms.md": terms_page(graph).encode(),
            DOCS / "images" / "network.svg": picture(graph),
        }


if __name__ == "__main__":
    for path, content in pages().items():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
