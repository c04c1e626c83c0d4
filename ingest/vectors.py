"""The vector index: a Chroma collection a generation, through langchain-chroma. The only module that knows Chroma.

The filter on places is one `$in` over the handful of codes of a chain. Chroma walks its graph until it has met enough
passages of these places, so a filtered search takes longer as the corpus grows: 2 ms with 250 passages, 17 with 20,000.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlsplit

import chromadb
import httpx
import numpy as np
from chromadb.api.fastapi import FastAPI
from chromadb.config import Settings
from chromadb.errors import ChromaError, NotFoundError
from langchain_chroma import Chroma

from ingest.errors import EncoderMismatch, IndexMissing, IndexUnavailable

if TYPE_CHECKING:
    from collections.abc import Collection as Several
    from collections.abc import Iterator, Mapping, Sequence

    from chromadb import Collection
    from chromadb.api.client import AdminClient, Client
    from chromadb.api.types import Metadata
    from numpy.typing import NDArray

    from ingest.encoder import Encoder
    from ingest.model import Passage

# Candidates that a search of the graph keeps in view. With Chroma's own 100, a third of the 50 nearest among 20,000
# are missed when no place is given, with 400 a twentieth, for a millisecond more.
_BREADTH: Final = 400
_PAGE: Final = 2_000  # passages read or written in one call
_SERVER_SECONDS: Final = 30  # within which a server answers, or counts as gone
_PORTS: Final = {"http": 8000, "https": 443}  # unless the URL says otherwise


class VectorIndex:
    """Passages of one generation, found by their vectors. Close it before its folder is deleted."""

    def __init__(self, client: Client, collection: str, encoder: Encoder) -> None:
        """Serve searches on a collection that is complete: it is never written again."""
        self._client = client
        self._store = _open(client, collection, encoder)
        # LangChain's search brings texts and metadata along, which nobody reads and which take two thirds of the time.
        self._searched = client.get_collection(collection, embedding_function=None)

    @classmethod
    def create(
        cls,
        location: Path | str,
        collection: str,
        passages: Sequence[Passage],
        vectors: NDArray[np.float32],
        encoder: Encoder,
    ) -> VectorIndex:
        """Write a new collection, in place of one of that name, into a folder (a Path) or a Chroma server (its URL).

        `vectors` are the passages' own, (passages, dimensions), from `encoder`: see encode_passages. Texts stay in the
        catalog: kept here too, which nobody reads, they doubled the time that this takes.
        """
        with _connected(location) as client:
            with contextlib.suppress(NotFoundError):
                client.delete_collection(collection)
            made = client.create_collection(
                collection,
                metadata={"encoder": encoder.digest},
                configuration={"hnsw": {"space": "cosine", "ef_search": _BREADTH}},
                embedding_function=None,
            )
            for start in range(0, len(passages), _PAGE):
                _add(made, passages[start : start + _PAGE], vectors[start : start + _PAGE], encoder.digest)
            return cls(client, collection, encoder)

    @classmethod
    def open(cls, location: Path | str, collection: str, encoder: Encoder) -> VectorIndex:
        """Open a collection; IndexMissing if there is none, EncoderMismatch if it is another encoder's."""
        if isinstance(location, Path) and not (location / "chroma.sqlite3").is_file():
            raise IndexMissing(f"No vector index in {location}: run `huiwen ingest` first.")
        with _connected(location) as client:
            return cls(client, collection, encoder)

    def search(
        self, vector: Sequence[float], *, place_codes: Several[str] | None, limit: int
    ) -> list[tuple[str, float]]:
        """Passage ids with their cosine similarity to `vector`, best first, at most `limit`.

        `place_codes` keeps the passages of these places; None keeps all. An empty collection finds nothing, nor does
        the zero vector, which is the vector of a text without any known word. IndexUnavailable if Chroma is gone.
        """
        codes = None if place_codes is None else sorted(code for code in place_codes if code)
        if codes == [] or limit < 1 or not any(vector):
            return []
        where: dict[str, Any] | None = None if codes is None else {"place": {"$in": codes}}
        with _named_errors():
            found = self._searched.query(list(vector), n_results=limit, where=where, include=["distances"])
        distances = found["distances"] or [[]]
        return [(one, 1.0 - distance) for one, distance in zip(found["ids"][0], distances[0], strict=True)]

    def vectors_of(self) -> dict[str, NDArray[np.float32]]:
        """Vectors of all passages by content_digest: what the next generation keeps, see encode_passages."""
        with _named_errors():
            return {
                metadata["digest"]: vector
                for page in self._pages()
                for metadata, vector in zip(page["metadatas"], page["embeddings"], strict=True)
            }

    def close(self) -> None:
        """Release the files or the connection. No search may follow, nor be under way."""
        _close(self._client)

    def _pages(self) -> Iterator[dict[str, Any]]:
        start, page = 0, self._store.get(limit=_PAGE, include=["metadatas", "embeddings"])
        while page["ids"]:
            yield page
            start += _PAGE
            page = self._store.get(limit=_PAGE, offset=start, include=["metadatas", "embeddings"])


def content_digest(content: str, encoder_digest: str) -> str:
    """What a vector depends on: the text and the encoder."""
    return hashlib.sha256(f"{encoder_digest}\0{content}".encode()).hexdigest()


def encode_passages(
    passages: Sequence[Passage], encoder: Encoder, kept: Mapping[str, NDArray[np.float32]]
) -> NDArray[np.float32]:
    """Vectors of the passages, (passages, dimensions): those in `kept` (see vectors_of) as they are, others encoded."""
    digests = [content_digest(passage.content, encoder.digest) for passage in passages]
    missing = {digest: item.content for digest, item in zip(digests, passages, strict=True) if digest not in kept}
    encoded = np.array(encoder.embed_documents(list(missing.values())), dtype=np.float32)
    fresh = dict(zip(missing, encoded, strict=True))
    rows = [kept[digest] if digest in kept else fresh[digest] for digest in digests]
    return np.array(rows, dtype=np.float32).reshape(len(rows), encoder.dimensions)


def drop_collection(location: Path | str, collection: str) -> None:
    """Delete a collection, if there is one: how a generation ends on a Chroma server."""
    with _connected(location) as client:
        with contextlib.suppress(NotFoundError):
            client.delete_collection(collection)
        _close(client)


@contextlib.contextmanager
def _connected(location: Path | str) -> Iterator[Client]:
    """A client that stays open, unless what is done with it fails."""
    client = _connect(location)
    try:
        with _named_errors():
            yield client
    except BaseException:  # an interrupt too: a client left open keeps the folder's files
        _close(client)
        raise


def _connect(location: Path | str) -> Client:
    settings = Settings(anonymized_telemetry=False)
    setting = f"HUIWEN_INDEX: {location}" if isinstance(location, Path) else f"HUIWEN_CHROMA_URL={location}"
    try:
        if isinstance(location, Path):
            client = chromadb.PersistentClient(location, settings)
        else:
            url = urlsplit(location)
            if url.scheme not in _PORTS or not url.hostname:
                raise ValueError("is no address")
            port = url.port or _PORTS[url.scheme]
            client = chromadb.HttpClient(str(url.hostname), port, url.scheme == "https", settings=settings)
    except (ChromaError, ValueError, KeyError, AttributeError) as error:
        if isinstance(location, Path) and not os.access(location, os.W_OK):
            message = f"HUIWEN_INDEX: {location} cannot be written to, as Chroma must even to read"
            raise IndexUnavailable(f"{message}; let the service's user write to it") from error
        # Its own cleaning up after a failure may fail in turn, and hide the reason.
        problem = f"{setting}: Chroma cannot be used there: {error.__context__ or error}"
        if isinstance(location, str):
            problem = f"{problem}; write http://HOST:PORT, and see that it runs there"
        raise IndexUnavailable(problem) from error
    complete = cast("Client", client)  # what Chroma returns has more than what it promises: close
    for session in _sessions(complete):
        session.timeout = httpx.Timeout(_SERVER_SECONDS)  # Chroma itself would wait for ever
    return complete


def _close(client: Client) -> None:
    sessions = _sessions(client)
    client.close()
    for session in sessions:
        session.close()  # which Chroma leaves open


def _sessions(client: Client) -> list[httpx.Client]:
    """The connections to a server, of which Chroma has two; none in process."""
    servers = (client._server, cast("AdminClient", client._admin_client)._server)
    return [server._session for server in servers if isinstance(server, FastAPI)]


@contextlib.contextmanager
def _named_errors() -> Iterator[None]:
    """Chroma's and its connection's errors as one of ours."""
    try:
        yield
    except (ChromaError, httpx.HTTPError) as error:
        raise IndexUnavailable(f"Chroma failed: {type(error).__name__}: {error}") from error


def _open(client: Client, collection: str, encoder: Encoder) -> Chroma:
    try:
        built_with = (client.get_collection(collection, embedding_function=None).metadata or {}).get("encoder")
    except NotFoundError as error:
        raise IndexMissing(f"Chroma has no collection {collection}: run `huiwen ingest` first.") from error
    if built_with != encoder.digest:
        raise EncoderMismatch(
            f"The index was built with another encoder than {encoder.name} (HUIWEN_ENCODER): run `huiwen ingest`."
        )
    return Chroma(collection, encoder, client=client)


def _add(
    collection: Collection, passages: Sequence[Passage], vectors: NDArray[np.float32], encoder_digest: str
) -> None:
    metadatas: list[Metadata] = [
        # Without a known place there is no entry, so that no filter on places, not even on "", finds the passage.
        {"digest": content_digest(passage.content, encoder_digest)}
        | ({"place": passage.place_code} if passage.place_code else {})
        for passage in passages
    ]
    collection.upsert([passage.id for passage in passages], vectors, metadatas)
