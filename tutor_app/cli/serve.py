"""`tutor serve`: make everything ready, saying what it does, then run the pages."""

import hashlib
import os
import socket
import sys
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from tutor_app import __version__
from tutor_app.answers.code.sandbox import shortcoming
from tutor_app.cli.index import index
from tutor_app.courses.catalogue import readable_files
from tutor_app.courses.check import check_course
from tutor_app.courses.import_log import file_hash, source_hash
from tutor_app.domain.base import Strict
from tutor_app.errors import TutorError
from tutor_app.factory import build_accounts, build_catalogue, build_store
from tutor_app.settings import Settings

MAX_UPLOAD_MB = 50


def serve(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: that of TUTOR_PORT.")] = 0,
    address: Annotated[str, typer.Option(help="Empty: that of TUTOR_ADDRESS.")] = "",
) -> None:
    """Check and index the courses, then run the pages; only this computer reaches them."""
    settings = Settings.from_environment()
    changed = {"port": port or settings.port, "address": address or settings.address}
    settings = settings.model_copy(update=changed)
    _refuse_busy_port(settings)
    print(f"Tutor {__version__}. What people make is kept in {settings.home}", flush=True)
    if not settings.loopback:
        print(
            f"Warning: {settings.address} lets other computers in. This version is not for a "
            "class yet: there is no encryption, and the demo accounts are off.",
            flush=True,
        )
    _ready_accounts(settings)
    for course_id in build_catalogue(settings).course_ids():
        _ready_course(settings, course_id)
    host = f"[{settings.address}]" if ":" in settings.address else settings.address
    print(f"Open http://{host}:{settings.port} in a browser. Ctrl+C stops it.", flush=True)
    command = streamlit_command(settings)
    os.execv(command[0], command)


def streamlit_command(settings: Settings) -> list[str]:
    """Return the command line that runs the pages: nothing calls home, nothing is watched."""
    options: dict[str, str | int] = {
        "server.address": settings.address,
        "server.port": settings.port,
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "server.maxUploadSize": MAX_UPLOAD_MB,
        "server.enableXsrfProtection": "true",
        "server.enableCORS": "true",
        "browser.gatherUsageStats": "false",
        "logger.hideWelcomeMessage": "true",
        "runner.magicEnabled": "false",
    }
    # a page elsewhere on the web must not reach this server under a name of its own
    hosts = ["localhost", "127.0.0.1", "[::1]"] if settings.loopback else []
    flags = [f"--{name}={value}" for name, value in options.items()]
    flags += [f"--server.allowedHosts={host}" for host in hosts]
    return [sys.executable, "-m", "tutor_app.ui", *flags]


def _refuse_busy_port(settings: Settings) -> None:
    family = socket.AF_INET6 if ":" in settings.address else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.address, settings.port))
        except OSError as error:
            raise TutorError(
                f"{settings.address}:{settings.port}: cannot listen there ({error.strerror}). "
                f"Stop what uses it, or try: tutor serve --port {settings.port + 1}"
            ) from None


def _ready_accounts(settings: Settings) -> None:
    with build_store(settings) as store:
        build_accounts(settings, store)
    if settings.loopback and settings.demo:
        print("Demo accounts: student, instructor, admin; one click on the first page", flush=True)


class _Checked(Strict):
    """What a check without mistakes found, and the content that it read."""

    stamp: str
    items: int
    has_programs: bool


def _ready_course(settings: Settings, course_id: str) -> None:
    """Check a course and bring its index up to date; a broken one does not stop the others."""
    _check_course(settings, course_id)
    stamp = settings.index_folder / f"{course_id}.stamp"
    wanted = index_stamp(settings, course_id)
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return
    try:
        index(course_id)
    except TutorError as error:
        print(f"  not indexed, so replies carry no citations: {error}", flush=True)
        return
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(wanted, encoding="utf-8")


def _check_course(settings: Settings, course_id: str) -> None:
    """Say what is wrong with a course; one without mistakes is not read again until it changes."""
    catalogue = build_catalogue(settings)
    kept = settings.index_folder / f"{course_id}.checked"
    stamp = check_stamp(settings, course_id)
    checked = _earlier_check(kept)
    if checked is None or checked.stamp != stamp:
        report = check_course(catalogue, course_id, run_programs=False)
        if report.mistakes:
            for mistake in report.mistakes:
                print(f"  {mistake}")
            print(f"Course {course_id}: {len(report.mistakes)} mistakes", flush=True)
            return
        items = catalogue.course(course_id).items.values()
        has_programs = any(item.answer.kind == "code" for item in items)
        checked = _Checked(stamp=stamp, items=report.items, has_programs=has_programs)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(checked.model_dump_json(), encoding="utf-8")
    print(f"Course {course_id}: {checked.items} items", flush=True)
    if checked.has_programs and (missing := shortcoming()):
        print(f"  {missing}", flush=True)


def _earlier_check(kept: Path) -> _Checked | None:
    try:
        return _Checked.model_validate_json(kept.read_bytes())
    except (OSError, ValidationError):
        return None


def check_stamp(settings: Settings, course_id: str) -> str:
    """Return what a check of a course depends on, as a hash: its folder and all rubrics."""
    catalogue = build_catalogue(settings)
    digest = hashlib.sha256(
        f"{__version__} {source_hash(catalogue.course_folder(course_id))}".encode()
    )
    for path in map(catalogue.rubric_path, catalogue.rubric_ids()):
        digest.update(f"\n{path.name} {file_hash(path)}".encode())
    return digest.hexdigest()


def index_stamp(settings: Settings, course_id: str) -> str:
    """Return what an index of a course depends on, as a hash.

    It tells in milliseconds that nothing changed; the index itself would need the encoder, whose
    loading is what makes a start slow.
    """
    files = readable_files(build_catalogue(settings).course_folder(course_id))
    digest = hashlib.sha256(f"{__version__} {settings.embedder} {settings.chroma}".encode())
    for path in files:
        digest.update(f"\n{path.name} {file_hash(path)}\n".encode())
    return digest.hexdigest()
