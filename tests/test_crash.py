"""A run killed at any moment leaves the served index whole; the next run repairs by itself."""

import random
import signal
import subprocess
import sys
import time

import pytest

from assistant.indexing import index_corpus
from assistant.store import Generation

pytestmark = pytest.mark.slow

KILLS = 50
RUN = "import sys; from pathlib import Path; from assistant.indexing import index_corpus; from assistant.embedding import load_embedder; index_corpus(Path(sys.argv[1]), Path(sys.argv[2]), load_embedder())"


def run(corpus, index):
    return subprocess.Popen([sys.executable, "-c", RUN, str(corpus), str(index)], stderr=subprocess.DEVNULL)


def whole(index):
    """Open the index and read all of it: every chunk is in its document and has its vectors and its words."""
    generation = Generation.open(index)
    try:
        documents = generation.documents()
        chunks = [chunk for document in documents for chunk in generation.chunks_of(document.name)]
        assert len(chunks) == generation.manifest.chunks == len(generation.lexical)
        texts = {document.name: document.text for document in documents}
        assert all(texts[c.document][c.start : c.end] == c.text for c in chunks)
        import numpy as np

        probe = np.ones(generation.manifest.dimensions, dtype=np.float32)
        assert len(generation.cosines(probe, [c.id for c in chunks])) == len(chunks)
        return {document.name for document in documents}
    finally:
        generation.close()


def test_killed_at_random_moments(corpus, tmp_path, embedder):
    index = tmp_path / "index"
    index_corpus(corpus, index, embedder)
    started = time.perf_counter()
    assert run(corpus, index).wait(60) == 0
    (corpus / "probe.txt").write_text("Un document de plus.")
    started = time.perf_counter()
    assert run(corpus, index).wait(60) == 0
    duration = time.perf_counter() - started
    rng = random.Random(0)
    interrupted = 0
    for number in range(KILLS):
        before = whole(index)
        (corpus / f"doc{number}.txt").write_text(f"Document {number}\n\n" + f"La phrase numéro {number} parle de coopération. " * 200)
        process = run(corpus, index)
        time.sleep(rng.uniform(0.3, 1.1) * duration)
        process.send_signal(signal.SIGKILL)
        process.wait()
        after = whole(index)
        assert before <= after
        interrupted += f"doc{number}.txt" not in after
    assert run(corpus, index).wait(60) == 0
    assert whole(index) >= {f"doc{number}.txt" for number in range(KILLS)}
    assert not [p for p in (index / "generations").iterdir() if not p.name.isdigit()]
    assert len(list((index / "vectors").iterdir())) <= 2
    assert interrupted >= 5, "the kills came too late to prove anything"
