"""The settings, read once from the environment by the entry points (``app.py`` and ``cli.py``) and passed inwards."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.errors import AssistantError


class Settings(BaseSettings):
    """Every setting, each from the environment variable ``ASSISTANT_<NAME>``."""

    model_config = SettingsConfigDict(env_prefix="ASSISTANT_", frozen=True, extra="ignore")

    corpus: Path = Field(Path("corpus"), description="folder of the documents")
    index: Path = Field(Path("index"), description="folder of the index")
    data: Path = Field(Path(".assistant"), description="folder of the journal")
    embedding_model: str = Field("", description="path or hub name of a sentence-transformers model; empty: the shipped model")
    reranker: str = Field(
        "", description="path or hub name of a sentence-transformers cross-encoder that orders the first hits again; empty: none"
    )
    llm: str = Field("", description="language model as provider:model, e.g. openai:mistral-small; empty: none")
    llm_base_url: str = Field("", description="base URL of an OpenAI-compatible server")
    llm_api_key: SecretStr = Field(SecretStr(""), description="key of that server")
    llm_timeout: float = Field(30.0, gt=0, description="seconds without a word before the extractive answer replaces it")
    host: str = Field("127.0.0.1", description="address the chat listens on")
    port: int = Field(7860, ge=0, le=65535, description="port the chat listens on")
    journal: bool = Field(True, description="whether questions and their outcomes are recorded")
    retention_days: int = Field(90, ge=1, description="days after which recorded questions are erased")
    admin_password: SecretStr = Field(SecretStr(""), description="password of the maintenance page, at least 12 characters; empty: closed")
    session_hours: float = Field(8.0, gt=0, description="hours after which a maintainer must sign in again")
    max_file_mb: float = Field(50.0, gt=0, description="largest file read, in MB")


def read_settings(*, corpus: Path | None = None, index: Path | None = None) -> Settings:
    """Read the settings from the environment; folders given by the caller win.

    Raises:
        AssistantError: a variable has a value that does not fit.

    """
    given = {name: value for name, value in (("corpus", corpus), ("index", index)) if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = f"ASSISTANT_{'_'.join(str(part) for part in first['loc']).upper()}"
        raise AssistantError(f"{name} has a value that does not fit: {first['msg']}") from error
