"""A world of its own: no other process, no network, a file tree of the interpreter alone (Linux).

Works as root with the right to mount, and for other people where the kernel lets them make user
namespaces; elsewhere `enter` raises and nothing has changed that matters.
"""

import os
import platform
import signal
from collections.abc import Sequence

from tutor_app.answers.code.libc import PR_SET_PDEATHSIG, call, prctl
from tutor_app.answers.code.system_calls import PIVOT_ROOT

SCRATCH = "/scratch"
SCRATCH_BYTES = 8 << 20
_NEW_MOUNTS, _NEW_NAMES, _NEW_QUEUES, _NEW_USERS = 0x20000, 0x4000000, 0x8000000, 0x10000000
_NEW_PIDS, _NEW_NETWORK = 0x20000000, 0x40000000
_ALL = _NEW_MOUNTS | _NEW_NAMES | _NEW_QUEUES | _NEW_PIDS | _NEW_NETWORK
_READ_ONLY, _NO_SUID, _NO_DEVICES, _NO_EXECUTE = 1, 2, 4, 8
_REMOUNT, _BIND, _RECURSIVE, _PRIVATE = 32, 4096, 16384, 1 << 18
_KEPT = _NO_SUID | _NO_DEVICES | _NO_EXECUTE
# flags of statvfs that are not those of mount
_TIMES = {1024: 1024, 2048: 2048, 4096: 1 << 21}
_DETACH = 2
# any directory that is there on every system and holds nothing that we bind
_STAGE = "/proc"


def separate() -> None:
    """Leave the server's namespaces. What follows must happen in a child: see `enter`.

    Raises:
        OSError: not permitted here.
    """
    if os.geteuid() == 0:
        call("unshare", _ALL)
        return
    user, group = os.geteuid(), os.getegid()
    call("unshare", _ALL | _NEW_USERS)
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"65534 {user} 1"),
        ("gid_map", f"65534 {group} 1"),
    ):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


def enter(readable: Sequence[str]) -> None:
    """Show this process, the first of its namespace, a tree of `readable` and a small scratch.

    Raises:
        OSError: a mount was refused.
    """
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    call("mount", None, b"/", None, _RECURSIVE | _PRIVATE, None)
    options = f"size={SCRATCH_BYTES},nr_inodes=2000,mode=0755".encode()
    call("mount", b"tmpfs", _STAGE.encode(), b"tmpfs", _NO_SUID | _NO_DEVICES, options)
    for path in readable:
        _bind(os.path.realpath(path), path)
    os.mkdir(_STAGE + SCRATCH)
    os.chmod(_STAGE + SCRATCH, 0o1777)
    os.chdir(_STAGE)
    call("syscall", PIVOT_ROOT[platform.machine()], b".", b".")
    call("umount2", b".", _DETACH)
    os.chdir(SCRATCH)


def _bind(source: str, path: str) -> None:
    target = _STAGE + path
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.close(os.open(target, os.O_CREAT, 0o644))
    call("mount", source.encode(), target.encode(), None, _BIND | _RECURSIVE, None)
    flags = os.statvfs(source).f_flag
    kept = (flags & _KEPT) | sum(m for s, m in _TIMES.items() if flags & s)
    how = _REMOUNT | _BIND | _READ_ONLY | _NO_SUID | _NO_DEVICES | kept
    call("mount", None, target.encode(), None, how, None)
