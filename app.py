"""Starts the chat: settings -> index -> chat -> page."""

from __future__ import annotations

from assistant.errors import AssistantError
from assistant.settings import read_settings
from assistant.ui.server import serve


def main() -> None:
    """Serve the chat on the shipped corpus, or on the one that ``ASSISTANT_CORPUS`` names."""
    try:
        serve(read_settings())
    except AssistantError as error:
        raise SystemExit(f"assistant: {error}") from error


if __name__ == "__main__":
    main()
