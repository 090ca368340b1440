"""Imports that are validated: when, and what becomes of the rows; and a store that cannot take them."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.kg.stores import drafts, eventkg
from tests.kg.tables import events, imported, row, source, table

from eventkg.checking.findings import Finding, Report, report
from eventkg.errors import DataError, MemoryLimitError
from eventkg.kg import loading
from eventkg.kg.importing import Import, import_tables
from eventkg.settings import Limits
from eventkg.store import bulkload
from eventkg.store.versions import is_store

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def raids(tmp_path: Path) -> Path:
    return source(tmp_path / "raids")


def test_an_import_of_few_rows_is_validated(raids: Path, tmp_path: Path) -> None:
    code, out, error = eventkg(
        "import", raids, "-l", tmp_path / "s", table(tmp_path / "t.csv", row("a", low=5)), folder=tmp_path
    )
    assert (code, out) == (0, "")
    assert "1 rows read = 1 imported + 0 quarantined (raids 1)" in error
    assert "low estimate of deaths is above the high one" in error
    assert "0 violations" in error
    assert f"they are in {tmp_path / 's'}; now they are validated\n" in error


def test_rows_are_in_the_store_before_they_are_validated_unless_findings_refuse_them(
    raids: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = list[int]()
    found = report([Finding("s", "c", "urn:x", None, None, "Odd.", "Warning")])

    def look(place: Path, *_: object) -> Report:
        there.append(len(events(place)))
        return found

    def draft(*_: object) -> Report:
        there.append(len(events(target)) if is_store(target) else 0)
        return found

    target, file = tmp_path / "s", table(tmp_path / "t.csv", row("a"), row("b"))
    monkeypatch.setattr(loading, "check_current", look)
    monkeypatch.setattr(loading, "check_draft", draft)
    wanted, told = Import(str(raids), (str(file),)), list[int]()
    assert import_tables(target, replace(wanted, dry_run=True), Limits()).report is found
    with pytest.raises(DataError, match=r"1 findings, e\.g\. urn:x: Odd"):
        import_tables(target, replace(wanted, strict=True), Limits())
    done = import_tables(target, wanted, Limits(), published=lambda _: told.append(len(events(target))))
    assert (done.report, there, told) == (found, [0, 0, 2], [2])


def test_rows_that_cannot_be_validated_are_in_the_store_all_the_same(
    raids: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def give_up(*_: object) -> Report:
        raise MemoryLimitError(7)

    monkeypatch.setattr(loading, "check_current", give_up)
    file = table(tmp_path / "t.csv", row("a"))
    done = import_tables(tmp_path / "s", Import(str(raids), (str(file),)), Limits())
    assert done.report is None
    assert "the memory limit of 7 MiB" in done.unchecked
    assert len(events(tmp_path / "s")) == 1


def test_what_stops_the_store_from_taking_rows_is_told_and_nothing_is_left(
    raids: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as a process that fills it and cannot start."""
    store, file = tmp_path / "s", table(tmp_path / "t.csv", *(row(n) for n in range(3_000)))
    ends = {"raise SystemExit(5)": "ended unexpectedly (code 5)", "import os; os.abort()": "memory limit"}
    for code, said in ends.items():
        monkeypatch.setattr(bulkload, "command", lambda *_, code=code: [sys.executable, "-c", code])
        with pytest.raises(DataError, match=re.escape(said)):
            imported(store, raids, file)
        assert not is_store(store)
        assert drafts(store) == []
