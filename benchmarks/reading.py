"""How fast a mixed corpus is read and indexed, beside pypdf alone on the same PDF files.

python -m benchmarks.reading [--files 1000]
"""

from __future__ import annotations

import argparse
import itertools
import resource
import shutil
import tempfile
import time
from pathlib import Path

import pypdf

from assistant.embedding import load_embedder
from assistant.indexing import index_corpus
from assistant.loading import worker
from benchmarks.timing import timed

_MIX = {".pdf": 0.25, ".docx": 0.10, ".html": 0.25, ".md": 0.30, ".txt": 0.10}
"""Share of each format, about that of a documentation service."""


def main() -> None:
    """Copy the shipped documents until there are enough, then measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=1000)
    count = parser.parse_args().files
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder, "corpus")
        pdfs = _copy(corpus, count)
        alone, pages = _pypdf_alone(pdfs)
        reading = timed(lambda: list(worker.read_all([(p.name, p) for p in pdfs])))
        indexing = timed(lambda: index_corpus(corpus, Path(folder, "index"), load_embedder()))
        again = timed(lambda: index_corpus(corpus, Path(folder, "index"), load_embedder()))
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"pypdf alone, {len(pdfs)} PDF, {pages} pages  {pages / alone:7.0f} pages/s  1.00 x")
    print(f"our reading of the same PDF         {pages / reading:7.0f} pages/s  {alone / reading:4.2f} x")
    print(f"index {count} mixed files, from nothing {count / indexing:6.0f} files/s  {indexing:.1f} s")
    print(f"index again, nothing changed        {again:.2f} s")
    print(f"peak memory of the indexing process: {own:.0f} MB")


def _copy(corpus: Path, count: int) -> list[Path]:
    pdfs: list[Path] = []
    for suffix, share in _MIX.items():
        sources = itertools.cycle(sorted(Path("corpus").rglob(f"*{suffix}")))
        for number in range(round(count * share)):
            target = corpus / suffix[1:] / f"{number}{suffix}"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(next(sources), target)
            if suffix == ".pdf":
                pdfs.append(target)
    return pdfs


def _pypdf_alone(pdfs: list[Path]) -> tuple[float, int]:
    pages = 0
    started = time.perf_counter()
    for path in pdfs:
        reader = pypdf.PdfReader(path)
        pages += len([page.extract_text() for page in reader.pages])
    return time.perf_counter() - started, pages


if __name__ == "__main__":
    main()
