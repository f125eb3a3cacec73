"""The answer made of exact quotes: picks the sentences, lists or fields that answer, or says that none does.

Needs no language model. Every statement is a quote, so that nothing can be said that no document says.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant import reading
from assistant.asking import Asked, asked_for, constraints, count_named, holds, in_section_asked, lacks
from assistant.lexical import Term, analyse
from assistant.places import countries_in
from assistant.schema import Answer, Citation, Kind, Outcome, Passage, Query
from assistant.text import Span, fold, is_numbered_label, list_items, sentences, words

THRESHOLD = 0.13
"""Probability from which a sentence is said to answer; see training/LOG.md for what it keeps and lets through."""
_RELATIVE = 0.45
"""Share of the best statement's probability that a further one must have."""
_RELATIVE_BESIDE = 0.2
"""The same, for one of the same passage."""
_MAX_STATEMENTS = 3
_MAX_WORDS = 80
"""Words of the quotes of an answer that is no list."""
_READ = 8
_CHOICES = 3
"""Subjects offered to someone whose question names none."""
"""Passages read for the answer."""
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
"""Confidence of a search under which the documents say nothing on the subject: 1 answerable question in 100 is under it, and
44 in 100 of another field (training/LOG.md)."""
_RESTS = re.compile(r"(?:il|elle|ils|elles|celui-ci|celle-ci|ceux-ci|celles-ci|cela|ce dernier|cette derniere|it|they|this|these)\b")
"""How a sentence begins that needs the one before it, folded."""
_QUALIFIES = re.compile(
    r"(?:toutefois|cependant|mais|en revanche|neanmoins|sauf|sinon|il s'agit|elles? n|ils? n|cela n|however|but|except|unless)"
)
"""How a sentence begins that limits the one before it, folded."""
_ADDRESS = re.compile(r"https?://\S+(?: \([^)]*\))?")


@dataclass(frozen=True, slots=True)
class Unit:
    """Something quotable in a passage: spans in the chunk's text, one a quote."""

    passage: Passage
    spans: tuple[Span, ...]
    candidate: reading.Candidate
    is_list: bool = False
    ordinal: int | None = None
    """Its number, for an item of a numbered list."""

    @property
    def text(self) -> str:
        """Its quotes, one after the other."""
        return " ".join(self.passage.chunk.text[a:b] for a, b in self.spans)


def compose(query: Query, passages: Sequence[Passage], idf: reading.Idf, expanded: Sequence[Term] = ()) -> Answer:
    """Return the answer that the passages support, or ``not_found`` with the nearest of them.

    ``expanded`` are the question's terms with what documents may call them.
    """
    if not passages or (query.reference is None and passages[0].score < _ANOTHER_SUBJECT):
        return Answer(Outcome.NOT_FOUND, _PHRASES[query.language]["nothing"], passages=tuple(passages))
    units = [unit for passage in passages[:_READ] for unit in _units(passage)]
    about = query.text.replace(query.reference, "") if query.reference else query.text
    chosen = _choose(query, reading.view(about, idf, expanded, _asked(query)), units)
    if not chosen:
        return not_said(query, passages)
    citations = tuple(_cite(unit.passage, span) for unit in chosen for span in unit.spans)
    return Answer(Outcome.ANSWERED, _write(query, chosen), citations, tuple(passages))


def not_said(query: Query, passages: Sequence[Passage]) -> Answer:
    """Return that the documents do not say, and which passage comes nearest."""
    nearest = passages[0]
    place = f"{nearest.title} — {_heading(nearest)}" if _heading(nearest) else nearest.title
    text = _PHRASES[query.language]["not_said"].format(place=place)
    return Answer(Outcome.NOT_FOUND, text, passages=tuple(passages))


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


def _choose(query: Query, view: reading.QuestionView, units: list[Unit]) -> list[Unit]:
    """Return the units that answer, best first, then those that complete it."""
    section = [unit for unit in units if _in_section(query, unit)]
    if section:
        return _opening(section)
    fit = [unit for unit in units if _may_answer(view, unit)]
    if not fit:
        return []
    likely = reading.score(view, [unit.candidate for unit in fit])
    top = max(unit.passage.score for unit in fit)
    odds = np.array([_adjusted(query, view, unit, float(p), top) for unit, p in zip(fit, likely, strict=True)])
    order = np.argsort(-odds)
    if odds[order[0]] < THRESHOLD:
        return []
    whole = _what_it_leads_to(fit[order[0]], units)
    if whole is not None:
        return [whole]
    chosen = _gather([fit[i] for i in order], [float(odds[i]) for i in order])
    return _in_order(_with_tied(chosen, units))


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
        if chosen and (unit.is_list or _leads(unit) or count + length > _MAX_WORDS or any(_repeats(unit, other) for other in chosen)):
            continue
        chosen.append(unit)
        count += length
        if len(chosen) == _MAX_STATEMENTS:
            break
    return chosen


def _what_it_leads_to(unit: Unit, units: Sequence[Unit]) -> Unit | None:
    """Return the list or the table that a sentence ending in a colon opens, with that sentence; None where it opens none."""
    if unit.is_list or not _leads(unit):
        return None
    beside = [one for one in units if one.passage is unit.passage]
    listed = next((one for one in beside if one.is_list and unit.spans[0] in one.spans), None)
    rows = [one.spans[0] for one in beside if not one.is_list and one.text.startswith("| ") and one.spans[0] > unit.spans[0]]
    return listed or (replace(unit, spans=(unit.spans[0], *rows[1:]), is_list=True) if len(rows) > 1 else None)


def _leads(unit: Unit) -> bool:
    return unit.text.rstrip().endswith(":")


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
    if lacks(view.text, unit.text) or not reading.speaks_of_sought(view, candidate):
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
    """Return the probability moved by how well the passage was found, and by whether a list is wanted."""
    probability = min(max(probability, 1e-6), 1 - 1e-6)
    logit = math.log(probability / (1 - probability)) + _FOUND_WEIGHT * math.log(max(unit.passage.score, 1e-6) / top)
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
    return 1 / (1 + math.exp(-logit))


def _in_section(query: Query, unit: Unit) -> bool:
    """Tell whether a unit stands in the section that a question about a posting asks for."""
    return bool(query.documents) and in_section_asked(query.text, _heading(unit.passage))


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
    items = len(unit.spans) - 1 if unit.spans[0] == _intro_of(unit) else len(unit.spans)
    heading = set(analyse(f"{unit.candidate.heading} {unit.candidate.before}"))
    total = sum(view.weights) or 1.0
    covered = sum(w for t, w in zip(view.terms, view.weights, strict=True) if t in heading) / total
    asks = view.asked is Asked.LIST or wanted is not None
    if not asks:
        return -1.5 + covered
    return 3.0 * covered - 0.5 + (1.5 if wanted == items else 0.0)


def _intro_of(unit: Unit) -> Span | None:
    first = unit.spans[0]
    return first if unit.passage.chunk.text[first[0] : first[1]].rstrip().endswith(":") else None


def _units(passage: Passage) -> Iterator[Unit]:
    """Yield the sentences of a passage, then the list it holds as a whole."""
    text = passage.chunk.text
    heading = " ".join(dict.fromkeys((passage.title, *passage.chunk.heading)))
    items = list_items(text)
    before = ""
    ordinal: int | None = None
    for position, (start, end) in enumerate(sentences(text)):
        span = _without_marker(items, (start, end))
        if span in items:
            ordinal = ordinal if is_numbered_label(before) else _number(text[start : span[0]])
        line = text[span[0] : span[1]]
        if not _ADDRESS.fullmatch(line) and (span in items or _says_something(line, heading)):
            candidate = reading.Candidate(_row_in_words(text, line) or line, before, heading, text, position)
            yield Unit(passage, (span,), candidate, ordinal=ordinal if span in items else None)
        if span not in items:
            before = text[start:end]
            ordinal = _number(before) if is_numbered_label(before) else None
    if len(items) >= 2 and not all(_ADDRESS.fullmatch(text[a:b]) for a, b in items):
        yield _list_unit(passage, items, heading)


def _says_something(line: str, heading: str) -> bool:
    """Tell whether a line can be an answer: not a label, a picture's credit or the heading said again."""
    if is_numbered_label(line) or line.startswith("©"):
        return False
    return bool(set(words(line)) - set(words(heading)))


def _number(text: str) -> int | None:
    found = re.search(r"\d{1,2}", text)
    return int(found.group()) if found else None


def _without_marker(items: list[Span], span: Span) -> Span:
    """Return the span of a sentence, its list marker left out."""
    return next(((a, span[1]) for a, b in items if span[0] < a < span[1] <= b), span)


def _list_unit(passage: Passage, items: list[Span], heading: str) -> Unit:
    text = passage.chunk.text
    lead = [span for span in sentences(text[: items[0][0]]) if not is_numbered_label(text[span[0] : span[1]])]
    intro = next((s for s in reversed(lead) if text[s[0] : s[1]].endswith(":")), None)
    opening = text[intro[0] : intro[1]] if intro else ""
    listed = " ".join(text[a:b] for a, b in items)[:600]
    candidate = reading.Candidate(f"{opening} {listed}".strip(), opening, heading, text, 0)
    return Unit(passage, (intro, *items) if intro else tuple(items), candidate, is_list=True)


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
            intro = _intro_of(unit)
            opening = f"« {quotes[0]} »" if intro else ""
            told_items = [_row_in_words(passage.chunk.text, quote) or f"« {quote} »" for quote in quotes[1 if intro else 0 :]]
            listed = "\n".join(f"- {item} [{passage.number}]" for item in told_items)
            parts.append(f"{lead}{opening}\n{listed}".strip())
        else:
            told_row = _row_in_words(passage.chunk.text, quotes[0])
            parts.append(f"{lead}{told_row or f'« {quotes[0]} »'} [{passage.number}]")
    return "\n\n".join(parts)


def _row_in_words(text: str, quote: str) -> str | None:
    """Return a table row as ``header : cell`` pairs, None where the quote is no row."""
    if not (quote.startswith("| ") and quote.endswith(" |")):
        return None
    header = next((line for line in text.split("\n") if line.startswith("| ")), quote)
    cells = [cell.strip() for cell in quote.strip("|").split("|")]
    labels = [cell.strip() for cell in header.strip("|").split("|")]
    if header == quote or len(labels) != len(cells):
        return " ; ".join(cells)
    return " ; ".join(f"{label} : {cell}" for label, cell in zip(labels, cells, strict=True))


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
