"""Every verb that writes, killed or stopped before any of its steps: whole states only, no help needed."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from tests.kg.stores import drafts, dump, load, many, state

from eventkg.kg.keeping import backup, restore, upgrade
from eventkg.store.versions import VERSIONS, read_versions
from eventkg.store.writer import Writer

if TYPE_CHECKING:
    from pathlib import Path


STEPS = """
import os, signal, sys
from pathlib import Path
from eventkg.cli import backup, delete, load, main, restore, upgrade
from eventkg.kg import loading
from eventkg.checking.findings import report
verb, event, number, store, file, sent = sys.argv[1:]
count = 0
def step(name):
    global count
    count += name == event
    if count == int(number) and name == event:
        os.kill(os.getpid(), int(sent))
fsync = os.fsync
os.fsync = lambda descriptor: (step("os.fsync"), fsync(descriptor))
sys.addaudithook(lambda name, _: step(name))
loading.check_draft = lambda *_: report([])
arguments = {
    "load": [file],
    "restore": [file],
    "backup": [file],
    "delete": ["--graph", "urn:first"],
    "upgrade": [],
}
sys.argv = ["eventkg", verb, "-l", store, *arguments[verb]]
try:
    main()
except SystemExit as left:
    print(count)
    sys.exit(left.code)
"""
OLD = {**VERSIONS, "derivation": 0}
EVENTS_OF_A_PUBLICATION = ("os.rename", "os.symlink", "os.fsync", "shutil.rmtree")


def stopped_before(
    verb: str, event: str, number: int, store: Path, file: Path, sent: signal.Signals = signal.SIGKILL
) -> subprocess.CompletedProcess[str]:
    """Run a verb up to a system call; it prints how many of these there are if it is not killed."""
    command = [sys.executable, "-B", "-c", STEPS, verb, event, str(number), str(store), str(file)]
    command.append(str(int(sent)))
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def killed_before(verb: str, event: str, number: int, store: Path, file: Path) -> str:
    """What was printed."""
    done = stopped_before(verb, event, number, store, file)
    assert done.returncode in {0, -signal.SIGKILL}, done.stderr
    return done.stdout.strip()


@pytest.mark.slow
@pytest.mark.parametrize("event", EVENTS_OF_A_PUBLICATION)
@pytest.mark.parametrize("verb", ["load", "first load", "restore"])
def test_a_kill_before_any_step_of_a_publication_leaves_the_state_before_or_after(
    verb: str, event: str, base: Path, tmp_path: Path
) -> None:
    file = many(tmp_path / "file.nt", 5, "urn:second")
    if verb == "restore":
        load(tmp_path / "other", file)
        file = tmp_path / "backup"
        backup(tmp_path / "other", file)
    new = verb == "first load"

    def fresh(name: str) -> Path:
        return tmp_path / name if new else shutil.copytree(base, tmp_path / name, symlinks=True)

    whole = fresh("whole")
    steps = int(killed_before(verb.split()[-1], event, 0, whole, file))
    assert steps > 0
    chosen = sorted({1, max(1, steps // 2), steps})
    after, before = dump(whole), [] if new else dump(base)
    for number in chosen:
        store = fresh(f"store{number}")
        assert killed_before(verb.split()[-1], event, number, store, file) == ""
        found = dump(store) if (store / "current").exists() else []
        assert found in (before, after), f"{event} {number}"
        with Writer(store):
            assert drafts(store) == []
        assert (dump(store) if (store / "current").exists() else []) == found


@pytest.mark.slow
@pytest.mark.parametrize("event", ["os.rename", "os.symlink", "os.fsync"])
def test_an_upgrade_killed_at_any_step_is_done_again_without_help(
    event: str, base: Path, tmp_path: Path
) -> None:
    def older(name: str) -> Path:
        store = shutil.copytree(base, tmp_path / name / "store", symlinks=True)
        (store / "eventkg.json").write_text(json.dumps(OLD))
        return store

    whole, unused = older("whole"), tmp_path / "unused"
    before = dump(whole)
    steps = int(killed_before("upgrade", event, 0, whole, unused))
    after = dump(whole)
    for number in sorted({1, max(1, steps // 2), steps}):
        store = older(f"store{number}")
        assert killed_before("upgrade", event, number, store, unused) == ""
        assert dump(store) in (before, after), f"{event} {number}"
        old = upgrade(store)
        assert (dump(store), read_versions(store)) == (after, VERSIONS)
        kept = [path for path in store.parent.iterdir() if path != store]
        assert old is None or old in kept
        assert {read_versions(path)["derivation"] for path in kept} == {0}
        assert [path for path in kept if path.name.endswith("partial")] == []
        with Writer(store):
            assert drafts(store) == []


@pytest.mark.slow
@pytest.mark.parametrize("event", ["os.rename", "os.symlink"])
def test_a_delete_killed_at_any_step_is_there_as_a_whole_or_not_at_all(
    event: str, base: Path, tmp_path: Path
) -> None:
    whole = shutil.copytree(base, tmp_path / "whole", symlinks=True)
    steps = int(killed_before("delete", event, 0, whole, whole))
    before, after = dump(base), dump(whole)
    assert len(after) == len(before) - 50
    for number in sorted({1, steps}):
        store = shutil.copytree(base, tmp_path / f"store{number}", symlinks=True)
        assert killed_before("delete", event, number, store, store) == ""
        assert dump(store) in (before, after)
        with Writer(store):
            assert drafts(store) == []


@pytest.mark.slow
@pytest.mark.parametrize("event", ["os.rename", "os.fsync", "shutil.copytree"])
def test_a_backup_killed_at_any_step_is_none_and_is_made_again(
    event: str, base: Path, tmp_path: Path
) -> None:
    before, target = state(base), tmp_path / "backup"
    steps = int(killed_before("backup", event, 0, base, tmp_path / "whole"))
    for number in sorted({1, steps}):
        assert killed_before("backup", event, number, base, target) == ""
        assert not target.exists()
    backup(base, target)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    restore(target, tmp_path / "store")
    assert dump(tmp_path / "store") == before[1]
    assert state(base) == before


@pytest.mark.slow
@pytest.mark.parametrize(
    ("verb", "event"),
    [("delete", "os.rename"), ("restore", "os.symlink"), ("backup", "os.fsync"), ("upgrade", "os.fsync")],
)
@pytest.mark.parametrize(
    ("sent", "code", "said"),
    [(signal.SIGINT, 130, "eventkg: interrupted\n"), (signal.SIGTERM, -signal.SIGTERM, "")],
)
def test_every_verb_that_is_stopped_leaves_whole_states_only(
    verb: str, event: str, sent: signal.Signals, code: int, said: str, store: Path, tmp_path: Path
) -> None:
    file = tmp_path / "backup"
    if verb == "restore":
        backup(store, file)
    if verb == "upgrade":
        (store / "eventkg.json").write_text(json.dumps(OLD))
    before = state(store)
    done = stopped_before(verb, event, 1, store, file, sent)
    assert (done.returncode, done.stderr) == (code, said)
    assert state(store) == before
    assert file.exists() == (verb == "restore")
    if sent == signal.SIGINT:
        assert drafts(store) == []
        assert not list(tmp_path.glob(".*partial"))
    with Writer(store):
        assert drafts(store) == []
