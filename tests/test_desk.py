"""The maintainer's desk: what may be added, where things go, cancelling and going back."""

import threading

import pytest

from assistant import store
from assistant.desk import CancelledError, Desk, RefusedFileError, Step
from assistant.errors import AssistantError
from assistant.indexing import IndexReport, Options, index_corpus
from assistant.store import Generation


@pytest.fixture
def desk(corpus, tmp_path, embedder):
    index_corpus(corpus, tmp_path / "index", embedder)
    return Desk(corpus, tmp_path / "index", tmp_path / "data", embedder, Options(max_bytes=10_000))


@pytest.fixture
def note(tmp_path):
    path = tmp_path / "note.md"
    path.write_text("# Note\n\nLa coopération avec les îles Kerguelen.\n")
    return path


def report(desk):
    *steps, last = desk.index()
    assert isinstance(last, IndexReport)
    assert all(isinstance(step, Step) for step in steps)
    return last


def test_an_added_document_is_indexed_and_a_removed_one_kept_aside(desk, note, corpus, tmp_path):
    assert desk.add(note, "note.md", "guides") == "guides/note.md"
    assert desk.changes().added == ("guides/note.md",)
    assert report(desk).added == ("guides/note.md",)
    kept = desk.remove("guides/note.md")
    assert kept.read_text() == note.read_text() and kept.is_relative_to(tmp_path / "data")
    assert not (corpus / "guides/note.md").exists()
    assert report(desk).removed == ("guides/note.md",)


@pytest.mark.parametrize(
    "name",
    ["../note.md", "a/b.md", "/etc/x.md", ".hidden.md", "note.md ", "no\nte.md", "no\0te.md", "CON.md", "x" * 130 + ".md", "note.exe", "note", "..", "~$note.md", "-note.md"],
)  # fmt: skip
def test_a_name_that_is_none_is_refused(desk, note, corpus, name):
    before = sorted(corpus.rglob("*"))
    with pytest.raises(RefusedFileError):
        desk.add(note, name, "guides")
    assert sorted(corpus.rglob("*")) == before


def test_no_folder_but_the_four_and_no_empty_or_large_file(desk, note):
    for folder in ("..", "/tmp", "guides/../..", "secret"):
        with pytest.raises(RefusedFileError):
            desk.add(note, "note.md", folder)
    note.write_bytes(b"")
    with pytest.raises(RefusedFileError, match="empty"):
        desk.add(note, "note.md", "guides")
    note.write_bytes(b"a" * 10_001)
    with pytest.raises(RefusedFileError, match="larger"):
        desk.add(note, "note.md", "guides")


def test_a_link_in_the_corpus_leads_nothing_outside(desk, note, corpus, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (corpus / "guides").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RefusedFileError, match="outside"):
        desk.add(note, "note.md", "guides")
    (tmp_path / "elsewhere/x.md").write_text("Ailleurs.")
    with pytest.raises(RefusedFileError, match="outside"):
        desk.remove("guides/x.md")


@pytest.mark.parametrize("path", ["../secret.txt", "/etc/hostname", "absent.md", "missions", "", "a\0b"])
def test_only_a_file_of_the_corpus_is_removed(desk, corpus, path):
    (corpus.parent / "secret.txt").write_text("secret")
    with pytest.raises(RefusedFileError):
        desk.remove(path)
    assert (corpus.parent / "secret.txt").exists()


def test_a_file_is_replaced_only_when_asked_and_the_old_one_is_kept(desk, note, corpus, tmp_path):
    desk.add(note, "note.md", "guides")
    note.write_text("# Note\n\nAutre texte.\n")
    with pytest.raises(RefusedFileError, match="already"):
        desk.add(note, "note.md", "guides")
    desk.add(note, "note.md", "guides", replace=True)
    assert "Autre" in (corpus / "guides/note.md").read_text()
    [kept] = (tmp_path / "data").rglob("note.md")
    assert "Kerguelen" in kept.read_text()


class Held:
    """An embedder that waits to be let go, so that a run can be cancelled within it."""

    def __init__(self, embedder):
        self._embedder = embedder
        self.fingerprint = embedder.fingerprint
        self.name = embedder.name
        self.dimensions = embedder.dimensions
        self.go = threading.Event()

    def encode(self, texts):
        assert self.go.wait(30)
        return self._embedder.encode(texts)


def test_a_cancelled_run_changes_nothing(desk, note, corpus, tmp_path, embedder):
    desk.add(note, "note.md", "guides")
    before = store.current(tmp_path / "index")
    held = Held(embedder)
    cancelled = Desk(corpus, tmp_path / "index", tmp_path / "data", held, Options())
    running = cancelled.index()
    next(running)
    cancelled.cancel()
    held.go.set()
    with pytest.raises(CancelledError):
        list(running)
    assert store.current(tmp_path / "index") == before
    assert report(desk).added == ("guides/note.md",)


def test_a_second_run_at_once_is_refused(desk, note):
    desk.add(note, "note.md", "guides")
    running = desk.index()
    next(running)
    with pytest.raises(AssistantError, match="already"):
        next(desk.index())
    assert isinstance(list(running)[-1], IndexReport)


def test_versions_tell_what_each_changed_and_one_can_go_back(desk, note, tmp_path):
    desk.add(note, "note.md", "guides")
    report(desk)
    served, before = desk.versions()
    assert (served.served, served.added, before.served) == (True, ("guides/note.md",), False)
    assert desk.roll_back() == before.number
    assert Generation.open(tmp_path / "index").document("guides/note.md") is None
    assert [version.served for version in desk.versions()] == [False, True]
    with pytest.raises(AssistantError, match="no earlier"):
        desk.roll_back()
    assert report(desk).added == ("guides/note.md",)
    assert Generation.open(tmp_path / "index").document("guides/note.md") is not None


def test_files_with_problems_come_first(desk, corpus):
    (corpus / "faux.pdf").write_text("pas un PDF")
    report(desk)
    first = desk.files()[0]
    assert (first.path, first.skipped) == ("faux.pdf", True)
    assert first.problems[0].remedy
