"""The index on disk: immutable generations of vectors, full text and documents, and the name of the current one.

``index/generations/<n>/`` holds one generation, ``index/vectors/<m>/`` the collection that it and its neighbours share;
``index/CURRENT`` names the generation that is served. A writer copies it, changes the copy, syncs it to disk and renames
``CURRENT``: whatever happens before that rename, readers keep a whole index.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import os
import shutil
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

from filelock import FileLock, Timeout

from assistant import registry, vectors
from assistant.embedding import Vectors
from assistant.errors import IndexBusyError, IndexMismatchError, IndexMissingError
from assistant.lexical import LexicalIndex
from assistant.registry import Registry
from assistant.schema import Chunk, Document, Field, Kind, Mission, Problem, Section
from assistant.vectors import REBUILD, Recent, VectorIndex

FORMAT = 8
"""Version of the layout and of the tables; an index of another version is rebuilt."""
KEPT = 2
"""Generations kept: the current one and the one before, to roll back to."""

_BODY, _HEADING = "b:", "h:"
"""What the id of a vector starts with; the rest is the chunk's id, or the key of a heading that many chunks may share."""
_RECENT = "recent.npz"
"""File of what changed since the collection was made."""
_VECTORS = "vectors"
"""Folder of the collections."""
_PER_HEADING = 10
"""Chunks taken of those under one near heading."""
_TABLES = """
CREATE TABLE files(path TEXT PRIMARY KEY, digest TEXT NOT NULL, size INTEGER NOT NULL, skipped INTEGER NOT NULL, problems TEXT NOT NULL,
  stamp TEXT NOT NULL);
CREATE TABLE documents(name TEXT PRIMARY KEY, path TEXT NOT NULL, kind TEXT NOT NULL, title TEXT NOT NULL, language TEXT NOT NULL,
  published TEXT, url TEXT, sample INTEGER NOT NULL, text TEXT NOT NULL, layout BLOB NOT NULL, twin TEXT NOT NULL);
CREATE INDEX documents_path ON documents(path);
CREATE INDEX documents_twin ON documents(twin);
CREATE TABLE chunks(id TEXT PRIMARY KEY, document TEXT NOT NULL, heading TEXT NOT NULL, text TEXT NOT NULL, page INTEGER,
  start INTEGER NOT NULL, "end" INTEGER NOT NULL, heading_key TEXT NOT NULL);
CREATE INDEX chunks_document ON chunks(document, start);
CREATE INDEX chunks_heading ON chunks(heading_key);
"""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index says of itself, written last."""

    format: int
    corpus: str
    model: str
    fingerprint: str
    dimensions: int
    chunking: dict[str, int]
    vectors: str
    """Name of the folder of its collection, under ``vectors/``."""
    built: str
    """UTC date and time, ISO 8601."""
    files: int
    documents: int
    chunks: int

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read a generation's manifest.

        Raises:
            IndexMismatchError: it is damaged, or of another format.

        """
        try:
            values = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
            if values.get("format") != FORMAT:
                raise IndexMismatchError(f"the index in {folder} has format {values.get('format')}, not {FORMAT}; {REBUILD}")
            return cls(**values)
        except (OSError, ValueError, TypeError) as error:
            raise IndexMismatchError(f"the manifest in {folder} is damaged ({error}); {REBUILD}") from error


@dataclass(frozen=True, slots=True)
class FileState:
    """A corpus file as last read."""

    path: str
    digest: str
    size: int
    skipped: bool
    problems: tuple[Problem, ...]
    stamp: str = ""
    """What tells without reading it that the file is the same; empty where only its content tells."""


@dataclass(frozen=True, slots=True)
class Change:
    """What one run adds to and removes from a generation."""

    files: Sequence[FileState]
    documents: Sequence[Document]
    missions: Sequence[Mission]
    twins: Mapping[str, str]
    """Document name -> what it shares with the documents that hold the same thing."""
    chunks: Sequence[Chunk]
    body_vectors: Vectors
    """One for each chunk."""
    heading_vectors: Mapping[str, Vectors]
    """By heading, as ``Chunk.heading_text`` gives it."""
    stamps: Mapping[str, str]
    """New stamps of files whose content is the same, by path."""
    removed_paths: Sequence[str]
    removed_chunks: Sequence[str]


def current(index: Path) -> Path | None:
    """Return the folder of the generation that is served, None where there is no index."""
    try:
        name = (index / "CURRENT").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    folder = index / "generations" / name
    if not name.isdigit() or not folder.is_dir():
        raise IndexMismatchError(f"{index / 'CURRENT'} names a generation that is not there; {REBUILD}")
    return folder


def read_files(folder: Path) -> dict[str, FileState]:
    """Return the state of each corpus file in a generation, without opening its vectors or full text."""
    with contextlib.closing(_read_only(folder)) as db:
        return _files(db)


def read_twins(folder: Path) -> dict[str, tuple[str, ...]]:
    """Return the names of the other documents that hold the same thing, by document that has some."""
    with contextlib.closing(_read_only(folder)) as db:
        return _twins(db)


def read_chunk_ids(folder: Path, paths: Sequence[str]) -> set[str]:
    """Return the ids of the chunks that the documents of some files have in a generation."""
    query = "SELECT id FROM chunks JOIN documents ON documents.name = chunks.document WHERE documents.path = ?"
    with contextlib.closing(_read_only(folder)) as db:
        return {row[0] for path in paths for row in db.execute(query, (path,))}


@contextlib.contextmanager
def writer_lock(index: Path) -> Iterator[None]:
    """Hold the one writer's place on an index folder.

    Raises:
        IndexBusyError: another process holds it.

    """
    index.mkdir(parents=True, exist_ok=True)
    lock = FileLock(index / ".lock")
    try:
        with lock.acquire(timeout=0):
            yield
    except Timeout as error:
        raise IndexBusyError(f"another `assistant index` is writing {index}; wait for it to end") from error


class Generation:
    """One generation, open for reading. Close it when another one is served."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = Manifest.read(folder)
        self.lexical = LexicalIndex(folder / "tantivy")
        self._vectors = VectorIndex(vectors_folder(folder, self.manifest), folder / _RECENT)
        self._db = _read_only(folder)
        self._check()

    @classmethod
    def open(cls, index: Path, fingerprint: str | None = None) -> Generation:
        """Open the served generation; a fingerprint given must be that of the model it was built with.

        Raises:
            IndexMissingError: there is none.
            IndexMismatchError: it is damaged, or was built otherwise.

        """
        folder = current(index)
        if folder is None:
            raise IndexMissingError(f"there is no index in {index}; build it with `assistant index`")
        check_fingerprint(Manifest.read(folder), fingerprint)
        return cls(folder)

    def nearest(self, vector: Vectors, limit: int) -> dict[str, float]:
        """Return the cosine of the chunks nearest to a unit vector: the larger of heading's and body's.

        Of the chunks under one heading, the first few stand for all where only the heading is near.
        """
        if not vector.any():
            return {}
        near = self._vectors.nearest(vector, 2 * limit)
        cosines = {key[2:]: cosine for key, cosine in near.items() if key.startswith(_BODY)}
        for chunk_id, heading in self._under([key[2:] for key in near if key.startswith(_HEADING)]):
            cosines[chunk_id] = max(cosines.get(chunk_id, -1.0), near[_HEADING + heading])
        return cosines

    def cosines(self, vector: Vectors, chunk_ids: Sequence[str]) -> dict[str, tuple[float, float]]:
        """Return the cosines of given chunks to a unit vector, of the body and of the heading (0 where it has no vector)."""
        marks = ",".join("?" * len(chunk_ids))
        headings = dict(self._db.execute(f"SELECT id, heading_key FROM chunks WHERE id IN ({marks})", list(chunk_ids)))
        keys = [_BODY + chunk_id for chunk_id in headings] + [_HEADING + key for key in dict.fromkeys(headings.values())]
        known = self._vectors.cosines(vector, keys)
        return {chunk_id: (known.get(_BODY + chunk_id, 0.0), known.get(_HEADING + key, 0.0)) for chunk_id, key in headings.items()}

    def _under(self, headings: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Yield the first chunks under each heading, with its key."""
        query = "SELECT id FROM chunks WHERE heading_key = ? ORDER BY rowid LIMIT ?"
        for heading in headings:
            yield from ((row[0], heading) for row in self._db.execute(query, (heading, _PER_HEADING)))

    def chunks(self, chunk_ids: Sequence[str]) -> dict[str, Chunk]:
        """Return chunks by id; ids that are not there are left out."""
        marks = ",".join("?" * len(chunk_ids))
        query = f'SELECT id, document, heading, text, page, start, "end" FROM chunks WHERE id IN ({marks})'
        return {row[0]: _as_chunk(row) for row in self._db.execute(query, list(chunk_ids))}

    def chunks_of(self, document: str) -> list[Chunk]:
        """Return the chunks of a document, in order."""
        query = 'SELECT id, document, heading, text, page, start, "end" FROM chunks WHERE document = ? ORDER BY start'
        return [_as_chunk(row) for row in self._db.execute(query, (document,))]

    def document(self, name: str) -> Document | None:
        """Return a document by name, None where there is none of that name."""
        row = self._db.execute(f"{_SELECT_DOCUMENT} WHERE name = ?", (name,)).fetchone()
        return _as_document(row) if row else None

    def documents(self, path: str | None = None, kind: Kind | None = None) -> list[Document]:
        """Return the documents, by name; of one file or of one kind where asked."""
        clauses = [("path = ?", path)] * (path is not None) + [("kind = ?", kind)] * (kind is not None)
        where = f" WHERE {' AND '.join(c for c, _ in clauses)}" if clauses else ""
        rows = self._db.execute(f"{_SELECT_DOCUMENT}{where} ORDER BY path, rowid", [value for _, value in clauses])
        return [_as_document(row) for row in rows]

    @cached_property
    def registry(self) -> Registry:
        """The missions of this generation."""
        return Registry(self._db, self.twins)

    @cached_property
    def twins(self) -> dict[str, tuple[str, ...]]:
        """The names of the other documents that hold the same thing, by document that has some."""
        return _twins(self._db)

    def close(self) -> None:
        """Release the files; the generation answers no more."""
        self._db.close()
        self._vectors.close()

    def _check(self) -> None:
        """Refuse a generation whose parts do not hold the same chunks."""
        try:
            stored = self._db.execute("SELECT count(*) FROM chunks").fetchone()[0]
        except sqlite3.DatabaseError as error:
            raise IndexMismatchError(f"the documents in {self.folder} are damaged ({error}); {REBUILD}") from error
        if not stored == len(self.lexical) == self.manifest.chunks:
            raise IndexMismatchError(f"the parts of the index in {self.folder} do not agree; {REBUILD}")


class Draft:
    """A generation being made: a copy of the served one, or an empty one. Nothing shows until ``publish``."""

    def __init__(self, index: Path, base: Path | None) -> None:
        self._index = index
        folder = index / "generations"
        folder.mkdir(parents=True, exist_ok=True)
        self._number = max((int(one.name) for one in generations(index)), default=0) + 1
        self.folder = folder / f"{self._number}.draft"
        self._collection = vectors_folder(base, Manifest.read(base)) if base else None
        if base is None:
            self._create()
        else:
            _copy(base, self.folder)

    @property
    def vectors(self) -> str:
        """The name of the folder of its collection."""
        assert self._collection is not None, "apply a change first"
        return self._collection.name

    def apply(self, change: Change) -> None:
        """Write a change to the three parts of the draft."""
        touched = self._keys_of(change.removed_chunks) | set(map(_heading_key, change.heading_vectors))
        before = self._present(touched)
        self._write_tables(change)
        self._write_vectors(change, before)
        LexicalIndex(self.folder / "tantivy").update(change.chunks, change.removed_chunks)

    def counts(self) -> tuple[int, int, int]:
        """Return how many files, documents and chunks the draft holds."""
        with contextlib.closing(sqlite3.connect(self.folder / "documents.sqlite")) as db:
            files, documents, chunks = (
                db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("files", "documents", "chunks")
            )
        return int(files), int(documents), int(chunks)

    def publish(self, manifest: Manifest) -> Path:
        """Sync the draft to disk and serve it; older generations than the last two go."""
        text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
        (self.folder / "manifest.json").write_text(text, encoding="utf-8")
        for path in (self.folder, self._own_collection):
            if path.exists():
                _sync_all(path)
        final = self.folder.with_suffix("")
        self.folder.rename(final)
        _sync(final.parent)
        serve(self._index, final)
        prune(self._index)
        return final

    def discard(self) -> None:
        """Remove the draft."""
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.rmtree(self._own_collection, ignore_errors=True)

    @property
    def _own_collection(self) -> Path:
        """Where its collection is, if it makes one."""
        return self._index / _VECTORS / str(self._number)

    def _keys_of(self, chunk_ids: Sequence[str]) -> set[str]:
        """Return the keys of the headings above some chunks."""
        with contextlib.closing(sqlite3.connect(self.folder / "documents.sqlite")) as db:
            query = "SELECT heading_key FROM chunks WHERE id = ?"
            return {row[0] for chunk_id in chunk_ids for row in db.execute(query, (chunk_id,))}

    def _present(self, keys: Iterable[str]) -> set[str]:
        """Return the headings, of some, that a chunk of the draft stands under."""
        with contextlib.closing(sqlite3.connect(self.folder / "documents.sqlite")) as db:
            query = "SELECT 1 FROM chunks WHERE heading_key = ? LIMIT 1"
            return {key for key in keys if db.execute(query, (key,)).fetchone()}

    def _create(self) -> None:
        self.folder.mkdir()
        with contextlib.closing(sqlite3.connect(self.folder / "documents.sqlite")) as db:
            db.executescript(_TABLES + registry.TABLES)
        Recent(0).write(self.folder / _RECENT)
        LexicalIndex.create(self.folder / "tantivy")

    def _write_tables(self, change: Change) -> None:
        with contextlib.closing(sqlite3.connect(self.folder / "documents.sqlite")) as db, db:
            gone = [(path,) for path in [*change.removed_paths, *(f.path for f in change.files)]]
            db.executemany(
                "DELETE FROM chunks WHERE document IN (SELECT name FROM documents WHERE path = ?)",
                [(path,) for path in change.removed_paths],
            )
            for (path,) in gone:
                registry.remove(db, path)
            db.executemany("DELETE FROM documents WHERE path = ?", gone)
            db.executemany("DELETE FROM files WHERE path = ?", gone)
            db.executemany("DELETE FROM chunks WHERE id = ?", [(chunk_id,) for chunk_id in change.removed_chunks])
            db.executemany("INSERT INTO files VALUES (?,?,?,?,?,?)", [_file_row(f) for f in change.files])
            db.executemany("UPDATE files SET stamp = ? WHERE path = ?", [(stamp, path) for path, stamp in change.stamps.items()])
            rows = [(*_document_row(d), change.twins[d.name]) for d in change.documents]
            db.executemany("INSERT INTO documents VALUES (?,?,?,?,?,?,?,?,?,?,?)", rows)
            registry.write(db, change.missions, {d.name: d.text for d in change.documents})
            db.executemany("INSERT INTO chunks VALUES (?,?,?,?,?,?,?,?)", [_chunk_row(c) for c in change.chunks])

    def _write_vectors(self, change: Change, headings_before: set[str]) -> None:
        """Write the vectors of a change; ``headings_before`` are those of its headings that chunks stood under before it."""
        gone = [_BODY + chunk_id for chunk_id in change.removed_chunks]
        gone += [_HEADING + key for key in headings_before - self._present(headings_before)]
        recent = Recent.read(self.folder / _RECENT).after(gone, self._vector_rows(change, headings_before))
        if self._collection is None or not recent.is_small:
            self._own_collection.parent.mkdir(exist_ok=True)
            recent = vectors.merge(self._collection, self._own_collection, recent)
            self._collection = self._own_collection
        recent.write(self.folder / _RECENT)

    def _vector_rows(self, change: Change, headings_before: set[str]) -> list[tuple[str, Vectors]]:
        """Return the vectors to add with their ids: the bodies, and the headings that no chunk had; empty texts have none."""
        rows = [(_BODY + chunk.id, vector) for chunk, vector in zip(change.chunks, change.body_vectors, strict=True)]
        headings = [(_heading_key(text), vector) for text, vector in change.heading_vectors.items()]
        rows += [(_HEADING + key, vector) for key, vector in headings if key not in headings_before]
        return [(key, vector) for key, vector in rows if vector.any()]


def _copy(base: Path, folder: Path) -> None:
    """Copy a generation but its manifest, several files at once: most of the time goes to waiting for the disk."""
    files = [path for path in base.rglob("*") if path.is_file() and path.name != "manifest.json"]
    for path in files:
        (folder / path.relative_to(base)).parent.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(max_workers=4) as pool:
        list(pool.map(lambda path: shutil.copyfile(path, folder / path.relative_to(base)), files))


def serve(index: Path, folder: Path) -> None:
    """Name a generation as the one that is served, atomically."""
    temporary = index / "CURRENT.new"
    temporary.write_text(f"{folder.name}\n", encoding="utf-8")
    _sync(temporary)
    temporary.replace(index / "CURRENT")
    _sync(index)


def generations(index: Path) -> list[Path]:
    """Return the folders of the generations that could be served, newest first."""
    folder = index / "generations"
    found = [path for path in folder.iterdir() if path.name.isdigit()] if folder.is_dir() else []
    return sorted(found, key=lambda path: -int(path.name))


def roll_back(index: Path) -> Path:
    """Serve the generation before the one that is served, and return its folder.

    Raises:
        IndexMissingError: there is none before it.
        IndexMismatchError: it is damaged.
        IndexBusyError: another process is writing the index.

    """
    with writer_lock(index):
        served = current(index)
        before = next((one for one in generations(index) if served is not None and int(one.name) < int(served.name)), None)
        if before is None:
            raise IndexMissingError(f"no earlier version of the index is kept in {index}")
        Manifest.read(before)
        serve(index, before)
        return before


def vectors_folder(generation: Path, manifest: Manifest) -> Path:
    """Return the folder of a generation's collection."""
    return generation.parent.parent / _VECTORS / manifest.vectors


def prune(index: Path) -> None:
    """Remove drafts that a killed run left, generations older than those kept, and collections that none of these names."""
    folder = index / "generations"
    if not folder.is_dir():
        return
    served = current(index)
    limit = int(served.name) if served else 0
    kept = [one for one in generations(index) if int(one.name) <= limit][:KEPT]
    for path in folder.iterdir():
        if path not in kept:
            shutil.rmtree(path, ignore_errors=True)
    named = _collections(kept)
    for path in (index / _VECTORS).glob("*"):
        if path.name not in named:
            shutil.rmtree(path, ignore_errors=True)


def _collections(kept: Sequence[Path]) -> set[str]:
    """Return the names of the collections of some generations; a damaged manifest names none."""
    named = set()
    for folder in kept:
        with contextlib.suppress(IndexMismatchError):
            named.add(Manifest.read(folder).vectors)
    return named


def check_fingerprint(manifest: Manifest, fingerprint: str | None) -> None:
    """Refuse an index that another embedding model made.

    Raises:
        IndexMismatchError: the fingerprints differ.

    """
    if fingerprint is not None and manifest.fingerprint != fingerprint:
        raise IndexMismatchError(f"the index was built with another embedding model ({manifest.model}); {REBUILD}")


def now_text() -> str:
    """Return the present UTC date and time, for a manifest."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def _read_only(folder: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{folder / 'documents.sqlite'}?mode=ro&immutable=1", uri=True, check_same_thread=False)


def _sync_all(folder: Path) -> None:
    for path in [*folder.rglob("*"), folder, folder.parent]:
        _sync(path)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


_SELECT_DOCUMENT = "SELECT name, kind, title, language, published, url, sample, text, layout FROM documents"


def _files(db: sqlite3.Connection) -> dict[str, FileState]:
    rows = db.execute("SELECT path, digest, size, skipped, problems, stamp FROM files ORDER BY path")
    return {
        path: FileState(
            path, digest, size, bool(skipped), tuple(Problem(**p) for p in json.loads(problems)) if problems != "[]" else (), stamp
        )
        for path, digest, size, skipped, problems, stamp in rows
    }


def _twins(db: sqlite3.Connection) -> dict[str, tuple[str, ...]]:
    query = "SELECT twin, name FROM documents WHERE twin IN (SELECT twin FROM documents GROUP BY twin HAVING count(*) > 1) ORDER BY name"
    groups: dict[str, list[str]] = {}
    for twin, name in db.execute(query):
        groups.setdefault(twin, []).append(name)
    return {name: tuple(other for other in names if other != name) for names in groups.values() for name in names}


def _file_row(state: FileState) -> tuple[object, ...]:
    problems = json.dumps([asdict(p) for p in state.problems], ensure_ascii=False)
    return state.path, state.digest, state.size, int(state.skipped), problems, state.stamp


def _document_row(document: Document) -> tuple[object, ...]:
    layout = {
        "pages": document.pages,
        "sections": [(s.path, s.start, s.end) for s in document.sections],
        "fields": [(f.name, f.label, f.value, f.start, f.end) for f in document.fields],
    }
    published = document.published.isoformat() if document.published else None
    return (
        document.name, document.path, document.kind.value, document.title, document.language, published,
        document.url, int(document.sample), document.text, zlib.compress(json.dumps(layout, ensure_ascii=False).encode("utf-8")),
    )  # fmt: skip


def _as_document(row: tuple[str, str, str, str, str | None, str | None, int, str, bytes]) -> Document:
    name, kind, title, language, published, url, sample, text, packed = row
    layout = json.loads(zlib.decompress(packed))
    return Document(
        name=name,
        kind=Kind(kind),
        title=title,
        text=text,
        language=language,
        published=dt.date.fromisoformat(published) if published else None,
        url=url,
        sample=bool(sample),
        sections=tuple(Section(tuple(path), start, end) for path, start, end in layout["sections"]),
        fields=tuple(Field(*values) for values in layout["fields"]),
        pages=tuple(layout["pages"]),
    )


def _heading_key(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8"), digest_size=12).hexdigest()


def _chunk_row(chunk: Chunk) -> tuple[object, ...]:
    heading = json.dumps(chunk.heading, ensure_ascii=False)
    return chunk.id, chunk.document, heading, chunk.text, chunk.page, chunk.start, chunk.end, _heading_key(chunk.heading_text)


def _as_chunk(row: tuple[str, str, str, str, int | None, int, int]) -> Chunk:
    chunk_id, document, heading, text, page, start, end = row
    return Chunk(chunk_id, document, tuple(json.loads(heading)), text, page, start, end)


def documents_named(generation: Generation, name: str) -> Iterable[Document]:
    """Return the document of that name, or every record of the file of that name."""
    found = generation.document(name)
    return [found] if found else generation.documents(path=name)
