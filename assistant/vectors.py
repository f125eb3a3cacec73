"""The vectors of the index: a Chroma collection that stays as it was made, and what a few runs changed since.

The only module that imports chromadb. Copying and loading Chroma's graph for one changed sheet costs more than all the
rest of a run, so a small change is kept beside it in ``Recent`` and searched exactly; a larger one makes a new
collection with both.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from assistant.embedding import Vectors
from assistant.errors import IndexMismatchError

if TYPE_CHECKING:
    from chromadb import Collection
    from chromadb.api.client import Client

Rows = Sequence[tuple[str, Vectors]]
"""Unit vectors with their ids."""
SYNC = 2_000
"""Vectors after which Chroma writes its graph."""
HNSW = {"space": "ip", "ef_construction": 100, "ef_search": 128, "max_neighbors": 16, "sync_threshold": SYNC, "batch_size": 1_000}
"""What Chroma holds back before it writes its graph is inserted again at each opening, about 8,000 vectors a second: little, then."""

REBUILD = "rebuild it with `assistant index --full`"
_COLLECTION = "chunks"
_BATCH = 4_000
"""Vectors handed to Chroma at once (it takes 5,461 at most)."""
_MANY = 8_000
"""Vectors from which a run writes the graph less often than after ``sync_threshold``, and last at its end."""
_SYNC_BATCHES = range(6, 14)
"""Batches between two writings of the graph, in such a run."""
_RECENT_SHARE, _RECENT_MOST = 0.05, 4_000
"""What ``Recent`` may hold: a share of the collection's vectors, and a number that an exact search goes through in a millisecond."""


@dataclass(frozen=True, slots=True)
class Recent:
    """What changed since a collection was made."""

    held: int
    """Vectors of the collection when it was made."""
    gone: frozenset[str] = frozenset()
    """Ids in the collection that count no more."""
    ids: tuple[str, ...] = ()
    """Ids added since; they may also be in the collection, and then in ``gone``."""
    vectors: Vectors | None = None
    """Their vectors, shape (len(ids), dimensions); None where there are none."""

    @classmethod
    def read(cls, path: Path) -> Recent:
        """Read it from a file.

        Raises:
            IndexMismatchError: the file is missing or damaged.

        """
        try:
            with np.load(path, allow_pickle=False) as arrays:
                ids = tuple(str(one) for one in arrays["ids"])
                vectors = np.asarray(arrays["vectors"], dtype=np.float32) if ids else None
                return cls(int(arrays["held"]), frozenset(str(one) for one in arrays["gone"]), ids, vectors)
        except (OSError, ValueError, KeyError, EOFError) as error:
            raise IndexMismatchError(f"the vectors in {path} are damaged ({error}); {REBUILD}") from error

    def write(self, path: Path) -> None:
        """Write it to a file."""
        vectors = np.zeros((0, 0), dtype=np.float32) if self.vectors is None else self.vectors
        np.savez(path, held=self.held, gone=np.array(sorted(self.gone), dtype=str), ids=np.array(self.ids, dtype=str), vectors=vectors)

    def after(self, removed: Iterable[str], added: Rows) -> Recent:
        """Return what it is once some ids are removed, then some vectors added."""
        out = set(removed)
        rows = [*((key, vector) for key, vector in self.rows() if key not in out), *added]
        gone = self.gone | (out - set(self.ids))
        return Recent(self.held, gone, tuple(key for key, _ in rows), np.stack([vector for _, vector in rows]) if rows else None)

    @property
    def is_small(self) -> bool:
        """Whether it is kept beside its collection rather than made one with it."""
        return len(self.ids) + len(self.gone) <= min(_RECENT_MOST, int(_RECENT_SHARE * self.held))

    def rows(self) -> Rows:
        """Return the vectors added, with their ids."""
        return [] if self.vectors is None else list(zip(self.ids, self.vectors, strict=True))


class VectorIndex:
    """A collection and what changed since, open for reading. Close it when it serves no more."""

    def __init__(self, collection: Path, recent: Path) -> None:
        self._recent = Recent.read(recent)
        self._client, self._collection = _open(collection)

    def nearest(self, vector: Vectors, limit: int) -> dict[str, float]:
        """Return the cosines of the ids nearest to a unit vector, best first."""
        found = self._search(vector, limit)
        if len(found) < min(limit, self._recent.held - len(self._recent.gone)):
            found = self._search(vector, limit + len(self._recent.gone))
        found |= self._recently(vector)
        return dict(sorted(found.items(), key=lambda pair: -pair[1])[:limit])

    def cosines(self, vector: Vectors, ids: Sequence[str]) -> dict[str, float]:
        """Return the cosines of given ids to a unit vector; those that are not there are left out."""
        asked = set(ids)
        known = {key: cosine for key, cosine in self._recently(vector).items() if key in asked}
        wanted = [key for key in ids if key not in known and key not in self._recent.gone]
        if not wanted:
            return known
        found = self._collection.get(ids=wanted, include=["embeddings"])
        if not found["ids"]:
            return known
        cosines = np.asarray(found["embeddings"], dtype=np.float32) @ vector
        return known | dict(zip(found["ids"], cosines.tolist(), strict=True))

    def close(self) -> None:
        """Release the files."""
        self._client.close()

    def _search(self, vector: Vectors, limit: int) -> dict[str, float]:
        limit = min(limit, self._recent.held)
        if not limit:
            return {}
        found = self._collection.query(query_embeddings=vector[None, :], n_results=limit, include=["distances"])
        pairs = zip(found["ids"][0], (found["distances"] or [[]])[0], strict=True)
        return {key: 1.0 - float(distance) for key, distance in pairs if key not in self._recent.gone}

    def _recently(self, vector: Vectors) -> dict[str, float]:
        """Return the cosines of what was added since the collection was made."""
        if self._recent.vectors is None:
            return {}
        return dict(zip(self._recent.ids, (self._recent.vectors @ vector).tolist(), strict=True))


def _create(folder: Path) -> None:
    client = _chroma(folder)
    client.create_collection(_COLLECTION, embedding_function=None, configuration={"hnsw": HNSW})  # type: ignore[arg-type]
    client.close()


def merge(source: Path | None, folder: Path, recent: Recent) -> Recent:
    """Make in a folder the collection that holds a source's vectors (none where None) and what changed since; return its own ``Recent``."""
    shutil.rmtree(folder, ignore_errors=True)
    if source is None:
        _create(folder)
    else:
        shutil.copytree(source, folder, copy_function=shutil.copyfile)
    rows = recent.rows()
    if len(rows) >= _MANY:
        _sync_every(folder, _often(len(rows)) * _BATCH - 1)
    client = _chroma(folder)
    try:
        collection = client.get_collection(_COLLECTION, embedding_function=None)
        gone = sorted(recent.gone)
        for start in range(0, len(gone), _BATCH):
            collection.delete(ids=gone[start : start + _BATCH])
        for start in range(0, len(rows), _BATCH):
            part = rows[start : start + _BATCH]
            collection.add(ids=[key for key, _ in part], embeddings=np.stack([vector for _, vector in part]))
        held = collection.count()
    finally:
        client.close()
    if len(rows) >= _MANY:
        _sync_every(folder, SYNC)
        with contextlib.closing(sqlite3.connect(folder / "chroma.sqlite3")) as db:
            db.execute("VACUUM")  # what Chroma has written to its graph leaves holes that a copy would carry
    return Recent(held)


def _sync_every(folder: Path, vectors: int) -> None:
    """Have Chroma write its graph after so many vectors; a client reads that when it opens."""
    client = _chroma(folder)
    client.get_collection(_COLLECTION, embedding_function=None).modify(configuration={"hnsw": {"sync_threshold": vectors}})
    client.close()


def _often(vectors: int) -> int:
    """Return after how many batches to write the graph, so that few vectors are left when the last batch is in."""
    batches = -(-vectors // _BATCH)
    return min(_SYNC_BATCHES, key=lambda every: (batches % every, -every))


def _chroma(folder: Path) -> Client:
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False, is_persistent=True)
    return cast("Client", chromadb.PersistentClient(str(folder), settings=settings))


def _open(folder: Path) -> tuple[Client, Collection]:
    """Open a collection.

    Raises:
        IndexMismatchError: it is missing or damaged.

    """
    from chromadb.errors import ChromaError

    if not folder.is_dir():
        raise IndexMismatchError(f"the vectors in {folder} are not there; {REBUILD}")
    try:
        client = _chroma(folder)
        return client, client.get_collection(_COLLECTION, embedding_function=None)
    except (ChromaError, ValueError) as error:
        raise IndexMismatchError(f"the vectors in {folder} are damaged ({error}); {REBUILD}") from error
