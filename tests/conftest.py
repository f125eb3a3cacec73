"""Shared fixtures: a small corpus of our own and an index of it."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from assistant.chat import Chat
from assistant.dates import PARIS
from assistant.embedding import StaticEmbedder, load_embedder
from assistant.indexing import index_corpus
from assistant.store import Generation

ROOT = Path(__file__).parent.parent
DATA = ROOT / "tests" / "data"


@pytest.fixture(scope="session")
def embedder() -> StaticEmbedder:
    return load_embedder()


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A copy of the small corpus that a test may change."""
    return Path(shutil.copytree(DATA / "corpus", tmp_path / "corpus"))


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, embedder: StaticEmbedder) -> Path:
    """An index of the small corpus; not to be changed."""
    index = tmp_path_factory.mktemp("built") / "index"
    index_corpus(DATA / "corpus", index, embedder)
    return index


@pytest.fixture
def indexed(tmp_path: Path, embedder: StaticEmbedder) -> Iterator[Callable[[Mapping[str, str]], Generation]]:
    """Return a function that indexes texts by file name and opens the index."""
    opened: list[Generation] = []

    def build(texts: Mapping[str, str]) -> Generation:
        corpus = tmp_path / "corpus"
        for name, text in texts.items():
            (corpus / name).parent.mkdir(parents=True, exist_ok=True)
            (corpus / name).write_text(text, encoding="utf-8")
        index_corpus(corpus, tmp_path / "index", embedder)
        opened.append(Generation.open(tmp_path / "index"))
        return opened[-1]

    yield build
    for generation in opened:
        generation.close()


@pytest.fixture
def generation(built: Path) -> Iterator[Generation]:
    opened = Generation.open(built)
    yield opened
    opened.close()


@pytest.fixture
def chat(built: Path, embedder: StaticEmbedder) -> Chat:
    return Chat(built, embedder)


@pytest.fixture
def now() -> dt.datetime:
    return dt.datetime(2026, 11, 22, 12, 0, tzinfo=PARIS)


@pytest.fixture(scope="session")
def shipped_index(tmp_path_factory: pytest.TempPathFactory, embedder: StaticEmbedder) -> Path:
    """An index of the shipped corpus; not to be changed."""
    index = tmp_path_factory.mktemp("shipped") / "index"
    index_corpus(ROOT / "corpus", index, embedder)
    return index


@pytest.fixture
def shipped_chat(shipped_index: Path, embedder: StaticEmbedder) -> Chat:
    return Chat(shipped_index, embedder)
