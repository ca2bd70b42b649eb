"""Which files a process may open, by Landlock: needs no privilege (Linux 5.13 and later)."""

import ctypes
import os
import struct
from collections.abc import Iterable

from tutor_app.answers.code.libc import PR_SET_NO_NEW_PRIVS, call, prctl

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION_FLAG, _PATH_BENEATH = 1, 1
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_ALL_BY_VERSION = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_READING = _EXECUTE | _READ_FILE | _READ_DIR
_TRUNCATE, _MAKE_DIR, _MAKE_FILE, _REMOVE_DIR, _REMOVE_FILE = (
    1 << 14,
    1 << 7,
    1 << 8,
    1 << 4,
    1 << 5,
)
_FOR_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE


def restrict(readable: Iterable[str], writable: Iterable[str]) -> None:
    """Let this process read below some paths, write below others, and open nothing else.

    Raises:
        OSError: the kernel has no Landlock, or it is switched off.
    """
    version = call("syscall", _CREATE, None, 0, _VERSION_FLAG)
    handled = _ALL_BY_VERSION[max(known for known in _ALL_BY_VERSION if known <= version)]
    writing = _READING | _WRITE_FILE | _TRUNCATE | _MAKE_DIR | _MAKE_FILE
    writing |= _REMOVE_DIR | _REMOVE_FILE
    attributes = struct.pack("Q", handled)
    rules = call("syscall", _CREATE, ctypes.c_char_p(attributes), len(attributes), 0)
    try:
        for paths, rights in ((readable, _READING), (writable, writing)):
            for path in paths:
                _allow(rules, path, rights & handled)
        prctl(PR_SET_NO_NEW_PRIVS, 1)
        call("syscall", _RESTRICT, rules, 0)
    finally:
        os.close(rules)


def _allow(rules: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not os.path.isdir(path):
            rights &= _FOR_FILES
        rule = struct.pack("=Qi", rights, place)
        call("syscall", _ADD, rules, _PATH_BENEATH, ctypes.c_char_p(rule), 0)
    finally:
        os.close(place)
