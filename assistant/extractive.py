"""The answer made of exact quotes: picks the sentences, lists or fields that answer, or says that none does.

Needs no language model. Every statement is a quote, so that nothing can be said that no document says.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from assistant import reading
from assistant.asking import Asked, asked_for, constraints, count_named, holds, in_section_asked, lacks, opposes
from assistant.lexical import Term, analyse
from assistant.places import countries_in
from assistant.schema import Answer, Citation, Kind, Outcome, Passage, Query
from assistant.text import Span, fold, words
from assistant.units import Unit, quotable, row_in_words

THRESHOLD = 0.25
"""Probability from which a sentence is said to answer; see training/LOG.md for what it keeps and lets through."""
_RELATIVE = 0.45
"""Share of the best statement's probability that a further one must have."""
_RELATIVE_BESIDE = 0.2
"""The same, for one of the same passage."""
_MAX_STATEMENTS = 3
_MAX_WORDS = 80
"""Words of the quotes of an answer that is no list."""
_READ = 8
"""Passages read for the answer."""
_CHOICES = 3
"""Subjects offered to someone whose question names none."""
_STRICT = {Asked.AMOUNT, Asked.COUNT, Asked.DURATION, Asked.AGE, Asked.DATE}
"""Kinds of thing whose answer must hold a figure or a date: a sentence without one does not answer."""

_DEFINITION_LOGIT = 3.0
"""What an entry of a glossary gains where a definition is asked."""
_ORDINAL_LOGIT = 2.5
"""What the item that bears the number asked for gains (``la deuxième priorité``)."""
_YEAR_LOGIT = 2.0
"""What a unit that tells of other years than the one asked loses."""
_FOUND_WEIGHT = 1.0
"""How much a unit's log-odds move with the logarithm of its passage's score over the best."""
_COUNTRY_ASKED = re.compile(r"\b(?:pays|countr(?:y|ies))\b")
_COUNTRY_LOGIT = 0.8
"""What a unit gains for each country it names, where countries are asked."""
_ANOTHER_SUBJECT = 0.05
"""Confidence of a search under which the documents say nothing on the subject: 9 answerable questions in 100 of the validation
sets are under it (1 in 300 of the project's own), and 41 in 100 of another field (training/LOG.md)."""
_RESTS = re.compile(r"(?:il|elle|ils|elles|celui-ci|celle-ci|ceux-ci|celles-ci|cela|ce dernier|cette derniere|it|they|this|these)\b")
"""How a sentence begins that needs the one before it, folded."""
_QUALIFIES = re.compile(
    r"(?:toutefois|cependant|mais|en revanche|neanmoins|sauf|sinon|il s'agit|elles? n|ils? n|cela n|however|but|except|unless)"
)
"""How a sentence begins that limits the one before it, folded."""


def compose(query: Query, passages: Sequence[Passage], idf: reading.Idf, expanded: Sequence[Term] = ()) -> Answer:
    """Return the answer that the passages support, or ``not_found`` with the nearest of them.

    ``expanded`` are the question's terms with what documents may call them.
    """
    if not passages or _is_of_another_subject(query, passages):
        return not_said(query, passages)
    found = [unit for passage in passages[:_READ] for unit in quotable(passage)]
    about = query.text.replace(query.reference, "") if query.reference else query.text
    chosen, confidence = _choose(query, reading.view(about, idf, expanded, _asked(query)), found)
    if not chosen:
        return replace(not_said(query, passages), confidence=confidence)
    citations = tuple(_cite(unit.passage, span) for unit in chosen for span in unit.spans)
    return Answer(Outcome.ANSWERED, _write(query, chosen), citations, tuple(passages), confidence=confidence)


def not_said(query: Query, passages: Sequence[Passage]) -> Answer:
    """Return that the documents say nothing on the subject, or not this, and then which passage comes nearest."""
    if not passages or _is_of_another_subject(query, passages):
        return Answer(Outcome.NOT_FOUND, _PHRASES[query.language]["nothing"], passages=tuple(passages))
    nearest = passages[0]
    place = f"{nearest.title} — {_heading(nearest)}" if _heading(nearest) else nearest.title
    text = _PHRASES[query.language]["not_said"].format(place=place)
    return Answer(Outcome.NOT_FOUND, text, passages=tuple(passages))


def _is_of_another_subject(query: Query, passages: Sequence[Passage]) -> bool:
    return query.reference is None and passages[0].score < _ANOTHER_SUBJECT


def small_talk(query: Query) -> Answer:
    """Return a short human reply to a greeting, thanks, or a question about the assistant."""
    folded = fold(query.original)
    kind = next((kind for kind, pattern in _SOCIAL if re.search(pattern, folded)), "hello")
    return Answer(Outcome.SOCIAL, _PHRASES[query.language][kind])


def ask_again(query: Query) -> Answer:
    """Return the request for a question, where there is none."""
    return Answer(Outcome.CLARIFY, _PHRASES[query.language]["empty"])


def which_one(query: Query, passages: Sequence[Passage]) -> Answer:
    """Return the request to say what a vague question is about, with subjects of the documents to choose from."""
    titles = list(dict.fromkeys(passage.title for passage in passages if passage.kind is not Kind.MISSION))[:_CHOICES]
    phrases = _PHRASES[query.language]
    choices = [f" {phrases['for_instance']}", *(f"- {title}" for title in titles)] if titles else []
    return Answer(Outcome.CLARIFY, phrases["vague"] + "\n".join(choices), passages=tuple(passages))


def phrase(language: str, key: str) -> str:
    """Return a phrase of the answers in a language."""
    return _PHRASES[language][key]


_SOCIAL = (
    ("thanks", r"merci|thank"),
    ("bye", r"au revoir|bientot|bye|bonne (?:journee|soiree)"),
    ("who", r"qui|who|what|que |quoi|appelle|aide|help"),
    ("hello", r""),
)


def _asked(query: Query) -> Asked | None:
    """Return the kind of thing that a question's own words ask for, None where what it follows tells."""
    own = asked_for(query.original)
    return own if own is not Asked.OTHER or constraints(query.original) else None


def _choose(query: Query, view: reading.QuestionView, units: list[Unit]) -> tuple[list[Unit], float]:
    """Return the units that answer, best first, then those that complete it, and the probability that the best does."""
    section = [unit for unit in units if _in_section(query, unit)]
    if section:
        return _opening(section), 1.0
    if not units:
        return [], 0.0
    likely = _likely(query, view, units)
    order = np.argsort(-likely, kind="stable")
    best, confidence = units[order[0]], float(likely[order[0]])
    if confidence < THRESHOLD:
        return [], confidence
    whole = _what_it_leads_to(best, units)
    if whole is not None:
        return [whole], confidence
    fit = [i for i in order if units[i] is best or not _tells_another_year(view, units[i])]
    chosen = _gather([units[i] for i in fit], [float(likely[i]) for i in fit])
    return _in_order(_with_tied(chosen, units)), confidence


def _likely(query: Query, view: reading.QuestionView, units: list[Unit]) -> NDArray[np.float64]:
    """Return the probability that each unit answers, 0 where something forbids it."""
    fit = [number for number, unit in enumerate(units) if _may_answer(view, unit)]
    read = reading.score(view, [units[number].candidate for number in fit])
    top = max((units[number].passage.score for number in fit), default=1.0)
    likely = np.zeros(len(units))
    for number, probability in zip(fit, read.tolist(), strict=True):
        likely[number] = 1 / (1 + math.exp(-_adjusted(query, view, units[number], probability, top)))
    return likely


def _logit(probability: float) -> float:
    probability = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(probability / (1 - probability))


def _opening(section: list[Unit]) -> list[Unit]:
    """Return the beginning of a section, in its order, within the length of a short answer; a list that it holds is whole."""
    first = min((unit.passage for unit in section), key=lambda passage: passage.chunk.start)
    own = [unit for unit in section if unit.passage is first]
    listed = [unit for unit in own if unit.is_list]
    spans = {span for unit in listed for span in unit.spans}
    chosen: list[Unit] = []
    for unit in own:
        if not unit.is_list and unit.spans[0] not in spans and sum(len(words(one.text)) for one in [*chosen, unit]) <= _MAX_WORDS:
            chosen.append(unit)
    return [*chosen, *listed]


def _gather(units: list[Unit], odds: list[float]) -> list[Unit]:
    """Return the best unit and those that complete it, of its passage first, within the length of a short answer."""
    best = units[0]
    if best.is_list:
        return [best]
    beside = [unit for unit, odd in zip(units, odds, strict=True) if unit.passage is best.passage and odd >= _RELATIVE_BESIDE * odds[0]]
    elsewhere = [unit for unit, odd in zip(units, odds, strict=True) if odd >= max(THRESHOLD, _RELATIVE * odds[0])]
    chosen: list[Unit] = []
    count = 0
    for unit in [best, *beside, *elsewhere]:
        length = len(words(unit.text))
        if chosen and (unit.is_list or unit.leads or count + length > _MAX_WORDS or any(_repeats(unit, other) for other in chosen)):
            continue
        chosen.append(unit)
        count += length
        if len(chosen) == _MAX_STATEMENTS:
            break
    return chosen


def _what_it_leads_to(unit: Unit, units: Sequence[Unit]) -> Unit | None:
    """Return the list or the table that a sentence ending in a colon opens, with that sentence; None where it opens none."""
    if not unit.leads:
        return None
    beside = [one for one in units if one.passage is unit.passage]
    listed = next((one for one in beside if one.is_list and unit.spans[0] in one.spans), None)
    rows = [one.spans[0] for one in beside if one.is_row and one.spans[0] > unit.spans[0]]
    return listed or (replace(unit, spans=(unit.spans[0], *rows), is_list=True) if rows else None)


def _with_tied(chosen: list[Unit], units: Sequence[Unit]) -> list[Unit]:
    """Return the units chosen, with what the first one rests on (the sentence before a pronoun) or is qualified by (one that opens with « toutefois »)."""
    best = chosen[0]
    if best.is_list:
        return chosen
    beside = {unit.candidate.position: unit for unit in units if unit.passage is best.passage and not unit.is_list}
    before, after = beside.get(best.candidate.position - 1), beside.get(best.candidate.position + 1)
    tied = [before] if before and _RESTS.match(fold(best.text)) else []
    tied += [after] if after and _QUALIFIES.match(fold(after.text)) else []
    count = sum(len(words(unit.text)) for unit in chosen)
    for unit in tied:
        if unit not in chosen and count + len(words(unit.text)) <= _MAX_WORDS:
            chosen = [*chosen, unit]
            count += len(words(unit.text))
    return chosen


def _in_order(chosen: list[Unit]) -> list[Unit]:
    """Return the units of each passage in its order, passages as they were chosen."""
    rank = {id(unit.passage): place for place, unit in reversed(list(enumerate(chosen)))}
    return sorted(chosen, key=lambda unit: (rank[id(unit.passage)], unit.candidate.position))


def _repeats(unit: Unit, other: Unit) -> bool:
    own, theirs = set(words(unit.text)), set(words(other.text))
    return len(own & theirs) > 0.8 * min(len(own), len(theirs))


def _may_answer(view: reading.QuestionView, unit: Unit) -> bool:
    """Tell whether nothing forbids that a unit answers: the kind of thing is there, no year, ordinal or name is missing."""
    candidate = unit.candidate
    around = f"{candidate.heading} {candidate.passage}"
    if view.asked in _STRICT and holds(view.asked, unit.text) is False:
        return False
    if (
        lacks(view.text, unit.text)
        or opposes(view.text, f"{_heading(unit.passage)} {unit.text}")
        or not reading.speaks_of_sought(view, candidate)
    ):
        return False
    numbered = {f"{unit.ordinal}e"} if unit.ordinal else set()
    if view.constraints - constraints(around) - numbered or not reading.speaks_of(view, candidate):
        return False
    wanted = {one for one in view.constraints if one.endswith("e")}
    if unit.ordinal and wanted and not wanted & numbered:
        return False
    present = set(words(around))
    missing = [name for name in reading.telling_names(view) if name not in present and not reading.named_otherwise(view, name, around)]
    return not missing or all(_inflected(name, present) for name in missing)


def _inflected(name: str, present: set[str]) -> bool:
    """Tell whether a name occurs in another form (plural, gender), five letters or more in common."""
    return len(name) >= 5 and any(word[:5] == name[:5] for word in present)


def _adjusted(query: Query, view: reading.QuestionView, unit: Unit, probability: float, top: float) -> float:
    """Return the log-odds moved by how well the passage was found, and by whether a list is wanted."""
    logit = _logit(probability) + _FOUND_WEIGHT * math.log(max(unit.passage.score, 1e-6) / top)
    if unit.is_list:
        logit += _list_logit(query, view, unit)
    if _tells_another_year(view, unit):
        logit -= _YEAR_LOGIT
    if view.asked is Asked.PLACE and _COUNTRY_ASKED.search(fold(query.text)):
        logit += _COUNTRY_LOGIT * min(len(countries_in(unit.text)), 3)
    if unit.ordinal and f"{unit.ordinal}e" in view.constraints:
        logit += _ORDINAL_LOGIT
    if view.asked is Asked.DEFINITION and _defines(view, unit):
        logit += _DEFINITION_LOGIT
    return logit


def _tells_another_year(view: reading.QuestionView, unit: Unit) -> bool:
    """Tell whether a unit speaks of years, and of none that is asked."""
    asked = {one for one in view.constraints if not one.endswith("e")}
    told = {one for one in constraints(unit.text) if not one.endswith("e")}
    return bool(asked and told and not asked & told)


def _defines(view: reading.QuestionView, unit: Unit) -> bool:
    """Tell whether a unit says what a term stands for: its entry in a glossary, or its words with the acronym in brackets."""
    if any(f"({name})" in fold(unit.text) for name in view.names):
        return True
    opening = words(unit.text)[:6]
    sought = sorted(view.names) or list(view.terms)
    return len(opening) > len(sought) and bool(sought) and all(any(w.startswith(one) for w in opening[: len(sought)]) for one in sought)


def _list_logit(query: Query, view: reading.QuestionView, unit: Unit) -> float:
    wanted = count_named(query.text)
    heading = set(analyse(f"{unit.candidate.heading} {unit.candidate.before}"))
    total = sum(view.weights) or 1.0
    covered = sum(w for t, w in zip(view.terms, view.weights, strict=True) if t in heading) / total
    asks = view.asked is Asked.LIST or wanted is not None
    if not asks:
        return -1.5 + covered
    return 3.0 * covered - 0.5 + (1.5 if wanted == len(unit.items) else 0.0)


def _in_section(query: Query, unit: Unit) -> bool:
    """Tell whether a unit stands in the section that a question about a posting asks for."""
    return bool(query.documents) and in_section_asked(query.text, _heading(unit.passage))


def _cite(passage: Passage, span: Span) -> Citation:
    chunk = passage.chunk
    return Citation(
        number=passage.number,
        document=chunk.document,
        title=passage.title,
        page=chunk.page,
        quote=chunk.text[span[0] : span[1]],
        start=chunk.start + span[0],
        end=chunk.start + span[1],
        also=passage.also,
    )


def _write(query: Query, chosen: list[Unit]) -> str:
    """Return the answer's text: each quote between quote marks with its number, its subject before it."""
    phrases = _PHRASES[query.language]
    parts = []
    told: set[tuple[str, ...]] = set()
    for unit in chosen:
        passage = unit.passage
        lead = "" if passage.chunk.heading in told else _lead(passage, phrases)
        told.add(passage.chunk.heading)
        quotes = [passage.chunk.text[a:b] for a, b in unit.spans]
        if unit.is_list:
            intro = unit.introduction
            opening = f"« {quotes[0]} »" if intro else ""
            told_items = [row_in_words(passage.chunk.text, quote) or f"« {quote} »" for quote in quotes[1 if intro else 0 :]]
            listed = "\n".join(f"- {item} [{passage.number}]" for item in told_items)
            parts.append(f"{lead}{opening}\n{listed}".strip())
        else:
            told_row = row_in_words(passage.chunk.text, quotes[0])
            parts.append(f"{lead}{told_row or f'« {quotes[0]} »'} [{passage.number}]")
    return "\n\n".join(parts)


def _lead(passage: Passage, phrases: dict[str, str]) -> str:
    """Return what tells whose words follow: the document's title, its section, its date for news, the mark of a sample."""
    where = _heading(passage)
    lead = passage.title if not where or fold(where) in fold(passage.title) else f"{passage.title} — {where}"
    if passage.sample and "exemple" not in fold(lead):
        lead += f" ({phrases['sample']})"
    if passage.kind is Kind.NEWS and passage.published:
        lead += f" ({passage.published.isoformat()})"
    return f"{lead}{phrases['colon']} "


def _heading(passage: Passage) -> str:
    return passage.chunk.heading[-1] if len(passage.chunk.heading) > 1 else ""


_PHRASES = {
    "fr": {
        "colon": " :",
        "sample": "exemple fictif",
        "nothing": "Je ne trouve rien à ce sujet dans les documents.",
        "not_said": (
            "Les documents que je consulte ne répondent pas à cette question. Le passage le plus proche : « {place} ». "
            "Pour une réponse officielle, adressez-vous à l'organisme qui publie la mission ou le dispositif."
        ),
        "hello": "Bonjour ! Posez-moi une question sur les missions d'expertise internationale ou les priorités de coopération.",
        "thanks": "Avec plaisir. N'hésitez pas si vous avez une autre question.",
        "bye": "Au revoir, et bonne continuation !",
        "who": (
            "Je suis un assistant qui répond à partir de documents sur les missions d'expertise internationale et les priorités "
            "de coopération. Je cite mes sources mot pour mot, et je le dis quand les documents ne répondent pas."
        ),
        "empty": "Quelle est votre question ?",
        "vague": "De quoi s'agit-il : une mission, un dispositif (ETI, END, VIE, VIA…), une priorité de coopération ?",
        "for_instance": "Par exemple :",
        "ungrounded": "La réponse rédigée par le modèle de langue ne s'appuyait pas sur les documents ; voici ce qu'ils disent.",
        "removed": "Une partie de la réponse rédigée, non appuyée par les documents, a été retirée.",
    },
    "en": {
        "colon": ":",
        "sample": "fictitious sample",
        "nothing": "I find nothing about this in the documents.",
        "not_said": (
            "The documents I have do not answer this question. The nearest passage: “{place}”. "
            "For an official answer, please contact the organisation that publishes the mission or the scheme."
        ),
        "hello": "Hello! Ask me about international expertise missions or cooperation priorities.",
        "thanks": "You are welcome. Feel free to ask another question.",
        "bye": "Goodbye!",
        "who": (
            "I am an assistant that answers from documents about international expertise missions and cooperation priorities. "
            "I quote my sources word for word, and I say so when the documents do not answer."
        ),
        "empty": "What is your question?",
        "vague": "What is it about: a mission, a scheme (ETI, END, VIE, VIA…), a cooperation priority?",
        "for_instance": "For instance:",
        "ungrounded": "The language model's answer did not rest on the documents; here is what they say.",
        "removed": "Part of the written answer, which the documents do not support, was removed.",
    },
}
