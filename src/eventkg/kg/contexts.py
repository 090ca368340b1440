"""Quotations with the words around them, where the text of the document is in the graph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eventkg.kg.dossier import rows
from eventkg.store.terms import text

if TYPE_CHECKING:
    from eventkg.kg.graph import KnowledgeGraph
    from eventkg.kg.ledger import Ledger
    from eventkg.kg.policies import View

REACH = 160  # characters before and after, as in quoted_texts.rq


@dataclass(frozen=True, slots=True)
class Context:
    """What stands before and after a quotation in the text of a document (an IRI)."""

    document: str
    before: str
    after: str


def contexts(graph: KnowledgeGraph, ledger: Ledger, view: View | None = None) -> dict[str, Context]:
    """The words around each claim's quotation, by the claim's IRI.

    Where the words are not at their place in the text, it is another text: nothing is shown.
    """
    quoted = {voice.claim: voice.quotation for row in ledger.rows for voice in row.claims if voice.quotation}
    if not quoted:
        return {}
    found: dict[str, Context] = {}
    for row in rows(graph, "quoted_texts", view, subject=ledger.subject.iri)[1]:
        claim, start = text(row["claim"]), int(text(row["before"]))
        words, quotation = text(row["words"]), quoted.get(claim, "")
        if quotation and words[start : start + len(quotation)] == quotation:
            after = words[start + len(quotation) :]
            found[claim] = Context(text(row["document"]), _whole(words[:start], end=True), _whole(after))
    return found


def _whole(words: str, *, end: bool = False) -> str:
    """Without the part of a word at the far side of what was cut off, and an ellipsis in its place."""
    if len(words) < REACH:
        return words
    if end:
        return "…" + words[words.find(" ") :]
    return words[: words.rfind(" ") + 1] + "…"
