"""PDF files made for the tests, with the script that renders the corpus."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tools import make_documents


@cache
def pdf_of(source: Path, render: str) -> bytes:
    """Return a source document rendered as PDF."""
    make_documents._fonts()
    _, render_source = make_documents.RENDERS[render]
    return render_source(make_documents.read_source(source))
