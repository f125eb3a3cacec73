"""Retrieval: what is found, in what order, with what score."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant import lexical, retrieval
from assistant.chat import Chat
from assistant.errors import ModelError
from assistant.indexing import index_corpus
from assistant.lexical import analyse, folded_words, stems
from assistant.question import understand
from assistant.reranking import CrossEncoderReranker
from assistant.store import Generation

TOPICS = {
    "remuneration.md": "# Rémunération\n\nLes appointements sont fixés par une grille.",
    "sante.md": "# Protection sociale\n\nLa Caisse des Français de l'étranger couvre l'expert et son conjoint.",
    "securite.md": "# Sûreté\n\nUne formation est obligatoire avant le départ en zone dangereuse.",
    "depart.md": "# Voyage\n\nLes billets sont achetés par le service logistique.",
}


def found(generation, embedder, question, limit=5):
    return [hit.chunk.document for hit in retrieval.search(generation, embedder, understand(question), limit)]


@pytest.mark.parametrize(
    ("question", "document"),
    [
        ("c koi le salaire ?", "remuneration.md"),
        ("What is the salary?", "remuneration.md"),
        ("la remunératoin svp", "remuneration.md"),
        ("ma femme est elle couverte par la sécu", "sante.md"),
        ("Is my spouse covered?", "sante.md"),
        ("que couvre la CFE", "sante.md"),
        ("C DANGEREUX ?", "securite.md"),
        ("Who buys the plane tickets?", "depart.md"),
    ],
)
def test_everyday_words_typos_and_english_find_the_document(indexed, embedder, question, document):
    assert found(indexed(TOPICS), embedder, question)[0] == document


def test_a_reference_finds_its_sheet_first(chat):
    generation = chat.generation()
    references = [mission.reference for mission in generation.registry.missions() if mission.reference]
    assert len(references) >= 2
    for reference in references:
        first = chat.search(understand(f"Que dit la fiche {reference} ?"), 3)[0]
        assert generation.registry.mission(first.chunk.document).reference == reference


def test_scores_fall_and_tell_an_answer_from_another_subject(indexed, embedder):
    generation = indexed(TOPICS)
    about, other = (
        [hit.score for hit in retrieval.search(generation, embedder, understand(question), 4)]
        for question in ("Qui achète les billets du voyage ?", "Qui a gagné la coupe du monde de rugby en 2023 ?")
    )
    assert about == sorted(about, reverse=True)
    assert 0 < other[0] < about[0] < 1


@pytest.mark.parametrize("text", ["Les priorités de l'ETI", "½ journée, 3ᵉ étage, œuvre", "", "aujourd’hui №5 ﬁn"])
def test_cached_stems_are_those_of_the_analyser(text):
    said = folded_words(text)
    assert [term for word in said if (term := stems(said)[word]) is not None] == analyse(text)


def test_a_full_cache_of_words_is_replaced(monkeypatch, embedder):
    monkeypatch.setattr(lexical, "_CACHED_WORDS", 0)
    first = stems(["missions"])
    assert stems(["priorités"]) is not first and first["missions"] == "mission"


def test_many_passages_under_one_heading_do_not_hide_the_others(indexed, embedder):
    filler = "\n\n".join(f"## Actualités du service\n\nBrève numéro {n} sur un sujet quelconque : {'mot ' * 200}{n}." for n in range(150))
    generation = indexed({"actualites.md": filler, **TOPICS})
    assert "remuneration.md" in found(generation, embedder, "Actualités du service : appointements et grille", 3)


def test_the_heading_alone_finds_a_passage_that_does_not_repeat_it(indexed, embedder):
    generation = indexed({"a.md": "# Guide\n\n## Évacuation sanitaire\n\nAppelez le numéro du contrat.\n\n## Impôts\n\nRien.", **TOPICS})
    hit = retrieval.search(generation, embedder, understand("évacuation sanitaire"), 1)[0]
    assert hit.chunk.heading[-1] == "Évacuation sanitaire"


def test_a_removed_heading_leaves_no_vector(tmp_path, embedder):
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    (corpus / "a.md").write_text("# Commun\n\n## Partagé\n\nUn texte.\n", encoding="utf-8")
    (corpus / "b.md").write_text("# Commun\n\n## Partagé\n\nUn autre texte.\n\n## Propre\n\nEncore.\n", encoding="utf-8")
    index_corpus(corpus, index, embedder)
    (corpus / "b.md").unlink()
    index_corpus(corpus, index, embedder)
    generation = Generation.open(index)
    chunks = generation.chunks_of("a.md")
    vector = embedder.encode(["Partagé"])[0]
    assert generation.nearest(embedder.encode(["Propre"])[0], 10).keys() == {chunk.id for chunk in chunks}
    assert generation.nearest(vector, 10).keys() == {chunk.id for chunk in chunks}
    assert all(heading > 0 for _, heading in generation.cosines(vector, [c.id for c in chunks]).values())
    generation.close()


def test_identical_passages_are_shown_once_and_figures_keep_them_apart(indexed, embedder):
    text = "# Journées\n\nLes journées ont réuni {} participants venus de trente pays pour échanger sur leurs missions et leurs métiers."
    generation = indexed({"a.md": text.format(310), "b.md": text.format(310) + "\n\n## Suite\n\nAutre.", "c.md": text.format(420)})
    passages = retrieval.passages(
        generation, retrieval.search(generation, embedder, understand("Combien de participants aux journées ?"), 5)
    )
    shown = {p.chunk.document: p.also for p in passages if "participants" in p.chunk.text}
    assert len(shown) == 2 and "c.md" in shown
    assert sorted(also for other in shown.values() for also in other) in (["a.md"], ["b.md"])
    assert [p.number for p in passages] == list(range(1, len(passages) + 1))


class _Reversing:
    """A reranker that turns the order round."""

    def rerank(self, question, hits):
        return [replace(hit, rank=rank) for rank, hit in enumerate(reversed(hits), start=1)]


def test_a_reranker_orders_the_first_hits_again(built, embedder):
    query = understand("Quel âge pour un VIA ?")
    plain = Chat(built, embedder).search(query, 50)
    again = Chat(built, embedder, reranker=_Reversing()).search(query, 50)
    assert [hit.chunk.id for hit in again] == [hit.chunk.id for hit in reversed(plain)]


def test_another_embedding_model_is_searched_by_fused_scores(tmp_path, embedder):
    class Other:
        name, fingerprint, dimensions = "other", "0" * 16, embedder.dimensions

        def encode(self, texts):
            return np.roll(embedder.encode(texts), 1, axis=1)

    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for name, text in TOPICS.items():
        (corpus / name).write_text(text, encoding="utf-8")
    index_corpus(corpus, tmp_path / "index", Other())
    chat = Chat(tmp_path / "index", Other())
    assert chat.search(understand("Qui achète les billets ?"), 1)[0].chunk.document == "depart.md"
    assert chat.answer("Qui achète les billets ?", now=dt.datetime(2026, 11, 22, tzinfo=dt.UTC)).citations


@pytest.mark.slow
def test_a_reranker_that_cannot_be_loaded_says_which_setting(tmp_path):
    with pytest.raises(ModelError, match="ASSISTANT_RERANKER"):
        CrossEncoderReranker(str(tmp_path / "none"))


@pytest.mark.slow
def test_a_cross_encoder_from_a_folder_ranks(tmp_path, built, embedder):
    folder = _tiny_cross_encoder(tmp_path / "model")
    chat = Chat(built, embedder, reranker=CrossEncoderReranker(str(folder)))
    query = understand("Quel âge pour un VIA ?")
    hits = chat.search(query, 50)
    assert {hit.chunk.id for hit in hits} == {hit.chunk.id for hit in Chat(built, embedder).search(query, 50)}
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))


def _tiny_cross_encoder(folder: Path) -> Path:
    """Write a BERT of random weights with one output, as a cross-encoder's folder holds it."""
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    folder.mkdir()
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "via", "age", "ans", "le", "la"]
    (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    BertTokenizerFast(vocab_file=str(folder / "vocab.txt")).save_pretrained(folder)
    config = BertConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16, num_labels=1
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    return folder
