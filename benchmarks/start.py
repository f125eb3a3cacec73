"""How long a question takes from a cold start, beside importing the libraries it needs and opening the index.

python -m benchmarks.start [--index index] [--runs 5]
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path

from assistant import store

_PEER = """
import sys, chromadb, tantivy, model2vec
from chromadb.config import Settings
folder, collection, model = sys.argv[1:]
client = chromadb.PersistentClient(collection, settings=Settings(anonymized_telemetry=False))
client.get_collection("chunks", embedding_function=None).count()
tantivy.Index.open(folder + "/tantivy")
model2vec.StaticModel.from_pretrained(model)
"""
_QUESTION = "Quelles sont les priorités de la coopération en matière de justice ?"


def main() -> None:
    """Print the medians and their ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, default=Path("index"))
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    assistant = [sys.executable, "-m", "assistant.cli"]
    subprocess.run([*assistant, "index", "--index", str(arguments.index)], check=True, stdout=subprocess.DEVNULL)
    folder = store.current(arguments.index)
    commands = {
        "imports and opening": [
            sys.executable,
            "-c",
            _PEER,
            str(folder),
            str(store.vectors_folder(folder, store.Manifest.read(folder))),
            "assistant/models/static",
        ],
        "assistant ask": [*assistant, "ask", _QUESTION, "--index", str(arguments.index)],
        "assistant index, nothing changed": [*assistant, "index", "--index", str(arguments.index)],
    }
    peer = 0.0
    for name, command in commands.items():
        median = statistics.median(_seconds(command) for _ in range(arguments.runs))
        peer = peer or median
        print(f"{name:34} {median:5.2f} s   {median / peer:4.2f} x")


def _seconds(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
