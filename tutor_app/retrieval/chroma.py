"""Open Chroma, embedded or as a server, and translate its errors."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import chromadb
import httpx
from chromadb.api.client import Client
from chromadb.config import Settings
from chromadb.errors import ChromaError

from tutor_app.errors import SearchIndexError


def open_client(folder: Path, server: str = "") -> Client:
    """Open the folder, or the server "host:port" when one is named.

    Raises:
        SearchIndexError: the server does not answer, or the folder cannot be used.
    """
    with chroma_errors(server or str(folder)):
        settings = Settings(anonymized_telemetry=False)
        if not server:
            folder.mkdir(parents=True, exist_ok=True)
            return cast(Client, chromadb.PersistentClient(folder, settings=settings))
        host, colon, port = server.rpartition(":")
        if not (colon and host and port.isdecimal()):
            raise SearchIndexError(
                f"Chroma server: {server!r} is no address. Write host:port, for instance "
                "localhost:8000."
            )
        return cast(Client, chromadb.HttpClient(host, int(port), settings=settings))


def close_client(client: Client) -> None:
    """Close files and connections."""
    client.close()
    # Chroma itself leaves its connections to a server open.
    for part in (client, client._admin_client):
        session = getattr(getattr(part, "_server", None), "_session", None)
        if isinstance(session, httpx.Client):
            session.close()


@contextmanager
def chroma_errors(where: str) -> Iterator[None]:
    """Raise what Chroma raises as SearchIndexError; `where` is the folder or the server."""
    try:
        yield
    # Chroma raises a bare ValueError for a server that does not answer.
    except (ChromaError, httpx.HTTPError, OSError, ValueError) as error:
        raise SearchIndexError(
            f"{where}: the search index cannot be used ({error}). "
            "Check that the folder is readable and writable, or that the Chroma server runs."
        ) from error
