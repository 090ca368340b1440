"""Versions and backups: what this version cannot read is refused, what it can bring up to date it does."""

from __future__ import annotations

import gc
import json
import shutil
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
from tests.kg.stores import (
    copied,
    derived_from_scratch,
    dump,
    eventkg,
    in_graph,
    load,
    many,
    many_claims,
    state,
)

from eventkg.errors import DataError, UsageError
from eventkg.kg.keeping import backup, restore, upgrade
from eventkg.model.naming import GRAPH_DERIVED, GRAPH_ONTOLOGY
from eventkg.store import directory
from eventkg.store.versions import VERSIONS, read_versions
from eventkg.store.writer import Writer

if TYPE_CHECKING:
    from pathlib import Path


def a_few_claims(folder: Path) -> None:
    """A store with a few claims."""
    load(folder / "store", many_claims(folder / "claims.ttl", 3))


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return copied(tmp_path, a_few_claims) / "store"


def say(store: Path, **versions: Any) -> None:
    """Write other versions."""
    (store / "eventkg.json").write_text(json.dumps({**VERSIONS, **versions}))


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"format": 2}, "format 2 found, at most 1 expected; use a newer eventkg"),
    ({"ontology": "0.10.0"}, r"ontology 0\.10\.0 found, at most 0\.1\.0 expected; use a newer eventkg"),
    ({"derivation": 99}, r"derivation 99 found, at most \d+ expected; use a newer eventkg"),
    ({"ontology": "0.0.9"}, r"ontology 0\.0\.9 found, 0\.1\.0 expected; run eventkg upgrade -l \S+/store"),
    ({"derivation": 0}, r"derivation 0 found, \d+ expected; run eventkg upgrade -l \S+/store"),
    ({"format": "one"}, r"eventkg\.json: format 'one' found, 1 expected"),
    ({"format": None}, r"eventkg\.json: format None found, 1 expected"),
]


@pytest.mark.parametrize(("versions", "said"), REFUSED)
def test_a_store_of_another_version_is_neither_read_nor_written(
    versions: dict[str, Any], said: str, store: Path
) -> None:
    say(store, **versions)
    before = state(store)
    with pytest.raises(DataError, match=said):
        load(store, many(store.parent / "file.nt", 3))
    with pytest.raises(DataError, match=said) as refused:
        directory.hold_current(store)
    assert "\n" not in str(refused.value)
    assert state(store) == before


@pytest.mark.parametrize("text", ["", "[1]", "\x00\xff", '{"format": {}}', "[" * 100_000])
def test_garbage_for_versions_is_told_with_the_file(text: str, store: Path, tmp_path: Path) -> None:
    (store / "eventkg.json").write_text(text, encoding="latin-1")
    for verb in (("query", "ASK {}"), ("upgrade",), ("load", tmp_path / "claims.ttl")):
        code, out, error = eventkg(verb[0], "-l", store, *verb[1:])
        assert (code, out, error.count("\n")) == (1, "", 1), error
        assert f"{store / 'eventkg.json'}: " in error
        assert "expected" in error


def older(store: Path) -> list[str]:
    """A store as an older version would have left it, without the ontology and with other facts."""
    now = dump(store)
    with Writer(store) as writer:
        draft = writer.draft()
        content = directory.open_draft(draft, new=False)
        content.remove_graph(ox.NamedNode(GRAPH_ONTOLOGY))
        fact = ox.NamedNode("urn:old")
        content.add(ox.Quad(fact, fact, fact, ox.NamedNode(GRAPH_DERIVED)))
        content.flush()
        del content
        gc.collect()
        writer.publish(draft)
    say(store, derivation=0)
    return now


def test_an_upgrade_keeps_the_old_state_and_brings_ontology_and_facts_up_to_date(
    store: Path, tmp_path: Path
) -> None:
    now = older(store)
    old = dump(store)
    assert old != now
    assert upgrade(store, tmp_path / "kept")
    assert dump(store) == now
    assert in_graph(store, GRAPH_DERIVED) == derived_from_scratch(store)
    assert read_versions(store) == VERSIONS
    assert read_versions(tmp_path / "kept") == {**VERSIONS, "derivation": 0}
    assert sorted(f"{quad} ." for quad in directory.open_checkpoint(tmp_path / "kept" / "checkpoint")) == old
    with pytest.raises(DataError, match="derivation 0 found"):
        restore(tmp_path / "kept", store)
    assert not upgrade(store, tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_upgrade_says_where_the_old_state_is_and_does_nothing_twice(store: Path) -> None:
    older(store)
    code, out, error = eventkg("upgrade", "-l", store)
    assert (code, out, error) == (0, "", f"{store}: upgraded; the old state is in {store}.old\n")
    assert eventkg("upgrade", "-l", store) == (0, "", f"{store}: up to date\n")
    older(store)
    before = state(store)
    code, _, error = eventkg("upgrade", "-l", store, "--backup", f"{store}.old")
    assert (code, error) == (2, f"eventkg: {store}.old: exists already; a new folder expected\n")
    assert state(store) == before
    code, _, error = eventkg("upgrade", "-l", store)
    assert (code, error) == (0, f"{store}: upgraded; the old state is in {store}.old-2\n")
    assert not list(store.parent.glob(".*partial"))


def test_a_newer_store_is_not_upgraded(store: Path, tmp_path: Path) -> None:
    for versions in ({"format": 2}, {"derivation": 99}):
        say(store, **versions)
        before = state(store)
        with pytest.raises(DataError, match="use a newer eventkg"):
            upgrade(store, tmp_path / "kept")
        assert state(store) == before
        assert not (tmp_path / "kept").exists()


def test_a_backup_restored_is_the_same_in_every_statement(store: Path, tmp_path: Path) -> None:
    before = dump(store)
    assert eventkg("backup", "-l", store, tmp_path / "backup")[0] == 0
    load(store, many(tmp_path / "file.nt", 10))
    assert dump(store) != before
    assert eventkg("restore", "-l", store, tmp_path / "backup")[0] == 0
    assert dump(store) == before
    restore(tmp_path / "backup", tmp_path / "other")
    assert dump(tmp_path / "other") == before
    load(tmp_path / "other", tmp_path / "file.nt")
    assert in_graph(tmp_path / "other", GRAPH_DERIVED) == derived_from_scratch(tmp_path / "other")


def test_a_backup_overwrites_nothing_and_needs_a_store(store: Path, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    with pytest.raises(UsageError, match="there: exists already; a new folder expected"):
        backup(store, tmp_path / "there")
    with pytest.raises(DataError, match="no such directory"):
        backup(tmp_path / "none", tmp_path / "backup")
    assert not (tmp_path / "backup").exists()


def cut(folder: Path) -> None:
    """The largest table loses its end."""
    table = max((folder / "checkpoint").glob("*.sst"), key=lambda path: path.stat().st_size)
    table.write_bytes(table.read_bytes()[:-100])


def flip(folder: Path) -> None:
    """One byte in the middle of the largest table changes, which opening it would not show."""
    table = max((folder / "checkpoint").glob("*.sst"), key=lambda path: path.stat().st_size)
    data = bytearray(table.read_bytes())
    data[len(data) // 3] ^= 1
    table.write_bytes(data)


def lose_a_table(folder: Path) -> None:
    next((folder / "checkpoint").glob("*.sst")).unlink()


def lose_the_manifest(folder: Path) -> None:
    next((folder / "checkpoint").glob("MANIFEST-*")).unlink()


def lose_the_sums(folder: Path) -> None:
    (folder / "SHA256SUMS").unlink()


def lose_everything(folder: Path) -> None:
    shutil.rmtree(folder / "checkpoint")


@pytest.mark.parametrize(
    "damage", [cut, flip, lose_a_table, lose_the_manifest, lose_the_sums, lose_everything]
)
def test_a_damaged_backup_is_refused_and_the_store_is_as_it_was(
    damage: Any, store: Path, tmp_path: Path
) -> None:
    backup(store, tmp_path / "backup")
    load(store, many(tmp_path / "file.nt", 10))
    before = state(store)
    damage(tmp_path / "backup")
    with pytest.raises(DataError, match=r"backup: (damaged .*another|no) backup") as refused:
        restore(tmp_path / "backup", store)
    assert "\n" not in str(refused.value)
    assert state(store) == before


def test_what_is_no_backup_is_refused(store: Path, tmp_path: Path) -> None:
    before = state(store)
    for source in (tmp_path, store, tmp_path / "none"):
        with pytest.raises(DataError, match=f"{source}: no backup found; eventkg backup -l DIR"):
            restore(source, store)
    assert state(store) == before
