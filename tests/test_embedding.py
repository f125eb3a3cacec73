import numpy as np
import pytest

from assistant.embedding import SHIPPED, SentenceTransformersEmbedder, load_embedder
from assistant.errors import IndexMismatchError, ModelError
from assistant.indexing import Options, index_corpus
from assistant.question import understand
from assistant.retrieval import search
from assistant.store import Generation


def test_vectors_are_unit_and_repeatable(embedder):
    vectors = embedder.encode(["Quelles sont les priorités ?", "une mission"])
    assert vectors.shape == (2, embedder.dimensions)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.array_equal(vectors, load_embedder().encode(["Quelles sont les priorités ?", "une mission"]))


def test_case_and_accents_do_not_count(embedder):
    one, other = embedder.encode(["Éducation à l'étranger", "EDUCATION A L'ETRANGER"])
    assert one @ other > 0.999


def test_vectors_are_those_of_model2vec(embedder, corpus):
    from model2vec import StaticModel

    texts = [path.read_text(encoding="utf-8") for path in corpus.rglob("*.md")]
    texts += ["", " \n ", "deux\tmots", "l’espace\u00a0insécable", "saut\x0cde page", "n°12 : 3,5 % (éd. 2024)", "漢字", "x" * 200]
    theirs = StaticModel.from_pretrained(SHIPPED, normalize=True).encode(texts)
    assert np.allclose(embedder.encode(texts), theirs, atol=1e-5)


def test_english_finds_french(embedder):
    question, right, wrong = embedder.encode(["What is the salary?", "La rémunération mensuelle", "Le billet d'avion"])
    assert question @ right > question @ wrong + 0.1


def test_a_text_of_unknown_words_has_no_vector(embedder):
    assert not embedder.encode(["漢字"]).any()
    assert embedder.encode([]).shape == (0, embedder.dimensions)


def test_the_shipped_model_is_small():
    assert sum(f.stat().st_size for f in SHIPPED.rglob("*") if f.is_file()) <= 12_000_000


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory):
    """A real sentence-transformers model, tiny, made on disk."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.WordLevel(unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.train_from_iterator(["les priorités de la justice", "experts en poste"], trainers.WordLevelTrainer(special_tokens=["[UNK]"]))
    folder = tmp_path_factory.mktemp("tiny")
    SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_dim=16)], device="cpu").save(str(folder))
    return folder


@pytest.mark.slow
def test_any_sentence_transformers_model_can_be_used(corpus, tmp_path, embedder, tiny_model):
    other = load_embedder(str(tiny_model))
    assert isinstance(other, SentenceTransformersEmbedder)
    assert other.dimensions == 16
    index = tmp_path / "index"
    index_corpus(corpus, index, other)
    generation = Generation.open(index, other.fingerprint)
    assert generation.manifest.dimensions == 16
    assert search(generation, other, understand("priorités justice"), 1)[0].chunk.document == "justice.txt"
    with pytest.raises(IndexMismatchError, match="--full"):
        index_corpus(corpus, index, embedder)
    assert index_corpus(corpus, index, embedder, options=Options(full=True)).documents == 6


@pytest.mark.slow
def test_a_model_that_is_not_there_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelError, match="ASSISTANT_EMBEDDING_MODEL"):
        load_embedder(str(tmp_path / "absent"))
