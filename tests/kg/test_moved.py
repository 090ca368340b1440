"""Contested facts of data sets in a store on disk: through loads, re-imports and deletions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from tests.kg.stores import derived_from_scratch, dump, in_graph, load
from tests.kg.test_ledger import PREFIXES, read

import eventkg
from eventkg.checking.findings import Report
from eventkg.cli import cli
from eventkg.errors import UsageError
from eventkg.kg import adding
from eventkg.kg.adding import Addition
from eventkg.kg.consequences import Fact
from eventkg.kg.loading import delete_graph
from eventkg.model.naming import GRAPH_DERIVED, GRAPH_MOVED
from eventkg.settings import Limits

if TYPE_CHECKING:
    from pathlib import Path

_ROWS = """GRAPH :rows {
    :e a ekg:Event , ekg:AirStrike ; ekg:performedBy :army ; ekg:deathsBest 5 .
    :row a ekg:Claim ; ekg:claimant <https://w3id.org/eventkg/id/actor/maker> ; ekg:stance ekg:Asserts ;
        ekg:conveys :e ; ekg:foundIn :report .
}"""
_DENIAL = """
    :p a ekg:Proposition ; ekg:about :e ; ekg:predicate ekg:performedBy ; ekg:object :army .
    :no a ekg:Claim ; ekg:claimant :army ; ekg:stance ekg:Denies ; ekg:proposition :p ."""
_FACT = "<urn:x:e> <https://w3id.org/eventkg/ontology#performedBy> <urn:x:army> <urn:x:rows> ."
_CONTESTING = """
    :e ekg:fromDataset :set . :set a ekg:SourceDataset ; ekg:contests true .
    :q a ekg:Proposition ; ekg:about :e ; ekg:predicate ekg:performedBy ; ekg:object :rebels ;
        ekg:contradicts :p .
    :other a ekg:Claim ; ekg:claimant :rebels ; ekg:stance ekg:Asserts ; ekg:proposition :q ."""
_RETRACTION = ":sorry a ekg:Claim ; ekg:claimant :army ; ekg:stance ekg:Retracts ; ekg:respondsTo :no ."


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    texts = {"rows.trig": _ROWS, "denial.ttl": _DENIAL, "retraction.ttl": _RETRACTION}
    texts["rows-without.trig"] = _ROWS.replace("ekg:performedBy :army ; ", "")
    for name, text in texts.items():
        (tmp_path / name).write_text(PREFIXES + text, encoding="utf-8")
    return {name: tmp_path / name for name in texts}


@pytest.mark.slow
def test_a_contested_fact_goes_comes_back_and_goes_again(tmp_path: Path, files: dict[str, Path]) -> None:
    store = tmp_path / "store"
    load(store, files["rows.trig"])
    assert _FACT in dump(store)
    load(store, files["denial.ttl"], graph="urn:x:denial")
    contested = dump(store)
    assert _FACT not in contested
    load(store, files["rows.trig"])  # imported again
    assert dump(store) == contested
    load(store, files["rows.trig"], graph="urn:x:rows", replace=True)
    assert dump(store) == contested
    load(store, files["retraction.ttl"], graph="urn:x:later")
    assert _FACT in dump(store)
    assert not in_graph(store, GRAPH_MOVED)
    delete_graph(store, "urn:x:later")
    assert dump(store) == contested
    assert in_graph(store, GRAPH_DERIVED) == derived_from_scratch(store)
    load(store, files["rows-without.trig"], graph="urn:x:rows", replace=True)  # the row says it no more
    assert not in_graph(store, GRAPH_MOVED)
    delete_graph(store, "urn:x:denial")
    assert _FACT not in dump(store)
    assert len(in_graph(store, "urn:x:rows")) == 8


@pytest.mark.slow
def test_a_claims_file_contests_what_a_data_set_says(
    tmp_path: Path, files: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "validate", lambda *_: Report(conforms=True, findings=()))
    store = tmp_path / "store"
    load(store, files["rows.trig"])
    lost = Fact("urn:x:e", "performedBy", "urn:x:army")
    denied = adding.add(store, Addition((files["denial.ttl"],)), Limits())
    assert (denied.consequences.gained, denied.consequences.lost) == ((), (lost,))
    assert _FACT not in dump(store)
    retracted = adding.add(store, Addition((files["retraction.ttl"],)), Limits())
    assert (retracted.consequences.gained, retracted.consequences.lost) == ((lost,), ())
    assert _FACT in dump(store)
    (tmp_path / "set.ttl").write_text(PREFIXES + _CONTESTING, encoding="utf-8")
    adding.add(store, Addition((tmp_path / "set.ttl",)), Limits())
    assert in_graph(store, GRAPH_DERIVED) == derived_from_scratch(store)


@pytest.mark.slow
def test_what_was_moved_cannot_be_deleted_and_is_explained(tmp_path: Path, files: dict[str, Path]) -> None:
    store = tmp_path / "store"
    load(store, files["rows.trig"], files["denial.ttl"])
    with pytest.raises(UsageError, match="nobody but eventkg writes"):
        delete_graph(store, GRAPH_MOVED)
    with eventkg.open(store) as graph:
        (found,) = graph.why("urn:x:e", "performedBy")
        (row,) = found.rows
        assert (found.fact, [voice.claim for voice in row.claims]) == (False, ["urn:x:row", "urn:x:no"])
        (told,) = graph.why("urn:x:e", "performedBy", "claimant/maker")
        assert (told.fact, len(told.rows[0].claims)) == (True, 2)
        (lone,) = graph.why("urn:x:e", "deathsBest", "corroborated")
        assert (lone.fact, lone.reason) == (
            *(False, "no fact in corroborated: 1 independent speaker behind it, more are asked for"),
        )


def test_relays_in_a_circle_are_shown_as_such(tmp_path: Path) -> None:
    circle = """:p a ekg:Proposition ; ekg:about :e ; ekg:predicate ekg:performedBy ; ekg:object :army .
    :a a ekg:Claim ; ekg:claimant :agency ; ekg:stance ekg:Relays ; ekg:proposition :p ; ekg:relays :b .
    :b a ekg:Claim ; ekg:claimant :outlet ; ekg:stance ekg:Relays ; ekg:relays :a ."""
    with read(tmp_path, circle, "circle.ttl") as graph:
        (row,) = graph.claims("urn:x:e").rows
        assert [(voice.circular, voice.roots) for voice in row.claims] == [(True, ())] * 2
        assert graph.relay_circles() == [("urn:x:a", "urn:x:b"), ("urn:x:b", "urn:x:a")]
    done = CliRunner().invoke(cli, ["derive", str(tmp_path / "circle.ttl")])
    assert "urn:x:a relays urn:x:b in a circle: no speaker behind them" in done.stderr
