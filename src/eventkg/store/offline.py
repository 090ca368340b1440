"""A process that needs files gives up the network, by the strongest means that the kernel allows it."""

from __future__ import annotations

import ctypes
import errno
import platform
from typing import ClassVar, NamedTuple

from eventkg.store.process import is_linux

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000  # unshare(2)
_PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS, _MODE_FILTER = 22, 38, 2  # prctl(2), seccomp(2)
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EACCES
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _RETURN = (
    0x20,
    0x15,
    0x35,
    0x06,
)  # bpf: data at k, jumps, return
_NUMBER_AT, _MACHINE_AT = 0, 4  # offsets in struct seccomp_data
_OTHER_ABI = 0x40000000  # from here on the numbers are those of x32
_IO_URING_SETUP = 425  # on every machine


class _Machine(NamedTuple):
    """linux/audit.h's name of a machine, and the number that socket(2) has there."""

    audit: int
    socket: int


_MACHINES = {"x86_64": _Machine(0xC000003E, 41), "aarch64": _Machine(0xC00000B7, 198)}


class _Step(ctypes.Structure):
    _fields_: ClassVar = [
        ("code", ctypes.c_uint16),
        ("yes", ctypes.c_uint8),  # steps to skip
        ("no", ctypes.c_uint8),
        ("k", ctypes.c_uint32),
    ]


class _Program(ctypes.Structure):
    _fields_: ClassVar = [("length", ctypes.c_uint16), ("steps", ctypes.POINTER(_Step))]


def leave_network() -> str:
    """Give up the network for ever; to be called before the process has a second thread.

    Returns:
        namespace: it is in a network of its own that leads nowhere. filter: it can make no new socket, which
        is what remains where containers forbid namespaces. Empty: the kernel allowed neither.

    """
    if not is_linux():
        return ""
    # A privileged process needs no new user namespace; the others are often allowed one.
    if any(_unshare(flags) for flags in (_CLONE_NEWNET, _CLONE_NEWUSER | _CLONE_NEWNET)):
        return "namespace"
    return "filter" if _refuse_sockets() else ""


def _unshare(flags: int) -> bool:
    return bool(ctypes.CDLL(None).unshare(flags) == 0)


def _refuse_sockets() -> bool:
    machine = _MACHINES.get(platform.machine())
    if machine is None:
        return False
    steps = (
        _Step(_LOAD, 0, 0, _MACHINE_AT),
        _Step(_IF_EQUAL, 0, 5, machine.audit),
        _Step(_LOAD, 0, 0, _NUMBER_AT),
        _Step(_IF_EQUAL, 3, 0, machine.socket),
        _Step(_IF_EQUAL, 2, 0, _IO_URING_SETUP),
        _Step(_IF_AT_LEAST, 1, 0, _OTHER_ABI),
        _Step(_RETURN, 0, 0, _ALLOW),
        _Step(_RETURN, 0, 0, _REFUSE),
    )
    program = _Program(len(steps), (_Step * len(steps))(*steps))
    libc = ctypes.CDLL(None)
    return not (
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        or libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(program))
    )
