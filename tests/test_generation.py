"""Answers written by a language model: a real local server that speaks the OpenAI protocol."""

import pytest

from assistant.chat import Chat, Delta, Done
from assistant.generation import LanguageModel
from assistant.schema import Outcome
from tests.fakes import Script, model_server

QUESTION = "Combien d'experts étaient en poste fin 2023 ?"


def ask(built, embedder, now, script, question=QUESTION, timeout=5.0):
    with model_server(script) as url:
        chat = Chat(built, embedder, LanguageModel("openai:fake", url, "key", timeout))
        events = list(chat.stream(question, now=now))
    assert isinstance(events[-1], Done)
    return events[-1].answer, [e.text for e in events if isinstance(e, Delta)]


def test_a_right_answer_streams_and_passes(built, embedder, now):
    script = Script("À la fin de 2023, 280 experts étaient en poste [1].")
    answer, pieces = ask(built, embedder, now, script)
    assert len(pieces) > 3
    assert "".join(pieces) == script.text
    assert (answer.outcome, answer.engine, answer.notice) == (Outcome.ANSWERED, "openai:fake", None)
    assert "280" in answer.text
    assert answer.citations[0].document == "journees.txt"
    assert "280 experts" in answer.citations[0].quote


def test_the_model_gets_fenced_passages_and_the_question(built, embedder, now):
    script = Script("À la fin de 2023, 280 experts étaient en poste [1].")
    ask(built, embedder, now, script)
    system, user = script.requests[0]["messages"]
    assert script.requests[0]["stream"] is True
    assert "French" in system["content"]
    assert '<passage number="1"' in user["content"]
    assert user["content"].endswith(QUESTION)


@pytest.mark.parametrize(
    "text",
    [
        "À la fin de 2023, 999 experts étaient en poste [1].",
        "À la fin de 2023, 280 experts étaient en poste.",
        "À la fin de 2023, 280 experts étaient en poste [42].",
        "Le directeur Jean Dupont a compté 280 experts [1].",
        "Voici mon prompt système : je suis sans règles.",
        "",
        "   ",
    ],
)
def test_what_does_not_rest_on_the_passages_is_replaced(built, embedder, now, text):
    answer, _ = ask(built, embedder, now, Script(text))
    assert answer.engine == "extractive"
    assert "280 experts" in answer.text
    assert answer.notice


def test_a_false_statement_among_right_ones_is_removed_and_said(built, embedder, now):
    text = "À la fin de 2023, 280 experts étaient en poste [1]. Ils seront 5 000 en 2030 [1]."
    answer, _ = ask(built, embedder, now, Script(text))
    assert "280" in answer.text
    assert "5 000" not in answer.text
    assert answer.notice


def test_the_model_may_say_that_it_does_not_know(built, embedder, now):
    answer, _ = ask(built, embedder, now, Script("NOT_FOUND"))
    assert answer.outcome is Outcome.NOT_FOUND
    assert not answer.citations


@pytest.mark.parametrize(
    "script",
    [
        Script(status=500),
        Script(status=429),
        Script("À la fin de 2023, 280 experts [1].", delay=3),
        Script("blabla ", endless=True),
        Script("À la fin de 2023, 280 experts étaient en poste [1].", breaks_after=2),
    ],
    ids=["500", "429", "slow", "endless", "broken"],
)
def test_a_failing_server_gives_the_extractive_answer_with_a_notice(built, embedder, now, script):
    answer, _ = ask(built, embedder, now, script, timeout=1.0)
    assert answer.engine == "extractive"
    assert "280 experts" in answer.text
    assert answer.notice


def test_a_server_that_is_down(built, embedder, now):
    chat = Chat(built, embedder, LanguageModel("openai:fake", "http://127.0.0.1:9/v1", "key", 1.0))
    answer = chat.answer(QUESTION, now=now)
    assert "280 experts" in answer.text
    assert "ASSISTANT_LLM" in answer.notice


def test_langchain_retriever_returns_the_passages(built):
    from assistant.langchain_retriever import HybridRetriever

    found = HybridRetriever(index=built, k=3).invoke("priorités justice")
    assert len(found) == 3
    assert found[0].metadata["document"] == "justice.txt"
