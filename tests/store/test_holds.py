"""Checkpoints held and let go, with and without locks on folders."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from eventkg.store import holds
from eventkg.store.holds import READERS, hold, remove_if_free

if TYPE_CHECKING:
    from pathlib import Path

_HOLDING = """
import sys
from pathlib import Path
from eventkg.store import holds
if sys.argv[1] == "files":
    holds.fcntl = None
held = holds.hold(Path(sys.argv[2]))
print(flush=True)
sys.stdin.read()
"""


@pytest.fixture(params=["folders", "files"])
def how(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """As on Linux and macOS, and as on Windows."""
    if request.param == "files":
        monkeypatch.setattr(holds, "fcntl", None)
    return str(request.param)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A checkpoint's place in a store."""
    path = tmp_path / "store" / "checkpoints" / "00000001"
    path.mkdir(parents=True)
    return path


@pytest.mark.usefixtures("how")
def test_what_somebody_holds_stays_and_what_nobody_holds_goes(folder: Path, tmp_path: Path) -> None:
    first, second = hold(folder), hold(folder)
    for held in (first, second):
        remove_if_free(folder, tmp_path / "trash")
        assert folder.exists()
        held.close()
        held.close()
    remove_if_free(folder, tmp_path / "trash")
    assert not folder.exists()
    assert not (tmp_path / "trash").exists()


def test_a_process_that_is_killed_holds_nothing(how: str, folder: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-P", "-c", _HOLDING, how, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == b"\n"
        remove_if_free(folder, tmp_path / "trash")
        assert folder.exists()
        reader.kill()
        reader.wait()
    remove_if_free(folder, tmp_path / "trash")
    assert not folder.exists()
    assert [path.name for path in (tmp_path / "store").glob(f"{READERS}/0*")] == []


@pytest.mark.usefixtures("how")
def test_what_is_gone_cannot_be_relied_on(folder: Path) -> None:
    folder.rmdir()
    try:
        held = hold(folder)
    except FileNotFoundError:
        return
    assert not folder.exists()  # what its user looks for afterwards
    held.close()


@pytest.mark.usefixtures("how")
def test_of_a_reader_and_a_remover_at_once_one_wins(folder: Path, tmp_path: Path) -> None:
    for number in range(100):
        checkpoint = folder.with_name(str(number))
        checkpoint.mkdir()
        remover = threading.Thread(target=remove_if_free, args=(checkpoint, tmp_path / f"trash{number}"))
        remover.start()
        held = None
        with contextlib.suppress(FileNotFoundError, BlockingIOError):
            held = hold(checkpoint)
        relied_on = held is not None and checkpoint.exists()
        remover.join()
        assert checkpoint.exists() or not relied_on
        if held:
            held.close()


def test_a_store_that_may_only_be_read_is_read_without_a_word(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holds, "fcntl", None)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(folder), "mkdir", refuse)
    hold(folder).close()
