"""The types that flow through the assistant, one per stage.

Knows no library and no other module: everything else imports from here.

``Path -> Document -> Chunk`` when indexing; ``Query -> Hit -> Passage -> Answer`` when answering. A chunk is stored, a
hit is scored, a passage is numbered, shown and cited.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a document is."""

    POLICY = "policy"
    GUIDE = "guide"
    NEWS = "news"
    MISSION = "mission"
    OTHER = "other"


class BlockKind(StrEnum):
    """What a run of a document's text is, as its layout tells."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    ROW = "row"
    FIELD = "field"


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text: ``document.text[start:end]``. ``section`` is its place in ``document.sections``."""

    kind: BlockKind
    start: int
    end: int
    section: int


@dataclass(frozen=True, slots=True)
class Section:
    """A heading path, title first, and the span of what stands under its last heading (empty sections included)."""

    path: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Field:
    """A named value of a document, written in its text as ``label : value`` at ``start``..``end``."""

    name: str
    label: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read: where, why, and what to do about it."""

    where: str
    reason: str
    remedy: str
    fatal: bool = True
    """Whether the file (or the line of an export) was left out; false where it was read in part."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document as extracted. Every quote and offset points into ``text`` (NFC, ``\\n`` line ends)."""

    name: str
    """Its path under the corpus folder, ``path#record`` for a line of an export."""
    kind: Kind
    title: str
    text: str
    language: str = "fr"
    published: dt.date | None = None
    url: str | None = None
    sample: bool = False
    sections: tuple[Section, ...] = ()
    blocks: tuple[Block, ...] = ()
    fields: tuple[Field, ...] = ()
    pages: tuple[int, ...] = ()
    """Offset at which each page starts; empty where the format has no pages."""

    @property
    def path(self) -> str:
        """The file it was read from, relative to the corpus folder."""
        return self.name.split("#", 1)[0]

    @property
    def record(self) -> str | None:
        """The id of its line in an export, None for a file of its own."""
        return self.name.split("#", 1)[1] if "#" in self.name else None

    def page_at(self, offset: int) -> int | None:
        """Return the page number (from 1) on which an offset stands, None where there are no pages."""
        before = sum(start <= offset for start in self.pages)
        return before or None


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stored piece of a document: ``document.text[start:end] == text``."""

    id: str
    document: str
    heading: tuple[str, ...]
    text: str
    page: int | None
    start: int
    end: int

    @property
    def heading_text(self) -> str:
        """The heading path as one text, each heading once."""
        return " ".join(dict.fromkeys(self.heading))


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words a mission field was read from: ``document.text[start:end] == quote``."""

    field: str
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Skill:
    """A language that a mission asks for: ISO 639-1 code, level of the European framework (A1 to C2) where one is given."""

    language: str
    level: str | None = None
    required: bool = True
    """False where it is but an asset."""


@dataclass(frozen=True, slots=True)
class Mission:
    """A mission sheet's typed fields; what the sheet does not say is empty or None."""

    document: str
    title: str
    reference: str | None = None
    organisation: str | None = None
    countries: tuple[str, ...] = ()
    """ISO 3166-1 alpha-2 codes."""
    place: str | None = None
    """The country as the sheet writes it."""
    city: str | None = None
    zone: str | None = None
    domains: tuple[str, ...] = ()
    """Labels as written."""
    theme: str | None = None
    department: str | None = None
    offer_type: str | None = None
    contract: str | None = None
    status: str | None = None
    statuses: tuple[str, ...] = ()
    """Of ``employee``, ``contractor``, ``umbrella``."""
    assignment: str | None = None
    """How its time is spread, as written (``Court terme``, ``Expertise perlée``)."""
    duration: str | None = None
    months: float | None = None
    """Shortest duration, in months."""
    months_max: float | None = None
    """Longest duration, in months; equal to ``months`` where one length is given."""
    person_days: int | None = None
    """Days of work spread over a longer time."""
    renewable: bool | None = None
    ends: dt.date | None = None
    """Last day, where the duration names an end instead of a length."""
    start: str | None = None
    """ISO date where a day is given, else the words."""
    published: dt.date | None = None
    deadline: dt.datetime | None = None
    """Last instant to apply, Europe/Paris; a deadline without a time ends with its day."""
    deadline_text: str | None = None
    education: str | None = None
    education_level: int | None = None
    """Years of study after the end of secondary school."""
    experience: str | None = None
    experience_years: int | None = None
    languages: tuple[Skill, ...] = ()
    remote: bool | None = None
    sponsor: str | None = None
    language: str = "fr"
    """Language of the sheet."""
    url: str | None = None
    sample: bool = False
    evidence: tuple[Evidence, ...] = ()
    doubts: tuple[tuple[str, str], ...] = ()
    """Values that could not be understood: (label, words)."""

    def is_open(self, now: dt.datetime) -> bool | None:
        """Tell whether one can still apply at ``now`` (aware): the deadline is the first instant too late; None where none is known."""
        return None if self.deadline is None else now < self.deadline

    def quote(self, field: str) -> Evidence | None:
        """Return the words that a field was read from, None where the sheet does not give it."""
        return next((one for one in self.evidence if one.field == field), None)


class Facet(StrEnum):
    """What a list of missions can be narrowed by."""

    PLACE = "place"
    CITY = "city"
    DOMAIN = "domain"
    LABEL = "label"
    CONTRACT = "contract"
    STATUS = "status"
    OFFER_TYPE = "offer_type"
    ASSIGNMENT = "assignment"
    SPONSOR = "sponsor"
    LANGUAGE = "language"
    SHEET_LANGUAGE = "sheet_language"
    STATE = "state"
    SAMPLE = "sample"
    REMOTE = "remote"
    RENEWABLE = "renewable"
    REFERENCE = "reference"
    TEXT = "text"
    MONTHS = "months"
    WORKING_DAYS = "working_days"
    DEADLINE = "deadline"
    PUBLISHED = "published"
    START = "start"
    EDUCATION = "education"
    EXPERIENCE = "experience"


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition on missions: any of some values, or a number between two bounds, both included; None is no bound.

    Months are months, days are proleptic ordinals (``date.toordinal``), studies are years after secondary school.
    """

    facet: Facet
    values: frozenset[str] = frozenset()
    low: float | None = None
    high: float | None = None
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """The missions wanted are those with the largest or the smallest of something (``la plus longue``)."""

    facet: Facet
    largest: bool


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of missions is narrowed to: every condition holds; then the first by an order, where one is named."""

    conditions: tuple[Condition, ...] = ()
    order: Order | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing narrows the list."""
        return self == Filters()

    def of(self, facet: Facet) -> tuple[Condition, ...]:
        """Return the conditions on a facet."""
        return tuple(one for one in self.conditions if one.facet is facet)

    def without(self, *facets: Facet) -> Filters:
        """Return the same filters without the conditions on some facets."""
        return Filters(tuple(one for one in self.conditions if one.facet not in facets), self.order)

    def and_(self, *conditions: Condition) -> Filters:
        """Return the same filters with more conditions."""
        return Filters((*self.conditions, *conditions), self.order)


class Intent(StrEnum):
    """What a question wants done."""

    QUESTION = "question"
    LISTING = "listing"
    SOCIAL = "social"


@dataclass(frozen=True, slots=True)
class Query:
    """A question as understood: ``text`` stands alone (follow-ups rewritten)."""

    text: str
    language: str
    original: str
    intent: Intent = Intent.QUESTION
    filters: Filters = Filters()
    reference: str | None = None
    """The mission reference or number it names."""
    documents: tuple[str, ...] = ()
    """The mission sheets that it is about, where it names some."""
    ignored: tuple[str, ...] = ()
    """Words of a question about the registry that no filter was read from."""
    resting: str | None = None
    """A short question with the last one's words added, where it may rest on it without a word that says so."""
    changed: bool = False
    """Whether ``text`` is the last question, with what this one puts in the place of something it named."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk found, with its fused score and the parts of it."""

    chunk: Chunk
    score: float
    rank: int
    lexical: float = 0.0
    cosine: float = 0.0


@dataclass(frozen=True, slots=True)
class Passage:
    """A numbered piece of text that an answer may cite."""

    number: int
    chunk: Chunk
    title: str
    url: str | None
    published: dt.date | None
    kind: Kind
    sample: bool
    score: float
    also: tuple[str, ...] = ()
    """Names of the documents that hold the same thing."""

    @property
    def section(self) -> str:
        """The heading right above it, empty where only the document's title is."""
        return self.chunk.heading[-1] if len(self.chunk.heading) > 1 else ""


@dataclass(frozen=True, slots=True)
class Citation:
    """Exact words of a document: ``document.text[start:end] == quote``."""

    number: int
    document: str
    title: str
    page: int | None
    quote: str
    start: int
    end: int
    also: tuple[str, ...] = ()


class Outcome(StrEnum):
    """How a question ended."""

    ANSWERED = "answered"
    LISTING = "listing"
    NOT_FOUND = "not_found"
    CLARIFY = "clarify"
    REFUSED = "refused"
    SOCIAL = "social"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class MissionEntry:
    """A mission in an answer: open, closed or unknown at the day of the question."""

    mission: Mission
    open: bool | None
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of the conversation and what was answered (empty where the caller has only questions)."""

    question: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question that may come next: what its button says, and what it asks."""

    label: str
    question: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What is shown, and what it rests on."""

    outcome: Outcome
    text: str
    citations: tuple[Citation, ...] = ()
    passages: tuple[Passage, ...] = ()
    missions: tuple[MissionEntry, ...] = ()
    alternatives: tuple[MissionEntry, ...] = ()
    engine: str = "extractive"
    notice: str | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    suggestions: tuple[Suggestion, ...] = ()
    confidence: float = 0.0
    """The probability that what is quoted answers, where sentences were read for it."""
