"""The answer written by a language model from the passages, streamed: a LangChain chain.

Any provider of ``init_chat_model``; OpenAI-compatible servers (Ollama, vLLM, llama.cpp, Mistral, Albert…) go through
``openai:`` with a base URL. Says nothing of whether the answer is right: ``grounding.py`` does.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import os
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from assistant import prompts
from assistant.errors import ModelError
from assistant.schema import Passage, Query

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk
    from langchain_core.output_parsers import StrOutputParser
    from langchain_core.prompts import ChatPromptTemplate

MAX_TOKENS = 700
"""Tokens of the longest answer asked for."""
_MAX_CHARS = 6_000
"""Characters after which a model that does not stop is cut off."""
_CONTEXT_CHARS = 12_000
"""Characters of passages given: about 3,000 tokens, so that small models with a 4k window can answer."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class LanguageModel:
    """A chat model by its LangChain name, opened at the first question."""

    name: str
    """``provider:model``."""
    base_url: str = ""
    api_key: str = ""
    timeout: float = 30.0
    """Seconds without a word, or three times that for the whole answer, before giving up."""

    def stream(self, query: Query, passages: Sequence[Passage], today: dt.date) -> Iterator[str]:
        """Yield the pieces of the answer as they come.

        Raises:
            ModelError: the server is down, slow, refuses, breaks off, or does not stop.

        """
        values = {
            "language": prompts.LANGUAGES[query.language],
            "not_found": prompts.NOT_FOUND,
            "today": today.isoformat(),
            "passages": prompts.fence(passages, _CONTEXT_CHARS),
            "question": query.text,
        }
        end = time.monotonic() + 3 * self.timeout
        length = 0
        try:
            with contextlib.closing(self._open_stream(values)) as chunks:
                for chunk in chunks:
                    piece = self._parser.invoke(chunk)
                    length += len(piece)
                    if length > _MAX_CHARS or time.monotonic() > end:
                        raise ModelError(f"the language model {self.name} does not stop; its answer was cut off")
                    yield piece
        except ModelError:
            raise
        except Exception as error:  # every provider raises its own kinds; all mean that no answer comes from there
            log.warning("language model %s failed: %s", self.name, error)
            reason = type(error).__name__
            raise ModelError(f"the language model {self.name} did not answer ({reason}); check ASSISTANT_LLM") from error

    def _open_stream(self, values: dict[str, str]) -> Generator[AIMessageChunk, None, None]:
        yield from self._model.stream(self._template.invoke(values))

    # The three links of the chain are run one by one: a composed `template | model | parser` reads an abandoned stream to
    # its end before it lets go, and an endless one has none.

    @cached_property
    def _template(self) -> ChatPromptTemplate:
        from langchain_core.prompts import ChatPromptTemplate

        return ChatPromptTemplate.from_messages([("system", prompts.SYSTEM), ("human", prompts.USER)])

    @cached_property
    def _parser(self) -> StrOutputParser:
        from langchain_core.output_parsers import StrOutputParser

        return StrOutputParser()

    @cached_property
    def _model(self) -> BaseChatModel:
        os.environ.setdefault("LANGSMITH_TRACING", "false")
        from langchain.chat_models import init_chat_model

        options: dict[str, object] = {"temperature": 0, "max_tokens": MAX_TOKENS, "timeout": self.timeout, "max_retries": 0}
        if self.base_url:
            options["base_url"] = self.base_url
        if self.api_key or self.base_url:
            options["api_key"] = self.api_key or "none"
        return init_chat_model(self.name, **options)  # type: ignore[call-overload, no-any-return]
