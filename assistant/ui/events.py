"""What the buttons of plain HTML send to Python through the bridge of a page (``static/script.js``)."""

from __future__ import annotations

import json
from typing import Any

import gradio as gr

PRIVATE: dict[str, Any] = {"api_visibility": "private"}
"""Events of a page that are no endpoint for programs."""


def data(event: gr.EventData) -> dict[str, Any]:
    """Return what a button sent; nothing where it is no object."""
    found = getattr(event, "_data", None)
    return found if isinstance(found, dict) else {}


def file_json(name: str, kind: str, text: str) -> str:
    """Return a file that the browser is to save, as JSON."""
    return json.dumps({"name": name, "type": kind, "text": text})
