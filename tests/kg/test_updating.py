"""SPARQL updates of a store of ours: what is derived afterwards is what all of it would derive."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.kg.stores import copied, derived_from_scratch, in_graph, load, many_claims

from eventkg.kg.changing import Change
from eventkg.kg.updating import Update, update
from eventkg.model.naming import GRAPH_DERIVED
from eventkg.settings import Limits

if TYPE_CHECKING:
    from pathlib import Path

X = "PREFIX : <urn:x:> "
CLASS = "a ekg:ReportedEvent"


def a_few_claims(folder: Path) -> None:
    load(folder / "store", many_claims(folder / "claims.ttl", 3), graph="urn:g")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return copied(tmp_path, a_few_claims) / "store"


@pytest.mark.parametrize(
    ("text", "touched"),
    [
        ("INSERT DATA { :e0 rdfs:label 'a strike' }", {"urn:x:e0"}),
        ("DELETE WHERE { :e1 a ?class }", {"urn:x:e1"}),
        ("INSERT DATA { :new a ekg:ReportedEvent ; rdfs:label 'another' }", set()),
        ("INSERT DATA { :new a ekg:ReportedEvent } ; INSERT DATA { :new rdfs:label 'n' }", {"urn:x:new"}),
        ("INSERT { ?e rdfs:label 'x' } WHERE { ?e a ekg:ReportedEvent }", {f"urn:x:e{n}" for n in range(3)}),
        ("ADD <urn:g> TO <urn:h>", {f"urn:x:e{n}" for n in range(3)}),
        ("DELETE WHERE { :ministry0 ?p ?o }", {"urn:x:ministry0", "urn:x:p0"}),
        ("INSERT DATA { <urn:stranger> rdfs:label 'of no class of ours' }", set()),
    ],
)  # fmt: skip
def test_an_event_that_an_update_changes_is_marked_and_what_follows_is_derived(
    text: str, touched: set[str], store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[set[str]] = []
    derive = Change.derive

    def noted(change: Change) -> None:
        seen.append(set(change.touched))
        derive(change)

    monkeypatch.setattr(Change, "derive", noted)
    update(store, Update(X + text), Limits())
    assert len(seen) == 1
    assert seen[0] >= touched
    assert "urn:stranger" not in seen[0]
    assert in_graph(store, GRAPH_DERIVED) == derived_from_scratch(store)
