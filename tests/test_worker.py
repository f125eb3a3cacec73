"""Files are read in child processes: one that hangs, eats memory or crashes costs only its own place."""

import pytest

from assistant.errors import AssistantError
from assistant.indexing import index_corpus
from assistant.loading import Loaded, worker
from assistant.loading.worker import Limits, read_all
from assistant.schema import Problem
from assistant.store import Generation

LIMITS = Limits(seconds=3, memory_mb=1500, jobs=2)


@pytest.fixture
def files(tmp_path):
    for number in range(6):
        (tmp_path / f"f{number}.txt").write_text(f"Le texte numéro {number}.")
    return [(p.name, p) for p in sorted(tmp_path.iterdir())]


def test_every_file_is_read_once(files):
    outcomes = dict(read_all(files, LIMITS))
    assert sorted(outcomes) == [name for name, _ in files]
    assert all(isinstance(one, Loaded) for one in outcomes.values())


def test_nothing_to_read_starts_nothing():
    assert list(read_all([], LIMITS)) == []


@pytest.mark.parametrize(
    ("manner", "reason"), [("hang", "took more than 3 s"), ("crash", "exit code 7"), ("hoard", "memory"), ("stumble", "surprise")]
)
def test_a_hostile_file_costs_only_its_place(files, monkeypatch, manner, reason):
    monkeypatch.setattr(worker, "_MODULE", "tests.hostile_worker")
    monkeypatch.setenv("HOSTILE_MANNER", manner)
    outcomes = dict(read_all(files, LIMITS))
    assert len(outcomes) == 6
    bad = outcomes.pop("f2.txt")
    assert isinstance(bad, Problem)
    assert reason in bad.reason
    assert bad.remedy
    assert all(isinstance(one, Loaded) for one in outcomes.values())


def test_a_child_that_cannot_start_blames_no_file_and_keeps_the_index(corpus, tmp_path, embedder, monkeypatch):
    index_corpus(corpus, tmp_path / "index", embedder)
    (corpus / "via.md").write_text("Changé.")
    monkeypatch.setattr(worker, "_MODULE", "tests.no_such_module")
    with pytest.raises(AssistantError, match="kept as it was"):
        index_corpus(corpus, tmp_path / "index", embedder)
    assert "18 et 28 ans" in Generation.open(tmp_path / "index").document("via.md").text
