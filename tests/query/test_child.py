"""Work in a child process: its errors come back as what they were, its end by force as what it was."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.query.processes import alive, children, wait_until

from eventkg.errors import DataError, MemoryLimitError, TimeLimitError, UsageError, WorkerError
from eventkg.query.child import run_child

_HERE = "tests.query.test_child"


def echo(request: dict[str, object], data: bytes) -> bytes:
    return f"{request['word']} ".encode() * int(str(request["times"])) + data


def complain(request: dict[str, object], _: bytes) -> bytes:
    raise {"data": DataError, "usage": UsageError}[str(request["kind"])]("file.ttl: line 1, column 2: müll")


def fall_over(_: dict[str, object], __: bytes) -> bytes:
    raise ZeroDivisionError("a mistake of ours")


def sleep(_: dict[str, object], __: bytes) -> bytes:
    time.sleep(60)
    return b""


def devour(_: dict[str, object], __: bytes) -> bytes:
    return b"x" * (4 * 2**30)


def die(request: dict[str, object], _: bytes) -> bytes:
    os.kill(os.getpid(), int(str(request["signal"])))
    return b""


def run(function: str, data: bytes = b"", timeout_s: float | None = 60, **request: object) -> bytes:
    return run_child(f"{_HERE}:{function}", request, data, 512, timeout_s)


@pytest.fixture(autouse=True)
def _importable(monkeypatch: pytest.MonkeyPatch, root: object) -> None:
    monkeypatch.setenv("PYTHONPATH", str(root))


def test_a_child_returns_what_its_function_returns() -> None:
    assert run("echo", b"\0\xff\n", word="ja", times=2) == b"ja ja \0\xff\n"


@pytest.mark.slow
def test_a_request_may_be_longer_than_an_argument() -> None:
    assert len(run("echo", word="x" * 1_000_000, times=1)) == 1_000_001


@pytest.mark.parametrize(("kind", "error"), [("data", DataError), ("usage", UsageError)])
def test_an_error_of_ours_comes_back_as_itself(kind: str, error: type[Exception]) -> None:
    with pytest.raises(error, match=r"file\.ttl: line 1, column 2: müll"):
        run("complain", kind=kind)


def test_an_unforeseen_error_is_named_in_one_line() -> None:
    with pytest.raises(WorkerError, match="ZeroDivisionError: a mistake of ours") as failed:
        run("fall_over")
    assert "\n" not in str(failed.value)


@pytest.mark.slow
def test_a_child_does_not_outlive_a_parent_that_is_killed() -> None:
    code = f"from eventkg.query.child import run_child\nrun_child('{_HERE}:sleep', {{}}, b'', 512, None)"
    with subprocess.Popen([sys.executable, "-P", "-c", code]) as parent:
        try:
            assert wait_until(lambda: any(map(_sleeps, children(parent.pid))), 60)
            below = children(parent.pid)
        finally:
            parent.kill()
    assert wait_until(lambda: not any(map(alive, below)), 30)


def _sleeps(pid: int) -> bool:
    """Whether a child has begun its work: it is in no system call before that takes seconds."""
    return b"eventkg.query.child" in Path(f"/proc/{pid}/cmdline").read_bytes()


def test_a_child_past_its_time_is_killed() -> None:
    started = time.monotonic()
    with pytest.raises(TimeLimitError, match="the time limit is 1 s"):
        run("sleep", timeout_s=1)
    assert time.monotonic() - started < 10


def test_a_child_past_its_memory_is_stopped() -> None:
    with pytest.raises(MemoryLimitError, match="512 MiB"):
        run("devour")


@pytest.mark.parametrize(
    ("ended_by", "error"),
    [
        (signal.SIGSEGV, DataError),
        (signal.SIGABRT, MemoryLimitError),
        (signal.SIGKILL, MemoryLimitError),
        (signal.SIGTERM, WorkerError),
    ],
)
def test_a_child_that_a_signal_ends_is_explained(ended_by: int, error: type[Exception]) -> None:
    with pytest.raises(error):
        run("die", signal=int(ended_by))
