"""Question -> events: understand, retrieve, answer, verify. The one orchestration, used by every way in.

Knows no page and no terminal: it yields typed events, and whoever shows them translates.
"""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant import eligibility, extractive, fitting, grounding, listing, posting, profile, prompts, retrieval, suggestions
from assistant.asking import is_vague
from assistant.embedding import Embedder, load_embedder
from assistant.errors import ModelError
from assistant.expansion import expand
from assistant.generation import LanguageModel
from assistant.question import understand
from assistant.reranking import load_reranker
from assistant.schema import Answer, Condition, Facet, Filters, Hit, Intent, Kind, Mission, Outcome, Passage, Query, Turn
from assistant.settings import Settings
from assistant.store import Generation, current

_DATED = {"deadline", "state"}
"""Fields asked for which news may say otherwise than the sheet."""
_SCHEME_PASSAGES = 40
"""Passages read for the conditions of a scheme."""
PASSAGES = 10
"""Passages retrieved for an answer."""
_SURE = 0.3
"""Probability from which a sentence that answers is told beside the conditions of a scheme."""


_SURE_OF_FIELD = 0.3
"""The same, from which a sentence of a sheet gives a field that the sheet does not label."""


@dataclass(frozen=True, slots=True)
class Understood:
    """The question as read."""

    query: Query


@dataclass(frozen=True, slots=True)
class Found:
    """The passages retrieved."""

    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of an answer being written, not verified yet."""

    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """The answer, verified; it replaces whatever was streamed."""

    answer: Answer


Event = Understood | Found | Delta | Done


class Chat:
    """Answers questions from an index folder, following it when another generation is served."""

    def __init__(
        self, index: Path, embedder: Embedder, model: LanguageModel | None = None, reranker: retrieval.Reranker | None = None
    ) -> None:
        self._index = index
        self._embedder = embedder
        self._model = model
        self._reranker = reranker
        self._lock = threading.Lock()
        self._generation = Generation.open(index, embedder.fingerprint)
        self._previous: Generation | None = None  # still open: a question may be reading it

    def answer(self, question: str, *, history: Sequence[Turn] = (), now: dt.datetime) -> Answer:
        """Return the answer to a question at a time (aware)."""
        answer = Answer(Outcome.FAILED, "")
        for event in self.stream(question, history=history, now=now):
            if isinstance(event, Done):
                answer = event.answer
        return answer

    def stream(self, question: str, *, history: Sequence[Turn] = (), now: dt.datetime) -> Iterator[Event]:
        """Yield what happens while a question is answered; the last event is ``Done``."""
        started = time.perf_counter()
        generation = self.generation()
        query = understand(question, history, today=now.date(), known=generation.registry)
        yield Understood(query)
        answer = self._for_person(generation, query, history, now) or self._without_search(generation, query, now)
        searched = 0.0
        if answer is None:
            postings = posting.about(query, history, generation.registry, now)
            answer = None if postings else self._of_none(generation, query, now)
        if answer is None:
            query = replace(query, documents=tuple(mission.document for mission in postings))
            passages = self._passages(generation, query)
            searched = time.perf_counter() - started
            yield Found(passages)
            if is_vague(query.text):
                answer = extractive.which_one(query, passages)
            else:
                query, answer, passages = self._read(generation, query, history, postings, passages)
            if self._model is not None and passages and answer.outcome is not Outcome.CLARIFY:
                answer = yield from self._written(query, passages, answer, now)
        answer = _with_states(_verified(answer, generation), generation, query, now)
        seconds = {"retrieval": round(searched, 4), "total": round(time.perf_counter() - started, 4)}
        yield Done(replace(answer, seconds=seconds, suggestions=suggestions.after(generation, query, answer)))

    def list_missions(self, filters: Filters, language: str, now: dt.datetime) -> Answer:
        """Return the missions that pass filters, as a question that asked for them would be answered."""
        generation = self.generation()
        query = Query("", language, "", Intent.LISTING, filters)
        answer = listing.answer(query, generation.registry, now)
        return replace(answer, suggestions=suggestions.after(generation, query, answer))

    def _for_person(self, generation: Generation, query: Query, history: Sequence[Turn], now: dt.datetime) -> Answer | None:
        """Return what is open to the person who asks, None where nobody asks that or the documents set no condition."""
        told = [turn.question for turn in history]
        person = profile.read([*told, query.original])
        of_someone = eligibility.asks_of_someone(query.original, person)
        if query.intent is Intent.SOCIAL or not (of_someone or eligibility.asks_for_oneself(query.original, person)):
            return None
        named = eligibility.schemes_named(query.original) or eligibility.schemes_named(" ; ".join(told))
        registry = generation.registry
        placed = posting.names_place(query.original, registry, now.date())
        postings = [] if named and not placed else posting.about(query, history, registry, now)
        if placed and not postings and not named:
            postings = posting.find(query.original, registry, now)
        if postings:
            about = replace(query, documents=tuple(mission.document for mission in postings))
            held = {fitting.posting_title(one): eligibility.against_posting(person, one) for one in postings}
            return fitting.for_subjects(query, held, self._passages(generation, about))
        if named:
            return self._for_schemes(generation, query, person, named)
        if of_someone or not eligibility.asks_what_fits(query.original):
            return None
        entries = registry.listed(Filters((Condition(Facet.STATE, frozenset({"open"})),)), now)
        return fitting.over_postings(query, [(entry, eligibility.against_posting(person, entry.mission)) for entry in entries])

    def _for_schemes(
        self, generation: Generation, query: Query, person: profile.Profile, named: Sequence[eligibility.Scheme]
    ) -> Answer | None:
        """Return how a person stands to schemes, and the sentence that answers the question as it is put, where one surely does.

        None where the documents set no condition.
        """
        held: dict[str, list[eligibility.Criterion]] = {}
        hits: dict[str, Hit] = {}
        for scheme in named:
            asked = replace(query, text=f"{scheme.fr} conditions qui peut candidater {query.text}", language="fr")
            found = retrieval.search(generation, self._embedder, asked, _SCHEME_PASSAGES)
            held[fitting.scheme_title(scheme, query.language)] = eligibility.against_scheme(person, scheme, [hit.chunk for hit in found])
            hits.update((hit.chunk.id, hit) for hit in found)
        quoted = {(one.document, one.quote.start) for criteria in held.values() for one in criteria}
        holding = [hit for hit in hits.values() if any(d == hit.chunk.document and hit.chunk.start <= s < hit.chunk.end for d, s in quoted)]
        if not holding:
            return None
        read = self._searched(generation, query)
        sure = read.outcome is Outcome.ANSWERED and read.confidence >= _SURE
        after = len(read.passages) if sure else 0
        passages = [replace(one, number=one.number + after) for one in retrieval.passages(generation, holding)]
        answer = fitting.for_subjects(query, held, passages)
        return fitting.with_reading(answer, read, query.language) if answer and sure else answer

    def _searched(self, generation: Generation, query: Query) -> Answer:
        """Return what the passages found for a question say to it."""
        return _composed(generation, query, self._passages(generation, query))

    def _passages(self, generation: Generation, query: Query) -> tuple[Passage, ...]:
        hits = retrieval.about(generation, self._embedder, query, PASSAGES, self._reranker)
        return tuple(retrieval.passages(generation, hits))

    def _read(
        self, generation: Generation, query: Query, history: Sequence[Turn], postings: Sequence[Mission], passages: tuple[Passage, ...]
    ) -> tuple[Query, Answer, tuple[Passage, ...]]:
        """Return what the sheets, then the passages answer; the question as it was answered; the passages that were read for it."""
        fields = posting.fields_of(query, history)
        sheets = self._from_sheets(generation, query, fields, postings, passages)
        if sheets is not None:
            return query, sheets, passages
        answer = _composed(generation, query, passages)
        unsure = answer.outcome is Outcome.NOT_FOUND or (fields and answer.confidence < _SURE_OF_FIELD)
        if postings and unsure:
            answer = self._elsewhere(generation, query, fields, postings, answer)
        if query.resting and not postings:  # a short question: alone, or with the last one's words, whichever is answered the more surely
            longer = replace(query, text=query.resting)
            other = self._searched(generation, longer)
            if other.confidence > answer.confidence:
                query, answer = longer, other
        return query, answer, answer.passages

    def _from_sheets(
        self, generation: Generation, query: Query, fields: Sequence[str], postings: Sequence[Mission], passages: Sequence[Passage]
    ) -> Answer | None:
        """Return what the sheets of the postings named give for the fields asked, None where they give none or none is asked.

        Of a deadline, what news say otherwise is said too.
        """
        answer = posting.answer(query, postings, fields, passages) if postings else None
        if answer is None or not _DATED.intersection(fields):
            return answer
        for mission in postings:
            asked = replace(query, text=f"{mission.title} {mission.city or ''} date limite de candidature", documents=(), language="fr")
            around = [replace(one, number=one.number + len(answer.passages)) for one in self._passages(generation, asked)]
            told = posting.disagreeing(mission, around)
            if told:
                quoted = {one.number for one in told}
                answer = posting.disagreement(answer, told, [one for one in around if one.number in quoted], query.language)
        return answer

    def _elsewhere(
        self, generation: Generation, query: Query, fields: Sequence[str], postings: Sequence[Mission], declined: Answer
    ) -> Answer:
        """Return what other documents say where the sheets of the postings named do not; a field they lack is said to be missing."""
        if fields and fields[0] != "salary":
            return posting.not_given(query, postings, fields[0], declined.passages)
        answer = _composed(generation, query, self._passages(generation, replace(query, documents=())))
        return answer if answer.outcome is Outcome.ANSWERED else declined

    def _of_none(self, generation: Generation, query: Query, now: dt.datetime) -> Answer | None:
        """Return that there is no posting where a question about one says it is, None where it is no such question."""
        place = None if eligibility.schemes_named(query.original) else posting.absent(query, generation.registry, now)
        return listing.answer(replace(query, filters=place), generation.registry, now) if place else None

    def search(self, query: Query, limit: int) -> list[Hit]:
        """Return the best chunks for a question as understood."""
        return retrieval.search(self.generation(), self._embedder, query, limit, self._reranker)

    def generation(self) -> Generation:
        """Return the served generation, reopened if another one has been published."""
        with self._lock:
            folder = current(self._index)
            if folder is not None and folder != self._generation.folder:
                fresh = Generation.open(self._index, self._embedder.fingerprint)
                if self._previous is not None:
                    self._previous.close()
                self._previous, self._generation = self._generation, fresh
            return self._generation

    def _without_search(self, generation: Generation, query: Query, now: dt.datetime) -> Answer | None:
        """Return the answer to small talk and to questions about the registry, None where passages must be read."""
        if query.intent is Intent.SOCIAL:
            return extractive.small_talk(query)
        if not query.text or not any(c.isalnum() for c in query.text):
            return extractive.ask_again(query)
        if query.intent is Intent.LISTING:
            if generation.registry:
                listed = listing.answer(query, generation.registry, now)
                return listed if listed.missions else self._with_what_is_read(generation, query, listed)
        return None

    def _with_what_is_read(self, generation: Generation, query: Query, listed: Answer) -> Answer:
        """Return an empty list after what the documents surely say: its question may have been about something else than sheets."""
        read = self._searched(generation, query)
        if read.outcome is not Outcome.ANSWERED or read.confidence < _SURE:
            return listed
        text = f"{read.text}\n\n{listed.text}"
        return replace(listed, text=text, citations=read.citations, passages=read.passages, confidence=read.confidence)

    def _written(self, query: Query, passages: tuple[Passage, ...], fallback: Answer, now: dt.datetime) -> Generator[Event, None, Answer]:
        """Stream the language model's answer and return it verified, or the fallback with a notice."""
        assert self._model is not None
        pieces: list[str] = []
        try:
            for piece in self._model.stream(query, passages, now.date()):
                pieces.append(piece)
                yield Delta(piece)
        except ModelError as error:
            return replace(fallback, notice=str(error))
        text = "".join(pieces).strip()
        if text.strip(" .").upper() == prompts.NOT_FOUND:
            return replace(extractive.not_said(query, passages), engine=self._model.name)
        grounded = grounding.ground(text, passages)
        if not grounded.holds:
            return replace(fallback, notice=extractive.phrase(query.language, "ungrounded"))
        notice = extractive.phrase(query.language, "removed") if grounded.removed else None
        return Answer(Outcome.ANSWERED, grounded.text, grounded.citations, passages, engine=self._model.name, notice=notice)


def open_chat(settings: Settings) -> Chat:
    """Return a chat over the index and with the models that the settings name."""
    model = None
    if settings.llm:
        key = settings.llm_api_key.get_secret_value()
        model = LanguageModel(settings.llm, settings.llm_base_url, key, settings.llm_timeout)
    return Chat(settings.index, load_embedder(settings.embedding_model), model, load_reranker(settings.reranker))


def _composed(generation: Generation, query: Query, passages: Sequence[Passage]) -> Answer:
    return extractive.compose(query, passages, generation.lexical.idf, expand(query.text, query.language, generation.lexical))


def _with_states(answer: Answer, generation: Generation, query: Query, now: dt.datetime) -> Answer:
    """Return the answer with, for each mission it quotes, whether one can still apply, and for news that call something open, of when they are."""
    cited = dict.fromkeys(citation.document for citation in answer.citations)
    quoted = [mission for name in cited if (mission := generation.registry.mission(name)) is not None]
    lines = [listing.state_line(mission, now, query.language) for mission in quoted]
    lines += [listing.news_line(day, query.language) for day in _days_of_open_news(answer)]
    return replace(answer, text="\n\n".join([answer.text, *lines])) if lines else answer


def _days_of_open_news(answer: Answer) -> list[dt.date]:
    """Return the days of the news quoted that say something is open at present."""
    published = {p.chunk.document: p.published for p in answer.passages if p.kind is Kind.NEWS and p.published}
    days = [published[c.document] for c in answer.citations if c.document in published and listing.speaks_of_now(c.quote)]
    return list(dict.fromkeys(days))


def _verified(answer: Answer, generation: Generation) -> Answer:
    """Return the answer without any citation whose quote is not in its document, to the character."""
    documents = {name: generation.document(name) for name in {c.document for c in answer.citations}}
    exact = tuple(c for c in answer.citations if (d := documents[c.document]) is not None and grounding.is_exact(c, d))
    return answer if len(exact) == len(answer.citations) else replace(answer, citations=exact)
