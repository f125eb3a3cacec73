"""The answer made of exact quotes: picks the sentences, lists or fields that answer, or says that none does.

Needs no language model. Every statement is a quote, so that nothing can be said that no document says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from assistant import reading, weighing
from assistant.asking import Asked, asked_for, constraints, further_asked, holds, in_section_asked, opposes
from assistant.lexical import Term, analyse
from assistant.schema import Answer, Citation, Kind, Outcome, Passage, Query
from assistant.text import Span, fold, words
from assistant.units import Unit, quotable, row_in_words

THRESHOLD = 0.18
"""Probability from which a sentence is said to answer; see training/LOG.md for what it keeps and lets through."""
_RELATIVE = 0.45
"""Share of the best statement's probability that a further one must have."""
_RELATIVE_BESIDE = 0.05
"""The same, for one of the same passage."""
_FURTHER = 0.02
"""Probability that a statement must have which tells a further thing asked; the first thing is what it was weighed for."""
_MAX_STATEMENTS = 3
_MAX_WORDS = 80
"""Words of the quotes of an answer that is no list."""
PASSAGES_READ = 8
"""Passages read for the answer."""
_CHOICES = 3
"""Subjects offered to someone whose question names none."""

_OF_SECTION = {Asked.LIST, Asked.OTHER, Asked.MANNER, Asked.REASON, Asked.YES_NO}
"""Kinds of things that a whole section may tell."""
_REST = 0.3
"""Share of a question's weight that neither the heading it says again nor those above need hold."""
_HEADED = 0.9
"""Probability that a section answers whose heading the question says again."""
_ANOTHER_SUBJECT = 0.05
"""Confidence of a search under which the documents say nothing on the subject: 9 answerable questions in 100 of the validation
sets are under it (3 in 100 of the project's own), and 41 in 100 of another field (training/LOG.md)."""
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
    chosen, confidence = _choose(query, *what_is_read(query, passages, idf, expanded))
    if not chosen:
        return replace(not_said(query, passages), confidence=confidence)
    citations = tuple(_cite(unit.passage, span) for unit in chosen for span in unit.spans)
    return Answer(Outcome.ANSWERED, _write(query, chosen), citations, tuple(passages), confidence=confidence)


def what_is_read(
    query: Query, passages: Sequence[Passage], idf: reading.Idf, expanded: Sequence[Term]
) -> tuple[reading.QuestionView, list[Unit]]:
    """Return a question as it is read, and what can be quoted for it in the best passages."""
    about = query.text.replace(query.reference, "") if query.reference else query.text
    return reading.view(about, idf, expanded, _asked(query)), [unit for passage in passages[:PASSAGES_READ] for unit in quotable(passage)]


def not_said(query: Query, passages: Sequence[Passage]) -> Answer:
    """Return that the documents say nothing on the subject, or not this, and then which passage comes nearest."""
    if not passages or _is_of_another_subject(query, passages):
        return Answer(Outcome.NOT_FOUND, _PHRASES[query.language]["nothing"], passages=tuple(passages))
    nearest = passages[0]
    place = f"{nearest.title} — {nearest.section}" if nearest.section else nearest.title
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
    headed = _headed(view, units)
    if headed:
        return headed, _HEADED
    likely = weighing.likely(query, view, units)
    order = np.argsort(-likely, kind="stable")
    best, confidence = units[order[0]], float(likely[order[0]])
    if confidence < THRESHOLD:
        return [], confidence
    whole = _what_it_leads_to(best, units) or (_list_of(best, units) if view.asked is Asked.LIST and not view.constraints else None)
    if whole is not None or _is_entry(view, best):
        return [whole or best], confidence
    fit = [i for i in order if units[i] is best or not weighing.tells_another_year(view, units[i])]
    chosen = _gather([units[i] for i in fit], [float(likely[i]) for i in fit])
    chosen = _with_further(query, chosen, units, likely.tolist())
    return _in_order(_with_tied(chosen, units)), confidence


def _with_further(query: Query, chosen: list[Unit], units: Sequence[Unit], likely: Sequence[float]) -> list[Unit]:
    """Return the units chosen, with what answers the further things that a question asks for (``quand et par qui``), of the same document."""
    for asked in further_asked(query.original):
        if any(holds(asked, unit.text) is not False for unit in chosen):
            continue
        document = chosen[0].passage.chunk.document
        beside = [i for i, unit in enumerate(units) if unit.passage.chunk.document == document and holds(asked, unit.text)]
        best = max(beside, key=lambda i: likely[i], default=None)
        if best is None or likely[best] < _FURTHER:
            continue
        if sum(len(words(one.text)) for one in [*chosen, units[best]]) <= _MAX_WORDS:
            chosen = [*chosen, units[best]]
    return chosen


def _headed(view: reading.QuestionView, units: Sequence[Unit]) -> list[Unit]:
    """Return the beginning of the section whose heading a question says again, empty where it says none (``Avantages et risques d'un détachement ?``).

    The rest of the question must stand in the headings above or the title; what is counted, dated or named is a sentence's to tell.
    """
    if view.asked not in _OF_SECTION:
        return []
    weights = dict(zip(view.terms, view.weights, strict=True))
    for passage in {unit.passage.number: unit.passage for unit in units}.values():
        said = {term for term in analyse(passage.section) if not term.isdigit()}
        headings = " ".join((passage.title, *passage.chunk.heading))
        above = set(analyse(headings))
        rest = sum(weight for term, weight in weights.items() if term not in said | above)
        if view.constraints - constraints(headings) or opposes(view.text, passage.section):
            continue
        if said and said <= set(view.terms) and said - set(analyse(passage.title)) and rest <= _REST * sum(view.weights):
            return _opening([unit for unit in units if unit.passage.chunk.heading == passage.chunk.heading])
    return []


def _is_entry(view: reading.QuestionView, unit: Unit) -> bool:
    """Tell whether a unit is the row of a glossary that defines a name asked for: its neighbours are other names'."""
    return view.asked is Asked.DEFINITION and unit.is_row and not view.names.isdisjoint(words(unit.text))


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


def _list_of(unit: Unit, units: Sequence[Unit]) -> Unit | None:
    """Return the list that an item stands in, None where it stands in none."""
    return next((one for one in units if one.is_list and one.passage is unit.passage and unit.spans[0] in one.items), None)


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


def _in_section(query: Query, unit: Unit) -> bool:
    """Tell whether a unit stands in the section that a question about a posting asks for."""
    return bool(query.documents) and in_section_asked(query.text, unit.passage.section)


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
    where = passage.section
    lead = passage.title if not where or fold(where) in fold(passage.title) else f"{passage.title} — {where}"
    if passage.sample and "exemple" not in fold(lead):
        lead += f" ({phrases['sample']})"
    if passage.kind is Kind.NEWS and passage.published:
        lead += f" ({passage.published.isoformat()})"
    return f"{lead}{phrases['colon']} "


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
