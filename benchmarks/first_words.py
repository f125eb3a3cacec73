"""First words of an answer without a language model, on ten thousand passages and the shipped corpus, beside LangChain's retrieval.

    python -m benchmarks.first_words --data DIR [--passages 10000]

Passages are drawn from the training data and indexed with the shipped corpus; the project's own questions are put to the chat
of a warm process, and to the retriever of LangChain's tutorial pipeline over the same passages in the same run. The first words
of an extractive answer are the answer: it is composed whole.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import shutil
import tempfile
from pathlib import Path

import numpy as np

from assistant.chat import Chat
from assistant.dates import PARIS
from assistant.embedding import load_embedder
from benchmarks.scale import drawn, index_langchain, index_passages, langchain_search
from benchmarks.timing import timed

_WARMING = 10
"""Questions asked before the clock runs."""
_NOW = dt.datetime(2026, 11, 22, tzinfo=PARIS)


def main() -> None:
    """Index, ask, and print the percentiles of both in milliseconds, and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the training data")
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--corpus", type=Path, default=Path("corpus"))
    parser.add_argument("--questions", type=Path, default=Path("questions/tuning.jsonl"))
    options = parser.parse_args()
    questions = [json.loads(line)["question"] for line in options.questions.read_text(encoding="utf-8").splitlines() if line.strip()]
    passages, _ = drawn(options.data, options.passages)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(options.corpus, folder / "corpus")
        index_passages(passages, folder)
        index_langchain(passages, folder / "langchain")
        chat, search = Chat(folder / "index", load_embedder()), langchain_search(folder / "langchain")
        ours = [timed(lambda question=question: chat.answer(question, now=_NOW)) for question in questions][_WARMING:]
        theirs = [timed(lambda question=question: search(question)) for question in questions][_WARMING:]
    print(f"{options.passages:,} passages and the corpus, {len(ours)} questions, ms: p50, p95, longest")
    for label, seconds in (("assistant, the answer", ours), ("LangChain's tutorial, retrieval", theirs)):
        print(f"{label:32}", *(f"{1000 * float(value):8.1f}" for value in (*np.percentile(seconds, [50, 95]), max(seconds))))
    print(f"{'ratio of the two p50':32} {np.median(ours) / np.median(theirs):8.1f}")


if __name__ == "__main__":
    main()
