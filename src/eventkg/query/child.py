"""Work on strangers' input in a child process: it may crash, hang or eat memory, and only it ends."""

from __future__ import annotations

import importlib
import json
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from eventkg import errors
from eventkg.store.process import KILL, child_environment, die_with_parent, limit_memory

if TYPE_CHECKING:
    from collections.abc import Callable

TOO_DEEP = "nested too deeply for the parser; flatter input expected"
_FAILED = 3  # exit code of a child that says why on its last line of stderr


def run_child(
    function: str, request: dict[str, object], data: bytes, memory_mb: int, timeout_s: float | None
) -> bytes:
    """Call `module:function(request, data) -> bytes` in a fresh process and return what it returns.

    Raises:
        EventkgError: the one that the function raised; TimeLimitError, MemoryLimitError; DataError where
            the input was nested so deeply that a parser's stack ended.

    """
    command = [sys.executable, "-P", "-m", "eventkg.query.child", function, str(memory_mb)]
    asked = json.dumps(request).encode() + b"\n"  # not an argument: those have a limit of 128 KiB
    started = time.monotonic()
    with subprocess.Popen(  # noqa: S603  (our own module; the request is data)
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=child_environment(),
    ) as process:
        try:
            output, complaint = process.communicate(asked + data, timeout=timeout_s)
        except subprocess.TimeoutExpired:
            process.kill()
            raise errors.TimeLimitError(timeout_s or 0, time.monotonic() - started) from None
        except BaseException:  # Ctrl-C included: nothing is left behind
            process.kill()
            raise
    if process.returncode:
        raise explain(process.returncode, complaint, memory_mb)
    return output


def explain(code: int, complaint: bytes, memory_mb: int) -> errors.EventkgError:
    """What a child that failed died of, or said."""
    if code == _FAILED:
        said = json.loads(complaint.splitlines()[-1])
        kind = getattr(errors, said["type"], errors.EventkgError)
        return kind(said["message"])
    if -code == signal.SIGSEGV or b"overflowed its stack" in complaint:
        return errors.DataError(TOO_DEEP)
    if -code in {signal.SIGABRT, KILL} or b"MemoryError" in complaint:
        return errors.MemoryLimitError(memory_mb)
    lines = complaint.decode(errors="replace").strip().splitlines()
    return errors.WorkerError(
        f"the child process ended unexpectedly ({lines[-1] if lines else f'code {code}'})"
    )


def _main() -> None:
    """The child's side."""
    name, memory_mb = sys.argv[1:]
    die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    module, _, function = name.partition(":")
    work: Callable[[dict[str, object], bytes], bytes] = getattr(importlib.import_module(module), function)
    limit_memory(int(memory_mb))
    try:
        answer = work(json.loads(sys.stdin.buffer.readline()), sys.stdin.buffer.read())
    except errors.EventkgError as problem:
        sys.stderr.write(json.dumps({"type": type(problem).__name__, "message": str(problem)}))
        sys.exit(_FAILED)
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":
    _main()
