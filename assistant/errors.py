"""The errors a caller may meet. Each message says what failed, where, and what to type."""

from __future__ import annotations


class AssistantError(Exception):
    """Base of every error of ours; its message is fit for a person."""


class UnreadableFileError(AssistantError):
    """A document cannot be read; carries the remedy for the report."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(f"{reason} ({remedy})")
        self.reason = reason
        self.remedy = remedy


class CorpusError(AssistantError):
    """The corpus folder is missing, empty, or not the one that was indexed."""


class IndexMissingError(AssistantError):
    """There is no index where one was looked for."""


class IndexMismatchError(AssistantError):
    """The index was built in another format, or with another embedding model or chunking."""


class IndexBusyError(AssistantError):
    """Another process is writing the index."""


class ModelError(AssistantError):
    """An embedding model or a language model cannot be used."""
