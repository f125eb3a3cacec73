"""What a maintainer does with a corpus and its index, whatever the page: add and remove documents, index, compare, go back.

Nothing is written outside the corpus folder; a document taken away is kept aside, in the data folder.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from assistant import store
from assistant.embedding import Embedder
from assistant.errors import AssistantError, CorpusError
from assistant.indexing import IndexReport, Options, corpus_changes, index_corpus
from assistant.loading import formats

FOLDERS = ("missions", "guides", "policies", "news")
"""Folders of the corpus that documents are added to."""
_NAME = re.compile(r"[^\W_][\w .,'()\[\]+-]*")
_LONGEST_NAME = 120
_RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?")


class RefusedFileError(AssistantError):
    """A file cannot be added to, or taken from, the corpus."""


class CancelledError(AssistantError):
    """The run was cancelled; the index that was served still is."""


@dataclass(frozen=True, slots=True)
class Step:
    """How far a run is."""

    doing: str
    """``read`` or ``embed``."""
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Version:
    """A generation of the index that is kept, and what it changed of the one before."""

    number: str
    manifest: store.Manifest
    served: bool
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]


class Desk:
    """The maintainer's desk over one corpus folder and one index folder. One run at a time."""

    def __init__(self, corpus: Path, index: Path, data: Path, embedder: Embedder, options: Options) -> None:
        self._corpus = corpus
        self._index = index
        self._data = data
        self._embedder = embedder
        self._options = options
        self._running = threading.Lock()
        self._cancel = threading.Event()

    def add(self, source: Path, name: str, folder: str, *, replace: bool = False) -> str:
        """Copy a file into a folder of the corpus and return its path there.

        Raises:
            RefusedFileError: its name, format or size is not admitted, or there is one of that name and ``replace`` was not asked.

        """
        if folder not in FOLDERS:
            raise RefusedFileError(f"{folder} is not a folder of the corpus")
        self._check(source, name)
        target = self._inside(f"{folder}/{name}")
        if target.exists() and not replace:
            raise RefusedFileError(f"{folder}/{name} is there already; tick « replace » to put this one in its place")
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            self._set_aside(target, f"{folder}/{name}")
        temporary = target.with_name(f".{name}.part")
        shutil.copyfile(source, temporary)
        temporary.replace(target)
        return f"{folder}/{name}"

    def remove(self, path: str) -> Path:
        """Take a document out of the corpus, and return where it is kept.

        Raises:
            RefusedFileError: it is no file of the corpus.

        """
        target = self._inside(path)
        if not target.is_file() or target.is_symlink():
            raise RefusedFileError(f"{path} is no file of the corpus")
        return self._set_aside(target, path)

    def files(self) -> list[store.FileState]:
        """Return the files of the served index, those with problems first."""
        served = store.current(self._index)
        states = store.read_files(served).values() if served else ()
        return sorted(states, key=lambda state: (not state.skipped, not state.problems, state.path))

    def changes(self) -> IndexReport:
        """Return what a run would do, without doing it."""
        return corpus_changes(self._corpus, self._index, self._options)

    def index(self) -> Iterator[Step | IndexReport]:
        """Bring the index in line with the corpus: yield how far it is, then the report.

        Raises:
            CancelledError: it was cancelled.
            AssistantError: it is running already, or failed; the index that was served still is.

        """
        if not self._running.acquire(blocking=False):
            raise CorpusError("the corpus is being indexed already; wait for it to end, or cancel it")
        self._cancel.clear()
        steps: SimpleQueue[Step | IndexReport | BaseException] = SimpleQueue()
        threading.Thread(target=self._run, args=(steps,), daemon=True).start()
        while True:
            step = steps.get()
            if isinstance(step, BaseException):
                raise step
            yield step
            if isinstance(step, IndexReport):
                return

    def cancel(self) -> None:
        """Ask the run to stop; nothing of it shows."""
        self._cancel.set()

    def versions(self) -> list[Version]:
        """Return the generations kept, newest first, each with what it changed of the one before it."""
        served = store.current(self._index)
        folders = store.generations(self._index)
        return [
            Version(folder.name, store.Manifest.read(folder), folder == served, *_difference(before, folder))
            for folder, before in zip(folders, [*folders[1:], None], strict=True)
        ]

    def roll_back(self) -> str:
        """Serve the version of the index before this one, and return its number."""
        return store.roll_back(self._index).name

    def _run(self, steps: SimpleQueue[Step | IndexReport | BaseException]) -> None:
        def progress(doing: str, done: int, total: int) -> None:
            if self._cancel.is_set():
                raise CancelledError("the run was cancelled; the index is as it was")
            steps.put(Step(doing, done, total))

        try:
            last: IndexReport | BaseException = index_corpus(
                self._corpus, self._index, self._embedder, options=self._options, progress=progress
            )
        except BaseException as error:  # noqa: BLE001 (raised again where the steps are read)
            last = error
        self._running.release()
        steps.put(last)

    def _check(self, source: Path, name: str) -> None:
        if not _NAME.fullmatch(name) or len(name) > _LONGEST_NAME or _RESERVED.fullmatch(name) or name != name.strip(" ."):
            raise RefusedFileError(f"{name!a} is no name for a document: use letters, figures, spaces and hyphens")
        if Path(name).suffix.lower() not in formats():
            raise RefusedFileError(f"{name} has an unknown format; admitted: {', '.join(formats())}")
        size = source.stat().st_size
        if not size:
            raise RefusedFileError(f"{name} is empty; put the document there again")
        if size > self._options.max_bytes:
            raise RefusedFileError(
                f"{name} is larger than the limit ({size / 1e6:.0f} MB > {self._options.max_bytes / 1e6:.0f} MB); split it"
            )

    def _inside(self, path: str) -> Path:
        """Return where a path of the corpus is.

        Raises:
            RefusedFileError: it leads elsewhere.

        """
        root = self._corpus.resolve()
        target = root / path
        if "\0" in path or not target.parent.resolve().is_relative_to(root) or target.resolve() == root:
            raise RefusedFileError(f"{path!a} is outside the corpus folder")
        return target

    def _set_aside(self, target: Path, path: str) -> Path:
        kept = self._data / "removed" / dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%S%f") / path
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(target, kept)
        os.unlink(target)
        return kept


def _difference(before: Path | None, after: Path) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return the files that one generation adds to, changes in and removes from another; nothing where there is no other."""
    if before is None:
        return (), (), ()
    old, new = store.read_files(before), store.read_files(after)
    changed = tuple(path for path in new if path in old and new[path].digest != old[path].digest)
    return tuple(path for path in new if path not in old), changed, tuple(path for path in old if path not in new)
