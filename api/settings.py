"""Settings of the service, from environment variables with the prefix ``QA_``."""

from __future__ import annotations

import ipaddress
import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final

from limits import RateLimitItem, parse
from pydantic import BeforeValidator, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from api.answering.reading.reader import ReaderPrecision
from api.answering.reading.registry import DEFAULT_READER
from api.errors import SettingsError
from api.keys import Keyring
from index.building.options import BuildOptions
from index.embedding.encoder import DEFAULT_MODEL, Precision

_PREFIX: Final = "QA_"
_SECRET: Final = frozenset({"api_keys"})
_ORIGIN: Final = re.compile(r"https?://[A-Za-z0-9.\[\]:-]+")


class LogFormat(StrEnum):
    """How log records are written."""

    JSON = "json"
    TEXT = "text"


def _keyring(value: object) -> object:
    return Keyring.parse(value) if isinstance(value, str) else value


def _rate(value: object) -> object:
    if not isinstance(value, str):
        return value
    if not value.strip():
        return None
    try:
        return parse(value)
    except ValueError as error:
        raise ValueError("expected a number and a time, such as 60/minute") from error


def _words(value: object) -> object:
    return tuple(re.findall(r"[^,\s]+", value)) if isinstance(value, str) else value


Rate = Annotated[RateLimitItem | None, NoDecode, BeforeValidator(_rate)]
Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_words)]
Seconds = Annotated[float, Field(gt=0, le=3600)]


class Settings(BaseSettings):
    """Settings of the service; those of the index are in its manifest.

    Attributes:
        index_dir: Folder of the index.
        corpus_dir: Folder of articles, for rebuilds and original files; None for the one that the
            index was built from.
        originals: Whether original files are served.
        encoder: sentence-transformers model, by name or path.
        precision: Number format of the encoder; the index must have been built with the same.
        device: Device of the models; None for the fastest one available.
        reader: ``trained`` for the one that ships, ``sentence`` for whole sentences without a
            trained model, or the folder of an extractive question-answering model.
        reader_precision: Number format that a trained reader computes in; ``auto`` takes bfloat16
            where the processor computes in it.
        calibration: Calibration file of the reader, as `scripts.evaluate --calibrate` writes it;
            None for the one that ships with it.
        preflight_gold: Gold questions that a rebuilt index is asked before it goes live; None
            makes every index current that could be built.
        preflight_no_worse_than: The result that it must not fall behind: ``current``, or a file
            that `scripts.evaluate --json` wrote.
        preflight_fail_under: Limits that it must meet, as `scripts.evaluate --fail-under`.
        faiss: FAISS factory string of a rebuilt index, or ``auto``; None for that of the index
            being served.
        recall: Recall@10 that a rebuilt index is tuned to; None as above.
        reload_seconds: How often to look for a new generation.
        host: Address to listen on (`python -m api`).
        port: Port to listen on.
        workers: Processes that answer, each with its own models and limits.
        api_keys: ``NAME:SCOPES:sha256:HEX`` entries; see `api.keys`.
        allow_open: Whether to serve without keys beyond loopback.
        open_metrics: Whether ``/metrics`` needs no key where there are keys.
        cors_origins: Origins whose pages may call the service, such as ``https://example.org``.
        allowed_hosts: Further host names that the Host header may have on a service without keys.
        key_rate: The most requests with one key, such as ``60/minute``; None for no limit.
        address_rate: The most requests from one address.
        max_body_bytes: The longest request body.
        max_in_flight: Slots: requests at work at a time.
        max_queue: Requests that wait for a slot; those beyond are refused with 503 at once.
        max_connections: Open connections of `python -m api`, in each worker; lowered to what the
            process may have open.
        max_address_connections: Those from one address; None for half of `max_connections`. Behind
            a proxy, all come from its address.
        header_seconds: The longest that a client may take to send the headers of a request.
        send_seconds: The longest that a client may take nothing of a response.
        body_seconds: The longest that a client may take to send a request body.
        queue_seconds: The longest that a request may wait for a slot.
        retrieve_seconds: The longest that encoding and retrieval may take, for one question.
        read_seconds: The longest that reading may take, for one question.
        drain_seconds: How long requests may go on after SIGTERM.
        cache_size: Replies kept by the answer cache; 0 turns it off.
        cache_bytes: The most memory of these replies.
        log_format: ``json`` or ``text``.
        log_questions: Whether questions are logged.
        tracing: Whether requests are traced with OpenTelemetry, and the spans exported as its own
            variables (``OTEL_EXPORTER_OTLP_ENDPOINT``) say; needs the extra ``tracing``.
    """

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX,
        extra="ignore",
        hide_input_in_errors=True,
        arbitrary_types_allowed=True,
    )

    index_dir: Path = Path("var/index")
    corpus_dir: Path | None = None
    originals: bool = True
    encoder: str = DEFAULT_MODEL
    device: str | None = None
    precision: Precision = Precision.FLOAT32
    reader: str = DEFAULT_READER
    reader_precision: ReaderPrecision = ReaderPrecision.AUTO
    calibration: Path | None = None
    preflight_gold: Path | None = None
    preflight_no_worse_than: str = "current"
    preflight_fail_under: str | None = None
    faiss: str | None = None
    recall: float | None = Field(default=None, gt=0, le=1)
    reload_seconds: float = Field(default=1.0, gt=0)
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    workers: int = Field(default=1, ge=1, le=64)
    api_keys: Annotated[Keyring, NoDecode, BeforeValidator(_keyring)] = Keyring()
    allow_open: bool = False
    open_metrics: bool = False
    cors_origins: Words = ()
    allowed_hosts: Words = ()
    key_rate: Rate = None
    address_rate: Rate = None
    max_body_bytes: int = Field(default=1024 * 1024, ge=1024, le=1024**3)
    max_in_flight: int = Field(default=16, ge=1, le=1024)
    max_queue: int = Field(default=16, ge=0, le=10_000)
    max_connections: int = Field(default=512, ge=1, le=65_536)
    max_address_connections: int | None = Field(default=None, ge=1, le=65_536)
    header_seconds: Seconds = 10.0
    send_seconds: Seconds = 30.0
    body_seconds: Seconds = 10.0
    queue_seconds: Seconds = 30.0
    retrieve_seconds: Seconds = 30.0
    read_seconds: Seconds = 60.0
    drain_seconds: Seconds = 30.0
    cache_size: int = Field(default=1024, ge=0, le=1_000_000)
    cache_bytes: int = Field(default=64 * 1024 * 1024, ge=0)
    log_format: LogFormat = LogFormat.JSON
    log_questions: bool = False
    tracing: bool = False

    @field_validator("faiss")
    @classmethod
    def _valid_factory(cls, factory: str | None) -> str | None:
        if factory is not None:
            BuildOptions(vector_index=factory)
        return factory

    @field_validator("cors_origins")
    @classmethod
    def _whole_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        for origin in origins:
            if not _ORIGIN.fullmatch(origin):
                raise ValueError(
                    f"'{origin}' is not an origin; expected scheme and host, "
                    "such as https://example.org"
                )
        return origins


def read_settings(**given: Any) -> Settings:
    """Read the settings from the environment.

    Args:
        given: Settings that override those of the environment.

    Raises:
        SettingsError: If one is wrong; the message states name, value and expectation.
    """
    try:
        return Settings(**given)
    except ValidationError as error:
        messages = []
        for item in error.errors(include_url=False):
            name = str(item["loc"][0])
            value = "" if name in _SECRET else f"='{item['input']}'"
            messages.append(f"{variable(name)}{value}: {item['msg']}")
        # Without the cause, which holds the values of secret settings too.
        raise SettingsError("; ".join(messages)) from None


def variable(name: str) -> str:
    """The environment variable that a setting is read from."""
    return f"{_PREFIX}{name.upper()}"


def is_loopback(host: str) -> bool:
    """Whether an address can be reached from this machine only."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host == "localhost"
    mapped = getattr(address, "ipv4_mapped", None)
    return address.is_loopback if mapped is None else bool(mapped.is_loopback)


def check_address(settings: Settings) -> None:
    """Refuse to listen beyond loopback without keys.

    Raises:
        SettingsError: If the address is not loopback, and there are neither keys nor
            ``allow_open``.
    """
    if settings.api_keys.keys or settings.allow_open or is_loopback(settings.host):
        return
    raise SettingsError(
        f"QA_HOST='{settings.host}': not a loopback address, and there are no API keys, so anyone "
        "who reaches it could ask and rebuild; expected QA_API_KEYS "
        "('python -m scripts.make_key NAME'), or QA_ALLOW_OPEN=true to serve without keys"
    )
