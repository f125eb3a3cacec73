"""A hundred thousand passages: how fast they are indexed and asked, beside Chroma alone and LangChain's tutorial pipeline.

    python -m benchmarks.scale --data DIR [--passages 100000]

Passages are drawn from the training data. Three pipelines take the same ones in the same run: ours (files read, cut, full
text and vectors); Chroma's bare insertion of our vectors; LangChain's tutorial pipeline (recursive splitter, Chroma, the same
embedding model). Questions are the French headings that go with the passages. Each pipeline is asked in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.timing import timed

_PER_FILE = 5_000
_QUESTIONS = 300
_BATCH = 4_000


def main() -> None:
    """Build the three indexes at two sizes, ask them, and print figures and ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the training data")
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--ask", nargs=3, metavar=("PIPELINE", "INDEX", "QUESTIONS"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.ask:
        pipeline, index, questions = options.ask
        print(json.dumps(_ask(pipeline, Path(index), json.loads(Path(questions).read_text(encoding="utf-8")))))
        return
    for size in (options.passages // 10, options.passages):
        _measure(options.data, size)


def _measure(data: Path, size: int) -> None:
    passages, questions = drawn(data, size)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "questions.json").write_text(json.dumps(questions, ensure_ascii=False), encoding="utf-8")
        ours = timed(lambda: index_passages(passages, folder))
        vectors, bare = _bare(folder)
        langchain = timed(lambda: index_langchain(passages, folder / "langchain"))
        print(f"\n{size:,} passages, {vectors:,} vectors ({len(questions)} questions)")
        print(f"{'':26}{'indexing':>12}{'passages/s':>12}{'ratio':>8}{'p50 ms':>9}{'p95 ms':>9}{'memory MB':>11}")
        _row("Chroma, bare insertion", bare, bare, size, {})
        _row("assistant", ours, bare, size, _asked("ours", folder / "index", folder, data))
        _row("LangChain's tutorial", langchain, bare, size, _asked("langchain", folder / "langchain", folder, data))


def _row(name: str, seconds: float, bare: float, size: int, asked: dict[str, float]) -> None:
    times = "".join(f"{asked[key]:{width}.1f}" for key, width in (("p50", 9), ("p95", 9), ("memory", 11))) if asked else ""
    print(f"{name:26}{seconds:11.1f}s{size / seconds:12.0f}{bare / seconds:8.2f}{times}", flush=True)


def drawn(data: Path, size: int) -> tuple[list[str], list[str]]:
    """Return distinct passages and the headings of some of them."""
    from training.data import english_pairs, french_pairs, french_texts

    headings = {pair.passage: pair.query for pair in french_pairs(data)}
    rest = dict.fromkeys([*headings, *french_texts(data), *(pair.passage for pair in english_pairs(data) if len(pair.passage) > 200)])
    passages = random.Random(0).sample(list(rest), size)
    questions = [headings[text] for text in passages if text in headings]
    return passages, random.Random(1).sample(questions, _QUESTIONS)


def index_passages(passages: list[str], folder: Path) -> None:
    """Index passages with ours, beside what the folder's corpus already holds."""
    from assistant.embedding import load_embedder
    from assistant.indexing import index_corpus

    corpus = folder / "corpus"
    corpus.mkdir(exist_ok=True)
    for start in range(0, len(passages), _PER_FILE):
        rows = [
            json.dumps({"id": str(start + row), "text": text}, ensure_ascii=False)
            for row, text in enumerate(passages[start : start + _PER_FILE])
        ]
        (corpus / f"{start}.jsonl").write_text("\n".join(rows), encoding="utf-8")
    report = index_corpus(corpus, folder / "index", load_embedder())
    assert not report.skipped, report.skipped


def _bare(folder: Path) -> tuple[int, float]:
    """Return how many vectors our index holds, and how long Chroma takes to insert them in a collection of the same settings."""
    import chromadb
    from chromadb.config import Settings

    from assistant import store, vectors

    settings = Settings(anonymized_telemetry=False)
    served = store.current(folder / "index")
    source = chromadb.PersistentClient(str(store.vectors_folder(served, store.Manifest.read(served))), settings=settings)
    collection = source.get_collection("chunks", embedding_function=None)
    ids = collection.get(include=[])["ids"]
    batches = [ids[start : start + _BATCH] for start in range(0, len(ids), _BATCH)]
    rows = [np.asarray(collection.get(ids=batch, include=["embeddings"])["embeddings"], dtype=np.float32) for batch in batches]
    peer = chromadb.PersistentClient(str(folder / "bare"), settings=settings)
    target = peer.create_collection(
        "chunks", embedding_function=None, configuration={"hnsw": {**vectors.HNSW, "sync_threshold": 50_000, "batch_size": 10_000}}
    )

    def insert() -> None:
        for batch, part in zip(batches, rows, strict=True):
            target.add(ids=[f"{key}." for key in batch], embeddings=part)

    seconds = timed(insert)
    source.close()
    peer.close()
    return len(ids), seconds


def index_langchain(passages: list[str], folder: Path) -> None:
    """Index passages as LangChain's tutorial does."""
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    chunks = splitter.split_documents([_document(text) for text in passages])
    target = _chroma(folder)
    for start in range(0, len(chunks), _BATCH):
        target.add_documents(chunks[start : start + _BATCH])


def _document(text: str):  # noqa: ANN202  # LangChain is imported where it is measured
    from langchain_core.documents import Document

    return Document(page_content=text)


def _chroma(folder: Path):  # noqa: ANN202
    from langchain_chroma import Chroma
    from langchain_core.embeddings import Embeddings

    from assistant.embedding import load_embedder

    embedder = load_embedder()

    class Model(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return embedder.encode(texts).tolist()

        def embed_query(self, text: str) -> list[float]:
            return embedder.encode([text])[0].tolist()

    return Chroma("passages", Model(), persist_directory=str(folder))


def _asked(pipeline: str, index: Path, folder: Path, data: Path) -> dict[str, float]:
    """Ask an index in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.scale", "--data", str(data), "--ask", pipeline, str(index), str(folder / "questions.json")]
    out = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    result: dict[str, float] = json.loads(out.splitlines()[-1])
    return result


def _ask(pipeline: str, index: Path, questions: list[str]) -> dict[str, float]:
    search = {"ours": _our_search, "langchain": langchain_search}[pipeline](index)
    seconds = [timed(lambda question=question: search(question)) for question in questions]
    return {"p50": 1000 * float(np.percentile(seconds, 50)), "p95": 1000 * float(np.percentile(seconds, 95)), "memory": _peak_memory()}


def _peak_memory() -> float:
    """Return the peak resident memory of this process in MB (getrusage would count that of the parent before exec)."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


def _our_search(index: Path) -> Callable[[str], object]:
    from assistant import retrieval
    from assistant.embedding import load_embedder
    from assistant.question import understand
    from assistant.store import Generation

    generation, embedder = Generation.open(index), load_embedder()
    return lambda question: retrieval.search(generation, embedder, understand(question), 8)


def langchain_search(index: Path) -> Callable[[str], object]:
    """Return the retriever of LangChain's tutorial over an index of it."""
    retriever = _chroma(index).as_retriever(search_kwargs={"k": 8})
    return retriever.invoke


if __name__ == "__main__":
    main()
