"""Give up every right that a learner's program does not need; runs inside the sandbox, once.

Nothing here is allowed to fail silently: what could not be done is missing from the protections
that are reported, and a process that is still root refuses to go on.
"""

import ctypes
import os
import platform
import random
import signal
import sys
import sysconfig
from collections.abc import Callable, Collection
from contextlib import suppress

from tutor_app.answers.code import landlock, namespaces
from tutor_app.answers.code.libc import (
    PR_SET_DUMPABLE,
    PR_SET_NO_NEW_PRIVS,
    PR_SET_PDEATHSIG,
    call,
    prctl,
)
from tutor_app.answers.code.system_calls import CAPSET

_NOBODY = 65534
_FREE_USERS = range(1_900_000_000, 1_990_000_000)
"""Above what systems and containers give to anybody; a number of its own per run."""
_LIBRARIES = ("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/local/lib")
_OTHERS = ("/usr/share/zoneinfo", "/etc/ld.so.cache")
_CAPABILITIES_3 = 0x20080522


class ConfinementError(Exception):
    """This process would run a stranger's program with rights that it must not have."""


def readable_paths() -> list[str]:
    """Return what the interpreter needs: its library and the system's, parents first."""
    names = ("stdlib", "platstdlib")
    own = {sysconfig.get_path(name) for name in names} | {sysconfig.get_config_var("LIBDIR")}
    there = sorted(p for p in {*own, *_LIBRARIES, *_OTHERS} if p and os.path.exists(p))
    return [p for p in there if not any(p.startswith(q + "/") for q in there)]


def confine(without: Collection[str] = ()) -> set[str]:
    """Confine this process and return the names of what is isolated.

    In namespaces of its own the process that returns is a new one; the one that called waits
    for it and ends with it.

    Args:
        without: layers to leave away, see `sandbox.run_program`.

    Raises:
        ConfinementError: it is still root, or runs as another user whose rights came back.
    """
    done: set[str] = set()
    readable = readable_paths()
    if platform.system() == "Linux" and "namespaces" not in without:
        _in_namespaces(readable, done)
    if os.geteuid() == 0:
        _become_nobody()
        done.add("user")
    if platform.system() == "Linux":
        # a change of user has cleared the first of these
        _tried(done, "parent", lambda: prctl(PR_SET_PDEATHSIG, signal.SIGKILL))
        _tried(done, "dumps", lambda: prctl(PR_SET_DUMPABLE, 0))
        _tried(done, "privileges", lambda: prctl(PR_SET_NO_NEW_PRIVS, 1))
        _tried(done, "capabilities", _drop_capabilities)
        writable = [namespaces.SCRATCH] if "scratch" in done else []
        if "landlock" not in without:
            _tried(done, "files", lambda: landlock.restrict(readable, writable))
    if "scratch" not in done:
        os.chdir("/")
    if 0 in (*os.getresuid(), *os.getresgid()) if hasattr(os, "getresuid") else not os.getuid():
        raise ConfinementError("the program would run as root")
    with suppress(OSError):
        os.setuid(0)
        raise ConfinementError("the program could become root again")
    library = sysconfig.get_path("stdlib")
    if not os.access(library, os.R_OK | os.X_OK):
        raise ConfinementError(
            f"Python's library {library} cannot be read by another user; as root, use a Python "
            "that everybody may read"
        )
    return done


def _tried(done: set[str], name: str, action: Callable[[], None]) -> None:
    with suppress(OSError):
        action()
        done.add(name)


def _in_namespaces(readable: list[str], done: set[str]) -> None:
    try:
        namespaces.separate()
    except OSError:
        return
    done |= {"network", "processes"}
    child = os.fork()
    if child:
        os.close(0)
        os.close(1)
        _, status = os.waitpid(child, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    with suppress(OSError):
        namespaces.enter(readable)
        done |= {"files", "scratch"}


def _become_nobody() -> None:
    user = random.SystemRandom().choice(_FREE_USERS)
    os.setgroups([])
    for identity in (user, _NOBODY):
        try:
            _set_ids(identity)
        except OSError:
            # a container may know 65,536 users only
            continue
        return
    raise ConfinementError("the server is root and cannot become another user")


def _set_ids(identity: int) -> None:
    if hasattr(os, "setresgid"):
        os.setresgid(identity, identity, identity)
        os.setresuid(identity, identity, identity)
    else:
        os.setgid(identity)
        os.setuid(identity)


def _drop_capabilities() -> None:
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    call("syscall", CAPSET[platform.machine()], ctypes.byref(header), ctypes.byref(nothing))


def forget_paths() -> None:
    """Leave only the standard library to import from."""
    wanted = {sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")}
    sys.path[:] = [p for p in sys.path if any(p == w or p.startswith(f"{w}/") for w in wanted if w)]
