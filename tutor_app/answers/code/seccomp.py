"""The system calls of a learner's program, cut down to reading, computing and writing (Linux)."""

import ctypes
import errno
import platform
import struct

from tutor_app.answers.code.libc import PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, prctl
from tutor_app.answers.code.system_calls import ALLOWED, ARCHITECTURES, REFUSED

_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_NUMBER, _ARCHITECTURE = 0, 4
_X32 = 0x40000000
_FILTER_MODE = 2


def supported() -> bool:
    """Say whether this machine's system calls are known here."""
    return platform.system() == "Linux" and platform.machine() in ARCHITECTURES


def filter_program(machine: str) -> bytes:
    """Return the filter for a machine ("x86_64"), as the kernel's array of instructions."""
    code = [
        _instruction(_LOAD, 0, 0, _ARCHITECTURE),
        _instruction(_EQUAL, 1, 0, ARCHITECTURES[machine]),
        _instruction(_RETURN, 0, 0, _KILL),
        _instruction(_LOAD, 0, 0, _NUMBER),
        # calls of the x32 world have the same numbers with this bit set
        _instruction(_AT_LEAST, 0, 1, _X32),
        _instruction(_RETURN, 0, 0, _KILL),
    ]
    for numbers, answer in (
        (ALLOWED[machine], _ALLOW),
        (REFUSED[machine], _ERRNO | errno.EPERM),
    ):
        for number in numbers.values():
            code.append(_instruction(_EQUAL, 0, 1, number))
            code.append(_instruction(_RETURN, 0, 0, answer))
    code.append(_instruction(_RETURN, 0, 0, _ERRNO | errno.ENOSYS))
    return b"".join(code)


def _instruction(code: int, if_true: int, if_false: int, value: int) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_char_p)]


def restrict(code: bytes) -> None:
    """Put a filter on this process, for good; raises OSError."""
    program = _Program(len(code) // 8, code)
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    prctl(PR_SET_SECCOMP, _FILTER_MODE, ctypes.byref(program))
