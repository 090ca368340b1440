"""Files beside a checkpoint: complete or not there, and gone with it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from eventkg.store.beside import FOLDER, Beside, checksum, remove_without

if TYPE_CHECKING:
    from pathlib import Path

NAME = "00000007"


@pytest.fixture
def beside(tmp_path: Path) -> Beside:
    return Beside(tmp_path / "checkpoints" / NAME)


def kept(beside: Beside, content: bytes) -> Path:
    partial = beside.partial()
    assert partial is not None
    partial.write_bytes(content)
    assert list(beside.found()) == []
    return beside.keep(partial, checksum(partial))


def test_a_file_is_found_once_it_is_complete(beside: Beside, tmp_path: Path) -> None:
    path = kept(beside, b"all of it")
    assert list(beside.found()) == [path]
    assert list(Beside(tmp_path / "checkpoints" / "00000008").found()) == []
    assert list((tmp_path / FOLDER).iterdir()) == [path]


def test_a_file_that_is_not_what_its_name_says_is_removed(beside: Beside) -> None:
    path = kept(beside, b"all of it")
    path.write_bytes(b"half of ")
    (beside.folder / f"{NAME}-of-somebody-else.sqlite").write_bytes(b"x")
    assert list(beside.found()) == []
    assert list(beside.folder.iterdir()) == []


def test_two_that_write_at_once_do_not_meet(beside: Beside) -> None:
    one, other = beside.partial(), beside.partial()
    assert one != other


def test_where_nothing_can_be_written_there_is_no_place(tmp_path: Path) -> None:
    (tmp_path / FOLDER).touch()
    assert Beside(tmp_path / "checkpoints" / NAME).partial() is None


def test_files_go_with_their_checkpoint_and_unfinished_ones_with_their_process(
    beside: Beside, tmp_path: Path
) -> None:
    path = kept(beside, b"all of it")
    mine = beside.folder / f"{NAME}-{os.getpid()}-9.partial"
    dead = beside.folder / f"{NAME}-{2**22 + 1}-1.partial"  # no process has a number past the kernel's limit
    foreign = tmp_path / FOLDER / "readme"
    for file in (mine, dead, foreign):
        file.touch()
    remove_without(tmp_path, [NAME])
    assert sorted(beside.folder.iterdir()) == sorted([path, mine, foreign])
    remove_without(tmp_path, ["00000008"])
    assert list(beside.folder.iterdir()) == [foreign]
    remove_without(tmp_path / "nowhere", [])
