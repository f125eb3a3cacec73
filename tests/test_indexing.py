import json
import multiprocessing
import os
import shutil
from dataclasses import replace

import pytest

from assistant import store
from assistant.embedding import load_embedder
from assistant.errors import CorpusError, IndexBusyError, IndexMismatchError, IndexMissingError
from assistant.indexing import Options, corpus_changes, index_corpus
from assistant.question import understand
from assistant.retrieval import search
from assistant.store import Generation

FULL = Options(full=True)


class CountingEmbedder:
    """The shipped model, counting the texts it encodes."""

    def __init__(self):
        self._inner = load_embedder()
        self.name, self.fingerprint, self.encoded = self._inner.name, self._inner.fingerprint, []

    @property
    def dimensions(self):
        return self._inner.dimensions

    def encode(self, texts):
        self.encoded += list(texts)
        return self._inner.encode(texts)


@pytest.fixture
def index(tmp_path):
    return tmp_path / "index"


def answers(index, embedder, question="priorités justice", limit=5):
    generation = Generation.open(index)
    try:
        return [(h.chunk.document, h.chunk.text) for h in search(generation, embedder, understand(question), limit)]
    finally:
        generation.close()


def test_first_run_reports_and_answers(corpus, index, embedder):
    report = index_corpus(corpus, index, embedder)
    assert report.added == ("journees.txt", "justice.txt", "missions/export.jsonl", "via.md")
    assert (report.documents, report.skipped) == (6, ())
    assert answers(index, embedder)[0][0] == "justice.txt"


def test_nothing_changed_reads_and_embeds_nothing(corpus, index):
    counting = CountingEmbedder()
    first = index_corpus(corpus, index, counting)
    counting.encoded.clear()
    second = index_corpus(corpus, index, counting)
    assert counting.encoded == []
    assert second.generation == first.generation
    assert len(second.unchanged) == 4


def test_only_what_changed_is_embedded(corpus, index):
    counting = CountingEmbedder()
    index_corpus(corpus, index, counting)
    counting.encoded.clear()
    text = (corpus / "via.md").read_text().replace("18 et 28 ans", "18 et 29 ans")
    (corpus / "via.md").write_text(text)
    report = index_corpus(corpus, index, counting)
    assert report.changed == ("via.md",)
    assert len([t for t in counting.encoded if "29 ans" in t]) == 1
    assert not any("280 experts" in t for t in counting.encoded)


def test_incremental_equals_full(corpus, index, embedder, tmp_path):
    index_corpus(corpus, index, embedder)
    (corpus / "justice.txt").write_text((corpus / "justice.txt").read_text().replace("2 à 3 ans", "3 ans"))
    (corpus / "journees.txt").unlink()
    shutil.copy(corpus / "via.md", corpus / "vie.md")
    index_corpus(corpus, index, embedder)
    fresh = tmp_path / "fresh"
    index_corpus(corpus, fresh, embedder)
    for question in ("priorités justice", "combien d'experts", "âge du volontariat", "durée d'un projet"):
        one, other = answers(index, embedder, question, 50), answers(fresh, embedder, question, 50)
        assert one[0] == other[0]
        assert sorted(one) == sorted(other)


def test_a_removed_file_leaves_no_trace(corpus, index, embedder):
    index_corpus(corpus, index, embedder)
    (corpus / "journees.txt").unlink()
    report = index_corpus(corpus, index, embedder)
    assert report.removed == ("journees.txt",)
    assert not any(name == "journees.txt" for name, _ in answers(index, embedder, "280 experts en poste fin 2023", 50))
    generation = Generation.open(index)
    assert generation.document("journees.txt") is None
    assert len(generation.lexical) == generation.manifest.chunks


def test_a_removed_mission_leaves_the_registry(corpus, index, embedder):
    index_corpus(corpus, index, embedder)
    export = corpus / "missions" / "export.jsonl"
    export.write_text("\n".join(export.read_text().split("\n")[1:]))
    index_corpus(corpus, index, embedder)
    assert [m.reference for m in Generation.open(index).registry.missions()] == ["2027/AHD/90102", "2024/APA/80103"]


def test_bad_files_are_reported_and_the_rest_goes_on(corpus, index, embedder):
    (corpus / "vide.txt").write_bytes(b"")
    (corpus / "faux.pdf").write_text("pas un PDF")
    os.symlink("/etc/hostname", corpus / "lien.txt")
    (corpus / "gros.txt").write_text("x" * 5000)
    report = index_corpus(corpus, index, embedder, options=Options(max_bytes=4000))
    assert {p.where for p in report.skipped} == {"vide.txt", "faux.pdf", "lien.txt", "gros.txt"}
    assert all(p.reason and p.remedy for p in report.skipped)
    assert report.documents == 6
    again = index_corpus(corpus, index, embedder, options=Options(max_bytes=4000))
    assert {p.where for p in again.skipped} == {p.where for p in report.skipped}


def test_a_file_that_turns_bad_stops_answering_and_says_so(corpus, index, embedder):
    index_corpus(corpus, index, embedder)
    (corpus / "via.md").write_bytes(b"")
    report = index_corpus(corpus, index, embedder)
    assert [p.where for p in report.skipped] == ["via.md"]
    assert not any(name == "via.md" for name, _ in answers(index, embedder, "âge volontariat", 50))


def test_an_empty_missing_or_other_corpus_never_empties_the_index(corpus, index, embedder, tmp_path):
    index_corpus(corpus, index, embedder)
    before = answers(index, embedder)
    empty, other = tmp_path / "empty", tmp_path / "other"
    empty.mkdir()
    other.mkdir()
    (other / "a.txt").write_text("Un autre corpus.")
    for folder in (empty, other, tmp_path / "missing"):
        with pytest.raises(CorpusError):
            index_corpus(folder, index, embedder)
    for path in list(corpus.rglob("*.*")):
        path.unlink()
    with pytest.raises(CorpusError, match="--full"):
        index_corpus(corpus, index, embedder)
    assert answers(index, embedder) == before
    assert index_corpus(other, index, embedder, options=FULL).documents == 1


def test_another_model_is_refused_with_the_command(corpus, index, embedder):
    index_corpus(corpus, index, embedder)
    other = CountingEmbedder()
    other.fingerprint = "another"
    with pytest.raises(IndexMismatchError, match="--full"):
        index_corpus(corpus, index, other)
    with pytest.raises(IndexMismatchError, match="--full"):
        Generation.open(index, "another")
    index_corpus(corpus, index, other, options=FULL)
    assert Generation.open(index, "another").manifest.fingerprint == "another"


def test_another_format_is_refused(corpus, index, embedder):
    index_corpus(corpus, index, embedder)
    path = store.current(index) / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 0}))
    with pytest.raises(IndexMismatchError, match="--full"):
        Generation.open(index)


@pytest.mark.parametrize("part", ["manifest.json", "documents.sqlite", "recent.npz", "tantivy/meta.json", "../../vectors/1/chroma.sqlite3"])
def test_a_damaged_part_is_said_and_never_answers(corpus, index, embedder, part):
    index_corpus(corpus, index, embedder)
    (store.current(index) / part).write_bytes(b"broken")
    with pytest.raises(IndexMismatchError, match="--full"):
        Generation.open(index)
    index_corpus(corpus, index, embedder, options=FULL)
    assert answers(index, embedder)[0][0] == "justice.txt"


def test_parts_that_disagree_are_refused(corpus, index, embedder):
    index_corpus(corpus, index, embedder)
    folder = store.current(index)
    manifest = store.Manifest.read(folder)
    text = json.dumps({f: getattr(replace(manifest, chunks=manifest.chunks + 1), f) for f in manifest.__slots__})
    (folder / "manifest.json").write_text(text)
    with pytest.raises(IndexMismatchError, match="do not agree"):
        Generation.open(index)


def test_no_index_says_how_to_build_one(tmp_path):
    with pytest.raises(IndexMissingError, match="assistant index"):
        Generation.open(tmp_path)


def _hold(index, ready, done):
    with store.writer_lock(index):
        ready.set()
        done.wait(30)


def test_a_second_writer_is_refused_and_readers_are_not(corpus, index, embedder):
    index_corpus(corpus, index, embedder)
    context = multiprocessing.get_context("spawn")
    ready, done = context.Event(), context.Event()
    holder = context.Process(target=_hold, args=(index, ready, done))
    holder.start()
    try:
        assert ready.wait(30)
        with pytest.raises(IndexBusyError, match="another"):
            index_corpus(corpus, index, embedder)
        assert answers(index, embedder)
    finally:
        done.set()
        holder.join(30)
    assert index_corpus(corpus, index, embedder).unchanged


def test_a_failed_run_leaves_the_served_index_alone(corpus, index, embedder, monkeypatch):
    index_corpus(corpus, index, embedder)
    (corpus / "new.txt").write_text("Un nouveau document.")

    def full_disk(self, change, headings_before):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(store.Draft, "_write_vectors", full_disk)
        with pytest.raises(OSError, match="space"):
            index_corpus(corpus, index, embedder)
    assert answers(index, embedder)[0][0] == "justice.txt"
    assert [p.name for part in ("generations", "vectors") for p in (index / part).iterdir()] == ["1", "1"]
    assert index_corpus(corpus, index, embedder).added == ("new.txt",)


def test_two_generations_are_kept_and_roll_back_is_a_rename(corpus, index, embedder):
    for number in range(4):
        (corpus / "n.txt").write_text(f"Le document numéro {number}.")
        index_corpus(corpus, index, embedder)
    assert sorted(p.name for p in (index / "generations").iterdir()) == ["3", "4"]
    store.serve(index, index / "generations" / "3")
    assert "numéro 2" in Generation.open(index).document("n.txt").text


def test_changes_are_told_without_being_made(corpus, index, embedder):
    index_corpus(corpus, index, embedder)
    (corpus / "new.txt").write_text("Nouveau.")
    (corpus / "via.md").unlink()
    changes = corpus_changes(corpus, index)
    assert (changes.added, changes.removed) == (("new.txt",), ("via.md",))
    assert Generation.open(index).document("via.md") is not None


def test_a_running_chat_serves_the_new_index(corpus, index, embedder, now):
    from assistant.chat import Chat

    index_corpus(corpus, index, embedder)
    chat = Chat(index, embedder)
    assert "280" in chat.answer("Combien d'experts en poste fin 2023 ?", now=now).text
    (corpus / "journees.txt").write_text((corpus / "journees.txt").read_text().replace("280", "281"))
    index_corpus(corpus, index, embedder)
    assert "281" in chat.answer("Combien d'experts en poste fin 2023 ?", now=now).text


def test_small_changes_share_a_collection_and_answer_as_a_rebuilt_index(tmp_path, index, embedder):
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(80):
        (folder / f"{number}.md").write_text(f"# Fiche {number}\n\nLa mission {number} appuie la justice du pays {number * 7 % 80}.\n")
    index_corpus(folder, index, embedder)
    (folder / "3.md").write_text("# Fiche 3\n\nLa mission 3 appuie désormais les hôpitaux.\n")
    (folder / "4.md").unlink()
    index_corpus(folder, index, embedder)
    (folder / "3.md").write_text("# Fiche 3\n\nLa mission 3 appuie enfin les écoles.\n")
    index_corpus(folder, index, embedder)
    assert [p.name for p in (index / "vectors").iterdir()] == ["1"]
    index_corpus(folder, tmp_path / "rebuilt", embedder)
    for question in ("appui aux écoles", "appui aux hôpitaux", "mission 4 justice", "mission 5 justice"):
        assert answers(index, embedder, question, 20) == answers(tmp_path / "rebuilt", embedder, question, 20)
    for number in range(10, 20):
        (folder / f"{number}.md").write_text(f"# Fiche {number}\n\nTexte neuf {number}.\n")
    index_corpus(folder, index, embedder)
    assert sorted(p.name for p in (index / "vectors").iterdir()) == ["1", "4"]
    index_corpus(folder, tmp_path / "rebuilt", embedder)
    assert answers(index, embedder, "texte neuf", 20) == answers(tmp_path / "rebuilt", embedder, "texte neuf", 20)
