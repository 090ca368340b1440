"""Where tests write is in memory only where there is plenty, is nobody else's, and leaves nothing behind."""

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING

import pytest
from tests.room import in_memory

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", tempfile.gettempdir())
    monkeypatch.setenv("TMPDIR", "")
    monkeypatch.delenv("TMPDIR")


@pytest.mark.usefixtures("undecided")
def test_a_folder_of_our_own_takes_the_place_of_one_whose_run_was_killed(tmp_path: Path) -> None:
    killed, running = tmp_path / "eventkg-tests-999999999", tmp_path / f"eventkg-tests-{os.getppid()}"
    killed.mkdir()
    running.mkdir()
    folder = in_memory(tmp_path, 0)
    assert folder is not None
    assert (tempfile.gettempdir(), os.environ["TMPDIR"]) == (str(folder), str(folder))
    assert set(tmp_path.iterdir()) == {folder, running}


@pytest.mark.usefixtures("undecided")
def test_without_enough_room_or_any_the_usual_place_is_kept(tmp_path: Path) -> None:
    assert in_memory(tmp_path, 2**62) is None
    assert in_memory(tmp_path / "none", 0) is None
    assert "TMPDIR" not in os.environ


def test_the_place_that_somebody_chose_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert in_memory(tmp_path, 0) is None
