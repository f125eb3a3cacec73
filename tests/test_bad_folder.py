"""Forty bad files beside ten good ones: each bad one is named with reason and remedy, each good one is found."""

import resource
import time

import pytest

from assistant.indexing import Options, index_corpus
from assistant.loading.worker import Limits
from assistant.question import understand
from assistant.retrieval import search
from assistant.store import Generation
from assistant.ui.desk_words import told
from tests import bad_files

pytestmark = pytest.mark.slow


def test_bad_files_cost_only_their_own_place(tmp_path, embedder):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    expected = bad_files.make(corpus)
    phrases = bad_files.good(corpus)
    assert len(expected) >= 40
    limits = Limits(seconds=30, memory_mb=1500)
    started = time.perf_counter()
    report = index_corpus(corpus, tmp_path / "index", embedder, options=Options(limits=limits))
    seconds = time.perf_counter() - started
    named = {p.where.split(",")[0].split("#")[0] for p in (*report.skipped, *report.partial)}
    assert expected - named == set()
    assert not {p.where for p in report.skipped} & set(phrases)
    assert all(len(p.reason) > 5 and len(p.remedy) > 10 for p in report.skipped)
    texts = {text for p in (*report.skipped, *report.partial) for text in (p.reason, p.remedy)}
    assert {text for text in texts if told(text, "fr") == text} == set()
    generation = Generation.open(tmp_path / "index")
    for name, phrase in phrases.items():
        assert search(generation, embedder, understand(phrase), 1)[0].chunk.document.split("#")[0] == name
    hidden = generation.document("hidden-text.pdf").text
    assert "visible" in hidden
    assert "9000" not in hidden
    print(
        f"{len(expected)} bad files in {seconds:.0f} s, peak of a child {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MB"
    )
