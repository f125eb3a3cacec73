"""The answer to a person who asks what is open to them: criterion by criterion, with exact quotes, for postings and schemes.

Knows criteria and passages; reads no index. What the documents do not say is said to be unknown, and asked back once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from assistant.eligibility import Criterion, Scheme, Verdict, question_back
from assistant.listing import entry_line
from assistant.posting import holder
from assistant.schema import Answer, Citation, Mission, MissionEntry, Outcome, Passage, Query

SHOWN = 8
"""Postings written out for someone who asks what they may apply to."""


def for_subjects(query: Query, held: Mapping[str, Sequence[Criterion]], passages: Sequence[Passage]) -> Answer | None:
    """Return how a person stands to each posting or scheme, by title; None where no criterion is known of any."""
    words = _WORDS[query.language]
    parts: list[str] = []
    citations: dict[tuple[str, int], Citation] = {}
    for title, criteria in held.items():
        lines = []
        for one in criteria:
            cited = _cite(one, passages)
            if cited is None:
                continue
            first = (cited.document, cited.start) not in citations
            citations.setdefault((cited.document, cited.start), cited)
            quoted = f" : « {cited.quote} »" if first else ""
            lines.append(f"- {words[one.name]} — {words[one.verdict.value]}{quoted} [{cited.number}]")
        if lines:
            parts.append("\n".join([words["for"].format(title=title), *lines]))
    if not parts:
        return None
    back = next((asked for criteria in held.values() if (asked := question_back(criteria, query.language))), None)
    text = "\n\n".join([*parts, *([back] if back else []), words["official"]])
    return Answer(Outcome.ANSWERED, text, tuple(citations.values()), tuple(passages))


def with_reading(answer: Answer, read: Answer, language: str) -> Answer:
    """Return the criteria, then what was read elsewhere in the documents that answers the question too; its quotes that are told already are not told again."""
    told = {(one.document, one.start) for one in answer.citations}
    fresh = tuple(one for one in read.citations if (one.document, one.start) not in told)
    if not fresh:
        return answer
    return replace(
        answer,
        text="\n\n".join([answer.text, f"{_WORDS[language]['also']} {read.text}"]),
        citations=(*answer.citations, *fresh),
        passages=(*read.passages, *answer.passages),
        confidence=read.confidence,
    )


def over_postings(query: Query, held: Sequence[tuple[MissionEntry, Sequence[Criterion]]]) -> Answer:
    """Return the open postings that nothing said rules out, those with the most criteria met first."""
    words = _WORDS[query.language]
    fit = [(entry, criteria) for entry, criteria in held if not any(one.verdict is Verdict.NOT_MET for one in criteria)]
    fit.sort(key=lambda pair: -sum(one.verdict is Verdict.MET for one in pair[1]))
    if not fit:
        return Answer(Outcome.LISTING, words["none"].format(count=len(held)))
    head = words["fit"].format(count=len(fit), total=len(held))
    lines = [line for entry, criteria in fit[:SHOWN] for line in _entry(entry, criteria, query.language)]
    more = [words["more"].format(count=len(fit) - SHOWN)] if len(fit) > SHOWN else []
    back = next((asked for _, criteria in fit if (asked := question_back(criteria, query.language))), None)
    text = "\n".join([head, *lines, *more, *([back] if back else []), words["official"]])
    return Answer(Outcome.LISTING, text, missions=tuple(entry for entry, _ in fit))


def _entry(entry: MissionEntry, criteria: Sequence[Criterion], language: str) -> Iterator[str]:
    words = _WORDS[language]
    told = ", ".join(f"{words[one.name].lower()} {words[one.verdict.value]}" for one in criteria)
    yield entry_line(entry, language) + (f" — {told}" if told else "")


def _cite(criterion: Criterion, passages: Sequence[Passage]) -> Citation | None:
    quote = criterion.quote
    passage = holder(quote, criterion.document, passages)
    if passage is None:
        return None
    page = passage.chunk.page
    return Citation(passage.number, criterion.document, passage.title, page, quote.quote, quote.start, quote.end, passage.also)


def scheme_title(scheme: Scheme, language: str) -> str:
    """Return a scheme's name in a language."""
    return scheme.fr if language == "fr" else scheme.en


def posting_title(mission: Mission) -> str:
    """Return a posting's title as answers quote it."""
    return f"« {mission.title} »"


_WORDS = {
    "fr": {
        "for": "D'après les documents, pour {title} :",
        "status": "Statut",
        "education": "Diplôme",
        "experience": "Expérience",
        "languages": "Langues",
        "age": "Âge",
        "nationality": "Nationalité",
        "residence": "Années à l'étranger",
        "met": "condition remplie",
        "not_met": "condition non remplie",
        "unknown": "à vérifier",
        "also": "Les documents disent aussi :",
        "official": "Seul l'organisme qui recrute décide : adressez-vous à lui pour une réponse officielle.",
        "fit": "Rien de ce que vous dites ne vous ferme {count} des {total} missions ouvertes (métier et domaine ne sont pas comparés) :",
        "none": "Aucune des {count} missions ouvertes ne correspond à ce que vous dites.",
        "more": "… et {count} autres.",
    },
    "en": {
        "for": "According to the documents, for {title}:",
        "status": "Status",
        "education": "Degree",
        "experience": "Experience",
        "languages": "Languages",
        "age": "Age",
        "nationality": "Nationality",
        "residence": "Years abroad",
        "met": "condition met",
        "not_met": "condition not met",
        "unknown": "to be checked",
        "also": "The documents also say:",
        "official": "Only the recruiting organisation decides: contact it for an official answer.",
        "fit": "Nothing you say rules you out for {count} of the {total} open missions (occupation and field are not compared):",
        "none": "None of the {count} open missions matches what you say.",
        "more": "… and {count} more.",
    },
}
