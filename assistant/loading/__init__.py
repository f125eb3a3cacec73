"""Reads a file of the corpus into documents, one loader per format.

Knows formats and folders; does not know the index. Nothing is interpreted: instructions, scripts and links in a document
are text.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.dates import iso_date
from assistant.errors import UnreadableFileError
from assistant.fields import PROVENANCE, canonical
from assistant.loading import export, markdown
from assistant.loading.builder import TextBuilder
from assistant.loading.encoding import decode
from assistant.loading.plain import add_plain_text
from assistant.schema import Document, Kind, Problem
from assistant.text import fold, language_of

FOLDERS = {"policies": Kind.POLICY, "guides": Kind.GUIDE, "news": Kind.NEWS, "missions": Kind.MISSION}
"""Kind of a document by the folder it lies in, unless it says so itself."""

_TRUE = {"true", "oui", "yes", "1", "vrai"}


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a file gave: its documents, and what could not be read of it."""

    documents: tuple[Document, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Head:
    """What is known of a document before its text is read."""

    title: str | None = None
    kind: Kind | None = None
    language: str | None = None
    published: dt.date | None = None
    url: str | None = None
    sample: bool = False


def load(path: Path, name: str) -> Loaded:
    """Read a file; ``name`` is its path under the corpus folder.

    Raises:
        UnreadableFileError: nothing of it could be read.

    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(sorted(_READERS))
        raise UnreadableFileError(f"has an unknown format ({path.suffix or 'no extension'})", f"save it as one of {known}")
    data = _bytes(path)
    if not data.strip():
        raise UnreadableFileError("is empty", "put the document there again, or delete the file")
    _check_signature(path.suffix.lower(), data)
    loaded = reader(data, name)
    empty = [d for d in loaded.documents if not any(c.isalnum() for c in d.text)]
    if not loaded.documents and loaded.problems:
        first = loaded.problems[0]
        raise UnreadableFileError(f"holds no readable record ({first.where}: {first.reason})", first.remedy)
    if not loaded.documents or len(empty) == len(loaded.documents):
        raise UnreadableFileError("holds no text", "check that it is the right file")
    return replace(loaded, documents=tuple(_stamp(d) for d in loaded.documents if d not in empty))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except PermissionError as error:
        raise UnreadableFileError("may not be read by this user", "give read permission (chmod +r)") from error
    except OSError as error:
        raise UnreadableFileError(f"cannot be opened ({error.strerror})", "check the disk and the file name") from error


def formats() -> tuple[str, ...]:
    """Return the file extensions that can be read."""
    return tuple(sorted(_READERS))


def _check_signature(suffix: str, data: bytes) -> None:
    """Refuse a file whose first bytes say that it is something else than its name."""
    found = next((kind for mark, kind in _SIGNATURES if data.startswith(mark)), None)
    if suffix == ".pdf" and b"%PDF-" not in data[:1024]:
        raise UnreadableFileError("is named .pdf but is no PDF", "give it the extension of its format")
    if found and found not in {suffix, ".zip" if suffix == ".docx" else "", ".ole" if suffix == ".docx" else ""}:
        raise UnreadableFileError(f"is named {suffix} but its content is {found[1:]}", "give it the right extension")


_SIGNATURES = (
    (b"%PDF-", ".pdf"),
    (b"PK\x03\x04", ".zip"),
    (b"\xd0\xcf\x11\xe0", ".ole"),
    (b"\x89PNG", ".png"),
    (b"\xff\xd8\xff", ".jpeg"),
    (b"GIF8", ".gif"),
    (b"\x7fELF", ".elf"),
    (b"MZ\x90", ".exe"),
    (b"\x1f\x8b", ".gz"),
)


def _read_pdf(data: bytes, name: str) -> Loaded:
    from assistant.loading.pdf import add_pdf

    builder = TextBuilder()
    _, problems = add_pdf(builder, data, name, None)
    return Loaded((_finish(builder, name, _Head()),), tuple(problems))


def _read_docx(data: bytes, name: str) -> Loaded:
    from assistant.loading.docx import add_docx

    builder = TextBuilder()
    add_docx(builder, data, None)
    return Loaded((_finish(builder, name, _Head()),))


def _read_html(data: bytes, name: str) -> Loaded:
    from assistant.loading import html

    text, _ = decode(data)
    tree = html.parse(text)
    head = html.page_head(tree)
    builder = TextBuilder()
    html.add_html(builder, tree, head.title)
    known = _Head(language=head.language, published=head.published, url=head.url)
    return Loaded((_finish(builder, name, known),))


def _read_markdown(data: bytes, name: str) -> Loaded:
    text, _ = decode(data)
    front, body = markdown.split_front_matter(text.replace("\r\n", "\n"))
    head = _head(front)
    builder = TextBuilder()
    builder.title(head.title or markdown.first_heading(body) or _name_as_title(name))
    _add_fields(builder, front)
    markdown.add_markdown(builder, body)
    return Loaded((_finish(builder, name, head),))


def _read_text(data: bytes, name: str) -> Loaded:
    text, _ = decode(data)
    builder = TextBuilder()
    add_plain_text(builder, text)
    return Loaded((_finish(builder, name, _Head()),))


def _read_jsonl(data: bytes, name: str) -> Loaded:
    documents, problems = export.read_jsonl(decode(data)[0], name)
    return Loaded(tuple(documents), tuple(problems))


def _read_csv(data: bytes, name: str) -> Loaded:
    documents, problems = export.read_csv(decode(data)[0], name)
    return Loaded(tuple(documents), tuple(problems))


_READERS: dict[str, Callable[[bytes, str], Loaded]] = {
    ".pdf": _read_pdf,
    ".docx": _read_docx,
    ".html": _read_html,
    ".htm": _read_html,
    ".md": _read_markdown,
    ".markdown": _read_markdown,
    ".txt": _read_text,
    ".jsonl": _read_jsonl,
    ".csv": _read_csv,
}

_HEAD_KEYS = {"title", "titre", "kind", "type", "language", "langue", "lang", "sample"}
"""Front matter keys that describe the document and are not written as a field of it."""


def _head(front: markdown.FrontMatter) -> _Head:
    values = {fold(key): value for key, value in front.items()}
    kind = str(values.get("kind") or "").lower()
    return _Head(
        title=markdown.as_text(values.get("title") or values.get("titre")) or None,
        kind=Kind(kind) if kind in set(Kind) else None,
        language=str(values.get("language") or values.get("lang") or "")[:2].lower() or None,
        published=_date(values.get("published")),
        url=str(values["url"]) if values.get("url") else None,
        sample=fold(markdown.as_text(values.get("sample") or "")) in _TRUE,
    )


def _add_fields(builder: TextBuilder, front: markdown.FrontMatter) -> None:
    """Write the front matter's values as lines, so that a field can be quoted."""
    for key, value in sorted(front.items(), key=lambda item: canonical(item[0]) in PROVENANCE):
        name = canonical(key)
        if fold(key) not in _HEAD_KEYS and value is not None:
            builder.field(name or fold(key), markdown.as_text(value), None if name else key)


def _date(value: object) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return value.date()
    return value if isinstance(value, dt.date) else iso_date(str(value))


def _name_as_title(name: str) -> str:
    return Path(name).stem.replace("-", " ").replace("_", " ")


def _finish(builder: TextBuilder, name: str, head: _Head) -> Document:
    if not any(c.isalnum() for c in "".join(builder.parts)):
        raise UnreadableFileError("holds no text", "check that it is the right file")
    if not builder.sections:
        builder = builder.with_first_as_title() or builder.with_title(_name_as_title(name))
    folder = name.split("/", 1)[0] if "/" in name else ""
    text = "".join(builder.parts)
    return builder.build(
        name=name,
        kind=head.kind or FOLDERS.get(folder, Kind.OTHER),
        language=head.language or language_of(text[:4000]),
        published=head.published,
        url=head.url,
        sample=head.sample,
    )


_SAMPLE_MARKS = ("exemple fictif", "fictitious sample", "annonce fictive", "fiche fictive")


def _stamp(document: Document) -> Document:
    """Mark a document that calls itself a sample in its first lines, in whatever format it came."""
    opening = fold(document.text[:1500])
    return replace(document, sample=document.sample or any(mark in opening for mark in _SAMPLE_MARKS))
