"""Turns texts into unit vectors: the shipped static model, or any sentence-transformers model.

The two adapters import their library when they are built, so that a question answered with the shipped model never
imports torch.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ModelError

if TYPE_CHECKING:
    from model2vec import StaticModel

Vectors = NDArray[np.float32]

SHIPPED = Path(__file__).parent / "models" / "static"
_BATCH = 256
_CACHED_WORDS = 200_000
_NO_VECTOR = 1e-6
"""Norm below which a text has no known word, hence no vector."""


class Embedder(Protocol):
    """Anything that encodes texts; equal fingerprints give equal vectors."""

    name: str
    fingerprint: str

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, shape (len(texts), dimensions); a text without any known word gives zeros."""
        ...


def load_embedder(name: str = "") -> Embedder:
    """Return the shipped model, or the sentence-transformers model of that path or hub name.

    Raises:
        ModelError: it cannot be loaded.

    """
    return SentenceTransformersEmbedder(name) if name else shipped()


@cache
def shipped() -> StaticEmbedder:
    """Return the model that ships with the package."""
    return StaticEmbedder(SHIPPED)


class StaticEmbedder:
    """A model2vec model in a folder: the mean of token vectors, no torch. Its weights are read at the first text."""

    def __init__(self, folder: Path) -> None:
        if not (folder / "model.safetensors").is_file():
            raise ModelError(f"there is no embedding model in {folder}; install the package again")
        self.name = f"static/{folder.name}"
        self.fingerprint = _digest([folder / "model.safetensors", folder / "tokenizer.json"])
        self._folder = folder
        self._known: dict[str, tuple[int, ...]] = {}

    @cached_property
    def _model(self) -> StaticModel:
        from model2vec import StaticModel

        return StaticModel.from_pretrained(self._folder, normalize=True)

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return int(self._model.dim)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, one a text."""
        table = np.asarray(self._model.embedding)
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for start in range(0, len(texts), _BATCH):
            for row, tokens in enumerate(self.tokens(texts[start : start + _BATCH]), start=start):
                vectors[row] = table[tokens].sum(axis=0, dtype=np.int32)
        return _unit(vectors)

    def tokens(self, texts: Sequence[str]) -> Iterator[list[int]]:
        """Yield the numbers of the known tokens of each text.

        No token reaches across a space, so each piece between two of them is asked of the tokenizer once: texts repeat their words.
        """
        pieces = [text.replace("\n", " ").split(" ") for text in texts]
        tokens_of = self.word_tokens([piece for one in pieces for piece in one])
        return ([token for piece in one for token in tokens_of[piece]] for one in pieces)

    def word_tokens(self, words: Sequence[str]) -> Mapping[str, tuple[int, ...]]:
        """Return the numbers of the known tokens of each of some texts without spaces, from a cache that it fills."""
        # a full cache is replaced, not emptied: another thread may be reading it
        known = self._known = self._known if len(self._known) < _CACHED_WORDS else {}
        new = [word for word in dict.fromkeys(words) if word not in known]
        known.update(zip(new, self._tokenise(new), strict=True))
        return known

    def _tokenise(self, words: Sequence[str]) -> Iterator[tuple[int, ...]]:
        """Yield the numbers of the known tokens of each of some texts without spaces, from one call of the tokenizer."""
        encoding = self._model.tokenizer.encode(" ".join(words), add_special_tokens=False)
        ends = list(accumulate(len(word) + 1 for word in words))
        tokens: list[list[int]] = [[] for _ in words]
        for token, (start, _) in zip(encoding.ids, encoding.offsets, strict=True):
            if token != self._model.unk_token_id:
                tokens[bisect_right(ends, start)].append(token)
        return map(tuple, tokens)

    @cached_property
    def table(self) -> Vectors:
        """The vectors of all tokens, unit length, shape (tokens, dimensions)."""
        return np.asarray(self._model.embedding, dtype=np.float32) / self.norms[:, None]

    @cached_property
    def norms(self) -> Vectors:
        """How much each token weighs in the mean: the length of its vector."""
        norms: Vectors = np.linalg.norm(np.asarray(self._model.embedding, dtype=np.float32), axis=1) + _NO_VECTOR
        return norms


class SentenceTransformersEmbedder:
    """Any sentence-transformers model, by path or hub name (the hub is asked only where the network is allowed)."""

    def __init__(self, name: str) -> None:
        try:
            from sentence_transformers import SentenceTransformer

            self._model = SentenceTransformer(name, device="cpu")
        except (ImportError, OSError, ValueError, RuntimeError) as error:
            reason = str(error).splitlines()[0]
            raise ModelError(f"cannot load the embedding model {name!r}: {reason}; check ASSISTANT_EMBEDDING_MODEL") from error
        self.name = name
        self.fingerprint = self._fingerprint()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, one a text."""
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        vectors = self._model.encode(list(texts), batch_size=32, show_progress_bar=False, convert_to_numpy=True)
        return _unit(np.asarray(vectors, dtype=np.float32))

    @cached_property
    def dimensions(self) -> int:
        """Length of a vector."""
        return len(self._model.encode(["essai"])[0])

    def _fingerprint(self) -> str:
        """Return a digest of the weights where the model is a folder, else of its name and of a probe's vector."""
        weights = sorted(Path(self.name).rglob("*.safetensors")) if Path(self.name).is_dir() else []
        if weights:
            return _digest(weights)
        probe = np.round(self.encode(["empreinte du modèle"]), 3).tobytes()
        return hashlib.sha256(self.name.encode() + probe).hexdigest()[:16]


def _digest(files: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _unit(vectors: NDArray[np.float32]) -> Vectors:
    vectors = np.asarray(vectors, dtype=np.float32)
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    units: Vectors = np.divide(vectors, norms, out=np.zeros_like(vectors), where=norms > _NO_VECTOR)
    return units
