"""What /proc says of processes: who is whose child, who is alive, who burns CPU."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_TICK_S = 1 / os.sysconf("SC_CLK_TCK")


def children(pid: int) -> list[int]:
    """The children of a process that has one thread or forks from its first."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(child) for child in task.read_text(encoding="ascii").split()]
        except OSError:  # the thread has ended
            continue
    return found


def descendants(pid: int) -> list[int]:
    """Children, and theirs."""
    below = children(pid)
    return below + [one for child in below for one in descendants(child)]


def alive(pid: int) -> bool:
    """A zombie counts as dead."""
    try:
        return _stat(pid)[0] not in {"Z", "X"}
    except OSError:
        return False


def cpu_s(pid: int) -> float:
    """Seconds of CPU that a process has used; 0 if it is gone."""
    try:
        fields = _stat(pid)
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) * _TICK_S


def memory_mb(pid: int) -> float:
    """Resident memory in MiB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def wait_until(condition: Callable[[], bool], limit_s: float = 15) -> bool:
    """Poll; False if the time is over."""
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return condition()


def _stat(pid: int) -> list[str]:
    """The fields of proc(5) stat after the name, which may hold spaces."""
    return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
