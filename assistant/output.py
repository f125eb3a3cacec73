"""The JSON that programs rely on: answers, hits, missions and reports as plain values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from assistant.indexing import IndexReport
from assistant.schema import Answer, Citation, Hit, Mission, MissionEntry, Passage, Problem

Json = dict[str, object]


def answer_json(answer: Answer, question: str, question_id: str | None) -> Json:
    """Return an answer as the command line gives it."""
    return {
        "id": question_id,
        "question": question,
        "outcome": answer.outcome.value,
        "answer": answer.text,
        "citations": [_citation(c) for c in answer.citations],
        "missions": [entry_json(e) for e in answer.missions],
        "alternatives": [entry_json(e) for e in answer.alternatives],
        "passages": [_passage(p) for p in answer.passages],
        "engine": answer.engine,
        "notice": answer.notice,
        "seconds": answer.seconds,
    }


def hits_json(hits: Sequence[Hit], question: str, question_id: str | None) -> Json:
    """Return a search's hits as the command line gives them."""
    return {
        "id": question_id,
        "question": question,
        "hits": [
            {
                "rank": hit.rank,
                **_name(hit.chunk.document),
                "heading": " > ".join(hit.chunk.heading),
                "page": hit.chunk.page,
                "score": round(hit.score, 4),
                "text": hit.chunk.text,
            }
            for hit in hits
        ],
    }


def entry_json(entry: MissionEntry) -> Json:
    """Return a mission of a list, with whether it is open."""
    return {**mission_json(entry.mission), "open": entry.open, "also": list(entry.also)}


def mission_json(mission: Mission) -> Json:
    """Return a mission's fields."""
    return {
        **_name(mission.document),
        "reference": mission.reference,
        "title": mission.title,
        "organisation": mission.organisation,
        "countries": list(mission.countries),
        "city": mission.city,
        "zone": mission.zone,
        "domains": list(mission.domains),
        "theme": mission.theme,
        "department": mission.department,
        "offer_type": mission.offer_type,
        "contract": mission.contract,
        "status": mission.status,
        "statuses": list(mission.statuses),
        "assignment": mission.assignment,
        "duration": mission.duration,
        "months": mission.months,
        "months_max": mission.months_max,
        "person_days": mission.person_days,
        "renewable": mission.renewable,
        "ends": _iso(mission.ends),
        "start": mission.start,
        "published": _iso(mission.published),
        "deadline": _iso(mission.deadline),
        "education": mission.education,
        "education_level": mission.education_level,
        "experience": mission.experience,
        "experience_years": mission.experience_years,
        "languages": [{"language": s.language, "level": s.level, "required": s.required} for s in mission.languages],
        "remote": mission.remote,
        "sponsor": mission.sponsor,
        "language": mission.language,
        "url": mission.url,
        "sample": mission.sample,
        "evidence": [{"field": e.field, "quote": e.quote, "start": e.start, "end": e.end} for e in mission.evidence],
    }


def report_json(report: IndexReport) -> Json:
    """Return an index report."""
    return {
        "added": list(report.added),
        "changed": list(report.changed),
        "removed": list(report.removed),
        "unchanged": len(report.unchanged),
        "skipped": [_problem(p) for p in report.skipped],
        "partial": [_problem(p) for p in report.partial],
        "documents": report.documents,
        "chunks": report.chunks,
        "generation": report.generation,
        "seconds": report.seconds,
    }


def _citation(citation: Citation) -> Json:
    return {
        "number": citation.number,
        **_name(citation.document),
        "title": citation.title,
        "page": citation.page,
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
        "also": list(citation.also),
    }


def _passage(passage: Passage) -> Json:
    return {
        "number": passage.number,
        **_name(passage.chunk.document),
        "heading": " > ".join(passage.chunk.heading),
        "page": passage.chunk.page,
        "score": round(passage.score, 4),
    }


def _problem(problem: Problem) -> Json:
    return {"where": problem.where, "reason": problem.reason, "remedy": problem.remedy}


def _name(name: str) -> Json:
    path, _, record = name.partition("#")
    return {"document": path, "record": record or None}


def _iso(value: dt.date | None) -> str | None:
    return value.isoformat() if value else None
