"""What a process of ours may use and when it ends, as far as the operating system can hold it to that.

Linux can do all of it. Elsewhere a function here does what is possible and says in its docstring what is not.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time
from pathlib import Path

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

_PR_SET_PDEATHSIG = 1  # prctl(2)
_WATCH_S, _PARENT = 1.0, "_EVENTKG_PARENT"
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)  # on Windows os.kill ends a process with any signal


def is_linux() -> bool:
    """Whether the kernel is one that we can ask for everything."""
    return sys.platform == "linux"


def can_fork() -> bool:
    """Whether a process with a snapshot can be forked: macOS has threads of its own, Windows no fork."""
    return is_linux()


def passes_descriptors() -> bool:
    """Whether a child can be given an open socket by its number."""
    return os.name == "posix"


def child_environment() -> dict[str, str]:
    """What a child needs for `die_with_parent`, beside our own environment."""
    return {**os.environ, _PARENT: str(os.getpid())}


def die_with_parent(parent: int | None = None) -> None:
    """No life after the parent's, nor if it has died already; its number comes with `child_environment`.

    On Linux the kernel sees to it, and the thread that started this process counts as the parent. Elsewhere a
    thread looks every second. On Windows nobody does: a child ends when it next uses a pipe of its parent's.
    """
    parent = parent or int(os.environ.get(_PARENT, os.getppid()))
    if is_linux():
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)
    elif os.name == "posix":
        threading.Thread(target=_watch_parent, args=(parent,), daemon=True).start()


def _watch_parent(pid: int) -> None:
    while os.getppid() == pid:
        time.sleep(_WATCH_S)
    os._exit(1)


def ignore_interrupts() -> None:
    """Ctrl-C is for the parent to handle, which ends this process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def limit_memory(memory_mb: int, *, beyond_now: bool = True) -> None:
    """So many MiB of address space, beyond what is mapped now or in all; Linux only."""
    if not is_linux() or resource is None:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    allowed = memory_mb * 1024 * 1024 + (_address_space() if beyond_now else 0)
    resource.setrlimit(resource.RLIMIT_AS, (allowed, allowed))


def resident_memory() -> int:
    """Bytes of memory that this process has in use (the second field of proc(5) statm); 0 but on Linux."""
    if not is_linux():
        return 0
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def deny_files() -> None:
    """No file or socket can be opened from now on; Linux only."""
    if is_linux() and resource is not None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def free_memory() -> int:
    """Bytes that can be used without swapping; 0 where the system does not say."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    found = [line.split()[1] for line in lines if line.startswith("MemAvailable:")]
    return int(found[0]) * 1024 if found else 0


def _address_space() -> int:
    """Bytes of virtual memory mapped now (the first field of proc(5) statm, in pages)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * os.sysconf("SC_PAGE_SIZE")
