"""Brings the index in line with the corpus folder: only what changed is read, chunked and embedded, then published at once.

Knows files, documents and the store; does not know how questions are answered.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from assistant import duplicates, missions, store
from assistant.chunking import PARAMETERS, chunk
from assistant.embedding import Embedder, Vectors
from assistant.errors import CorpusError, IndexMismatchError
from assistant.loading import worker
from assistant.schema import Chunk, Document, Mission, Problem
from assistant.store import Change, Draft, FileState, Manifest
from assistant.vectors import REBUILD

Progress = Callable[[str, int, int], None]
"""Called with what is done, how many, of how many."""

_HIDDEN = re.compile(r"\.(?!\.)|~\$")
"""Start of the names of files that systems and word processors leave behind; they are passed over."""
IGNORED = frozenset({"SOURCES.md", "README.md"})
"""Files at the root of a corpus that speak of it and are no part of it."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a run may vary."""

    full: bool = False
    """Read everything again, whatever the index says: for another corpus folder, model or version."""
    max_bytes: int = 50_000_000
    limits: worker.Limits = field(default_factory=worker.Limits)


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What a run did. Names are paths under the corpus folder."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    skipped: tuple[Problem, ...] = ()
    """Files, or lines of exports, that were left out."""
    partial: tuple[Problem, ...] = ()
    """What was read and wants a look: parts that could not be read, fields not understood, duplicates, no date or source."""
    documents: int = 0
    chunks: int = 0
    seconds: float = 0.0
    generation: str = ""

    @property
    def has_changes(self) -> bool:
        """Whether the corpus differed from the index."""
        return bool(self.added or self.changed or self.removed)


_SETTLED = 2_000_000_000
"""Nanoseconds after its last change from which a file's stamp is trusted: clocks of file systems tick in coarse steps."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A file of the corpus, with its stamp."""

    path: str
    stamp: str


@dataclass(slots=True)
class _Difference:
    """How the corpus folder differs from what is indexed."""

    files: dict[str, _Found]
    digests: dict[str, str]
    problems: list[Problem] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    restamped: dict[str, str] = field(default_factory=dict)
    """New stamps of unchanged files, by name."""


def index_corpus(
    corpus: Path, index: Path, embedder: Embedder, *, options: Options | None = None, progress: Progress | None = None
) -> IndexReport:
    """Bring the index in line with the corpus.

    Raises:
        CorpusError: the folder is missing, empty, or not the one indexed, and ``full`` was not asked.
        IndexMismatchError: the index was built otherwise, and ``full`` was not asked.
        IndexBusyError: another process is writing it.

    """
    options = options or Options()
    started = time.perf_counter()
    if not corpus.is_dir():
        raise CorpusError(f"the corpus folder {corpus} is not there; name it with --corpus")
    with store.writer_lock(index):
        store.prune(index)
        base = None if options.full else _base(index, corpus, embedder)
        known = _known_files(base)
        difference = _compare(corpus, known, options)
        _check_not_emptied(corpus, index, difference, options)
        if base is not None and not (difference.added or difference.changed or difference.removed):
            return _report(difference, known, Manifest.read(base), base, started)
        with ThreadPoolExecutor(max_workers=1) as beside:  # the served generation is copied while files are read
            copied = beside.submit(Draft, index, base)
            try:
                change = _change(base, difference, embedder, options.limits, progress)
            except BaseException:
                copied.result().discard()
                raise
        draft = copied.result()
        try:
            draft.apply(change)
            manifest = _manifest(draft, corpus, embedder)
            files = _files_after(known, change)
            published = draft.publish(manifest)
        except BaseException:
            draft.discard()
            raise
    return _report(difference, files, manifest, published, started)


def corpus_changes(corpus: Path, index: Path, options: Options | None = None) -> IndexReport:
    """Return what a run would add, change and remove, without doing it."""
    base = store.current(index)
    difference = _compare(corpus, _known_files(base), options or Options())
    return _report(difference, _known_files(base), None, base, time.perf_counter())


def _base(index: Path, corpus: Path, embedder: Embedder) -> Path | None:
    folder = store.current(index)
    if folder is None:
        return None
    manifest = Manifest.read(folder)
    store.check_fingerprint(manifest, embedder.fingerprint)
    if manifest.chunking != PARAMETERS:
        raise IndexMismatchError(f"the index in {index} was cut with other parameters; {REBUILD}")
    if Path(manifest.corpus) != corpus.resolve():
        raise CorpusError(
            f"the index in {index} was built from {manifest.corpus}, not from {corpus.resolve()}; "
            "give that folder, another --index, or --full to replace it"
        )
    return folder


def _known_files(base: Path | None) -> dict[str, FileState]:
    return store.read_files(base) if base else {}


def _compare(corpus: Path, known: dict[str, FileState], options: Options) -> _Difference:
    files, problems = _scan(corpus, options)
    difference = _Difference(files, {}, problems)
    for name, found in files.items():
        before = known.get(name)
        if before is not None and before.stamp and before.stamp == found.stamp:
            difference.digests[name] = before.digest
            difference.unchanged.append(name)
            continue
        try:
            difference.digests[name] = _digest(found.path)
        except OSError as error:
            reason = f"cannot be opened ({error.strerror})"
            problems.append(Problem(name, reason, "give read permission (chmod +r), or check the disk"))
            continue
        if before is None:
            difference.added.append(name)
        elif before.digest != difference.digests[name]:
            difference.changed.append(name)
        else:
            difference.unchanged.append(name)
            difference.restamped[name] = found.stamp
    difference.removed = [name for name in known if name not in difference.digests]
    return difference


def _scan(corpus: Path, options: Options) -> tuple[dict[str, _Found], list[Problem]]:
    """Return the corpus files by name, and the problem of each one that is not to be read at all."""
    root = corpus.resolve()
    files: dict[str, _Found] = {}
    problems: list[Problem] = []
    for name, entry in sorted(_walk(corpus, ""), key=lambda one: one[0]):
        if name in IGNORED or _HIDDEN.match(entry.name):
            continue
        problem = _refuse(entry, name, root, options)
        if problem:
            problems.append(problem)
        else:
            files[name] = _Found(entry.path, _stamp(entry))
    return files, problems


def _walk(folder: Path | str, prefix: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield what a folder holds, by path under the corpus, folders and hidden ones apart."""
    with os.scandir(folder) as entries:
        for entry in entries:
            name = f"{prefix}{entry.name}"
            if not entry.is_dir(follow_symlinks=False):
                yield name, entry
            elif not entry.name.startswith("."):
                yield from _walk(entry.path, f"{name}/")


def _refuse(entry: os.DirEntry[str], name: str, root: Path, options: Options) -> Problem | None:
    if entry.is_symlink() and not Path(entry.path).resolve().is_relative_to(root):
        return Problem(name, "is a link to outside the corpus folder", "copy the file itself into the corpus")
    if entry.is_symlink() and (entry.is_dir() or not Path(entry.path).exists()):
        return Problem(name, "is a link to a folder or to nothing", "copy the files themselves into the corpus")
    if not entry.is_file():
        return Problem(name, "is not a regular file", "remove it from the corpus")
    if not name.isprintable():
        return Problem(ascii(name), "has control characters in its name", "rename it without them")
    size = entry.stat().st_size
    if size > options.max_bytes:
        reason = f"is larger than the limit ({size / 1e6:.0f} MB > {options.max_bytes / 1e6:.0f} MB)"
        return Problem(name, reason, "split it, or raise ASSISTANT_MAX_FILE_MB")
    return None


def _stamp(entry: os.DirEntry[str]) -> str:
    """Return what changes whenever a file is written, replaced or moved; nothing for one written so lately that it might change unseen."""
    known = entry.stat()
    lately = time.time_ns() - known.st_ctime_ns < _SETTLED
    return "" if lately else f"{known.st_size}-{known.st_mtime_ns}-{known.st_ctime_ns}-{known.st_ino}"


def _digest(path: str) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as source:
        while block := source.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _check_not_emptied(corpus: Path, index: Path, difference: _Difference, options: Options) -> None:
    if difference.files or options.full:
        return
    if store.current(index) is None:
        raise CorpusError(f"the corpus folder {corpus} holds no document; put some there, then `assistant index`")
    raise CorpusError(f"the corpus folder {corpus} is empty; the index is kept as it was (--full empties it)")


@dataclass(frozen=True, slots=True)
class _Prepared:
    """What one file gives: its documents with their missions, its chunks, and the vectors of those that are new."""

    documents: Mapping[str, tuple[Document, Mission | None]]
    chunks: tuple[Chunk, ...]
    new: tuple[Chunk, ...]
    vectors: Vectors


def _prepare(outcome: worker.Outcome, known: AbstractSet[str], embedder: Embedder) -> _Prepared:
    documents = _documents(outcome)
    chunks = tuple(one for document in documents for one in chunk(document))
    new = tuple(one for one in chunks if one.id not in known)
    parsed = {document.name: (document, missions.parse(document)) for document in documents}
    return _Prepared(parsed, chunks, new, embedder.encode([one.text for one in new]))


def _change(base: Path | None, difference: _Difference, embedder: Embedder, limits: worker.Limits, progress: Progress | None) -> Change:
    before = store.read_chunk_ids(base, [*difference.changed, *difference.removed]) if base else set()
    touched = [(name, Path(difference.files[name].path)) for name in [*difference.added, *difference.changed]]
    outcomes: dict[str, worker.Outcome] = {}
    futures: dict[str, Future[_Prepared]] = {}
    with ThreadPoolExecutor(max_workers=1) as beside:  # embeds a file while the children read the next ones
        for name, outcome in worker.read_all(touched, limits):
            outcomes[name] = outcome
            futures[name] = beside.submit(_prepare, outcome, before, embedder)
            if progress:
                progress("read", len(outcomes), len(touched))
        files = [_result(futures[name], number, len(touched), progress) for number, (name, _) in enumerate(touched, start=1)]
    read = {name: mission for prepared in files for name, (_, mission) in prepared.documents.items()}
    documents = [document for prepared in files for document, _ in prepared.documents.values()]
    new = [one for prepared in files for one in prepared.new]
    headings = list(dict.fromkeys(one.heading_text for one in new))
    return Change(
        files=[_state(name, difference.files[name], outcomes[name], difference.digests[name], read) for name, _ in touched],
        documents=documents,
        missions=[mission for mission in read.values() if mission],
        twins={document.name: duplicates.key(document, read[document.name]) for document in documents},
        chunks=new,
        body_vectors=np.concatenate([prepared.vectors for prepared in files]) if files else embedder.encode([]),
        heading_vectors=dict(zip(headings, embedder.encode(headings), strict=True)),
        stamps=difference.restamped,
        removed_paths=difference.removed,
        removed_chunks=sorted(before - {one.id for prepared in files for one in prepared.chunks}),
    )


def _result(future: Future[_Prepared], number: int, total: int, progress: Progress | None) -> _Prepared:
    prepared = future.result()
    if progress:
        progress("embed", number, total)
    return prepared


def _documents(outcome: worker.Outcome) -> Sequence[Document]:
    return () if isinstance(outcome, Problem) else outcome.documents


def _state(name: str, found: _Found, outcome: worker.Outcome, digest: str, read: Mapping[str, Mission | None]) -> FileState:
    size = os.stat(found.path).st_size
    if isinstance(outcome, Problem):
        return FileState(name, digest, size, True, (outcome,), found.stamp)
    doubts = [doubt for document in outcome.documents for doubt in _doubts(document, read[document.name])]
    return FileState(name, digest, size, False, (*outcome.problems, *doubts), found.stamp)


def _doubts(document: Document, mission: Mission | None) -> Iterator[Problem]:
    """Yield what a maintainer should look at in a document that was read: fields not understood, no date and no source."""
    if mission:
        for label, value in mission.doubts:
            yield Problem(document.name, f"{label} « {value} » is not understood", "write it as on the postings site", fatal=False)
    elif not (document.published or document.url or "://" in document.text):
        yield Problem(document.name, "has neither date nor source", "add `published` and `url` to its front matter", fatal=False)


def _manifest(draft: Draft, corpus: Path, embedder: Embedder) -> Manifest:
    files, documents, chunks = draft.counts()
    return Manifest(
        format=store.FORMAT,
        corpus=str(corpus.resolve()),
        model=embedder.name,
        fingerprint=embedder.fingerprint,
        dimensions=embedder.dimensions,
        chunking=PARAMETERS,
        vectors=draft.vectors,
        built=store.now_text(),
        files=files,
        documents=documents,
        chunks=chunks,
    )


def _files_after(known: Mapping[str, FileState], change: Change) -> dict[str, FileState]:
    """Return the state of each corpus file after a change, by path."""
    gone = set(change.removed_paths)
    kept = {path: state for path, state in known.items() if path not in gone}
    return dict(sorted({**kept, **{state.path: state for state in change.files}}.items()))


def _report(
    difference: _Difference, files: dict[str, FileState], manifest: Manifest | None, generation: Path | None, started: float
) -> IndexReport:
    twins = store.read_twins(generation) if generation else {}
    problems = [p for state in files.values() if state.path in difference.digests for p in state.problems]
    return IndexReport(
        added=tuple(difference.added),
        changed=tuple(difference.changed),
        removed=tuple(difference.removed),
        unchanged=tuple(difference.unchanged),
        skipped=tuple([*difference.problems, *(p for p in problems if p.fatal)]),
        partial=tuple([*(p for p in problems if not p.fatal), *_copies(twins)]),
        documents=manifest.documents if manifest else 0,
        chunks=manifest.chunks if manifest else 0,
        seconds=round(time.perf_counter() - started, 3),
        generation=generation.name if generation else "",
    )


def _copies(twins: dict[str, tuple[str, ...]]) -> Iterator[Problem]:
    """Yield a word for each document that another, earlier one already holds."""
    for name, others in twins.items():
        if name > min(others):
            reason = f"holds the same thing as {min(others)}"
            yield Problem(name, reason, "remove one of the two; meanwhile answers show it once", fatal=False)
