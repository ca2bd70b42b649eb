"""The C library by ctypes, for calls that Python 3.11 does not offer; runs inside the sandbox."""

import ctypes
import os
from typing import Any

_libc = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38


def call(name: str, *arguments: Any) -> int:
    """Call a function of the C library.

    Raises:
        OSError: it failed, or this system does not have it.
    """
    try:
        function = getattr(_libc, name)
    except AttributeError as error:
        raise OSError(f"{name}: this system does not have it") from error
    result: int = function(*(_argument(a) for a in arguments))
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result


def _argument(value: Any) -> Any:
    # a plain int would be passed as 32 bits
    return ctypes.c_ulong(value) if isinstance(value, int) and value >= 0 else value


def prctl(option: int, value: Any, pointer: Any = 0) -> None:
    """Change how the kernel treats this process; raises OSError."""
    call("prctl", option, value, pointer, 0, 0)
