"""Settings, from environment variables with the prefix ``QA_`` and the configuration file."""

from __future__ import annotations

import ipaddress
import os
import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final, Literal, NamedTuple

from limits import RateLimitItem, parse
from pydantic import BeforeValidator, Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from api.answering.reading.reader import ReaderPrecision
from api.answering.reading.registry import DEFAULT_READER
from api.config_file import find_config_file
from api.errors import SettingsError
from api.keys import Keyring
from index.building.options import MEGABYTE, MOST_SHARDS, BuildOptions
from index.embedding.encoder import DEFAULT_MODEL, Precision
from index.field_faults import fault

_PREFIX: Final = "QA_"
SECRET: Final = frozenset({"api_keys", "api_key"})
_BUILD: Final = BuildOptions()
_ORIGIN: Final = re.compile(r"https?://[A-Za-z0-9.\[\]:-]+")


class LogFormat(StrEnum):
    """How log records are written."""

    AUTO = "auto"
    JSON = "json"
    TEXT = "text"


def _keyring(value: object) -> object:
    if isinstance(value, list) and all(isinstance(entry, str) for entry in value):
        value = ",".join(value)  # of the configuration file
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
    """Settings of the service and the commands; those of an index are in its manifest.

    The environment comes before the configuration file, which comes before the defaults. The text
    below a setting is its description in docs/settings.md.
    """

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX,
        extra="ignore",
        hide_input_in_errors=True,
        arbitrary_types_allowed=True,
        use_attribute_docstrings=True,
    )

    index_dir: Path = Path("var/index")
    """Folder of the index."""

    corpus_dir: Path | None = None
    """Folder of articles that a rebuild reads and original files are served from; without one, that
    of the index, and for a new index ``corpus``, or the sample articles where there is no such
    folder.
    """

    uploads_dir: Path | None = None
    """Folder in that folder to which articles sent over HTTP go; without one, the folder itself."""

    originals: bool = True
    """Serve the files that articles came from."""

    reload_seconds: float = Field(default=1.0, gt=0)
    """How often to look for a new generation of the index."""

    encoder: str = DEFAULT_MODEL
    """Any sentence-transformers model, by folder or by its name in the local cache
    (``HF_HUB_OFFLINE=0`` allows a download); the index must have been built with it.
    """

    device: str | None = None
    """``cpu``, ``cuda``, ...; without it, the fastest there is."""

    precision: Precision = Precision.FLOAT32
    """Number format of the encoder. ``bfloat16`` embeds about twice as fast on processors that
    compute in it; the index must have been built with the same.
    """

    reader: str = DEFAULT_READER
    """``small`` for the one that ships; ``large`` for the one that needs a base encoder of 0.4 GB
    (``article-qa fetch-base``); ``cascade`` for the small one, and both where it is not sure, or
    the small one alone without that encoder; ``sentence`` for whole sentences in languages without
    a trained one; or the folder of a reader or of any extractive question-answering model, with a
    ``calibration.json``.
    """

    reader_precision: ReaderPrecision = ReaderPrecision.AUTO
    """``auto`` takes ``bfloat16`` where the processor computes in it, which reads about three times
    as fast, else ``float32``.
    """

    reader_base: str | None = None
    """Base encoder of the large reader, a folder or a Hugging Face name; without one, that in the
    folder of models.
    """

    models_dir: Path = Path("var/models")
    """Folder of the models that do not ship, and of what is made of them; that can be deleted."""

    reread: int = Field(default=8, ge=1, le=50)
    """Passages that a cascade's large reader reads at most: those with the small one's best
    spans.
    """

    calibration: Path | None = None
    """Calibration file from ``article-qa evaluate --calibrate``; without one, the reader's own."""

    preflight_gold: Path | None = None
    """Gold questions that a rebuilt index is asked before it goes live, with those that were marked
    beside the articles and reviewed; without them, every index that could be built does.
    """

    preflight_no_worse_than: str = "current"
    """The result that it must not fall behind: ``current`` for that of the index being served, or a
    file from ``article-qa evaluate --json``.
    """

    preflight_fail_under: str | None = None
    """Limits that it must meet, such as ``em=0.5,verified=1``."""

    faiss: str | None = None
    """Vector index of a rebuild: ``auto``, which chooses by the number of chunks, or a FAISS
    factory string (``article-qa build --help`` lists what is accepted); without it, that of the
    index before.
    """

    recall: float | None = Field(default=None, gt=0, le=1)
    """Recall@10 that a compressed vector index is tuned to; without it, that of the index before,
    and 0.98 for a first one.
    """

    shards: int | None = Field(default=None, ge=1, le=MOST_SHARDS)
    """Shards that a rebuild spreads the articles over; 1 is an index that is not sharded; without
    it, as many as the index before has.
    """

    ray: str | None = None
    """Ray cluster that a rebuild embeds and indexes shards on, as ``HOST:PORT`` or ``auto``. This
    machine is one of its nodes, and the extra ``cluster`` is installed on all. Without it, this
    machine alone does.
    """

    storage: str | None = None
    """Storage that machines share: ``s3://BUCKET/PREFIX``, ``gs://BUCKET/PREFIX``,
    ``az://CONTAINER/PREFIX`` or ``file:///FOLDER``. A build publishes the index there, and the
    service fetches what is published there, and builds nothing when it starts. Credentials are
    those of the environment, such as ``AWS_ACCESS_KEY_ID``. Extra ``cluster``.
    """

    keep_generations: int = Field(default=_BUILD.keep, ge=1)
    """Generations of the index kept on disk, and in the storage, for going back with
    ``--rollback``.
    """

    embedding_cache_mb: int = Field(default=_BUILD.cache_bytes // MEGABYTE, ge=0)
    """Most megabytes of vectors kept for later builds."""

    host: str = "127.0.0.1"
    """Address to listen on. Beyond loopback it wants ``api_keys`` or ``allow_open``."""

    port: int = Field(default=8000, ge=0, le=65535)
    """Port to listen on."""

    workers: int = Field(default=1, ge=1, le=64)
    """Processes that answer, each with its own models, limits and cache; the index is mapped once.
    """

    drain_seconds: Seconds = 30.0
    """How long requests may go on after SIGTERM; what still runs then gets a 503, and the process
    ends.
    """

    serve_ray: str | None = None
    """Ray cluster whose nodes serve the shards of the index, as ``HOST:PORT`` or ``auto``. This
    machine is one of its nodes, the extra ``cluster`` is installed on all, and all see the index
    folder under the same path, or fetch shards from the ``storage``. Without it, this machine alone
    serves.
    """

    shard_replicas: int = Field(default=1, ge=1, le=8)
    """Processes on that cluster that serve each shard; with two, no question notices that one dies.
    """

    reader_replicas: int = Field(default=0, ge=0, le=64)
    """Processes on that cluster that read, on different nodes where there are enough: as many
    batches are read at a time. Where one is lost, or still loads, this machine reads. With 0 it
    reads alone.
    """

    shard_seconds: Seconds = 5.0
    """Time that its shards have to answer; then the reply says how many did."""

    api_keys: Annotated[Keyring, NoDecode, BeforeValidator(_keyring)] = Keyring()
    """Keys of the service: entries ``NAME:SCOPES:sha256:HEX`` from ``article-qa key``."""

    allow_open: bool = False
    """Serve beyond loopback without keys."""

    open_metrics: bool = False
    """Serve ``/metrics`` without a key."""

    allowed_hosts: Words = ()
    """Further host names to answer to without keys."""

    cors_origins: Words = ()
    """Origins whose pages may call the service, such as ``https://example.org``."""

    key_rate: Rate = None
    """Most requests with one key, such as ``60/minute``; counted in each worker."""

    address_rate: Rate = None
    """Most requests from one address, in the same form."""

    max_body_bytes: int = Field(default=1024 * 1024, ge=1024, le=1024**3)
    """Longest request body."""

    body_seconds: Seconds = 10.0
    """Longest time to send one."""

    max_upload_bytes: int = Field(default=64 * 1024 * 1024, ge=1024, le=1024**3)
    """Longest request body with articles; only keys with the scope ``admin`` may send one."""

    upload_seconds: Seconds = 120.0
    """Longest time to send one."""

    max_connections: int = Field(default=512, ge=1, le=65_536)
    """Open connections of a worker, lowered to what the process may have open."""

    max_address_connections: int | None = Field(default=None, ge=1, le=65_536)
    """Those from one address (behind a proxy, all are); without it, half of ``max_connections``."""

    header_seconds: Seconds = 10.0
    """Longest time to send the headers of a request."""

    send_seconds: Seconds = 30.0
    """Longest time for a client to take nothing of a response."""

    max_in_flight: int = Field(default=16, ge=1, le=1024)
    """Questions worked on at a time."""

    max_queue: int = Field(default=16, ge=0, le=10_000)
    """Questions that wait beside them; beyond: 503 with Retry-After at once. Look-ups are limited
    to as many at a time as both, original files to half of that.
    """

    queue_seconds: Seconds = 30.0
    """Longest that a question may wait for its place; beyond: 503."""

    retrieve_seconds: Seconds = 30.0
    """Longest that encoding and retrieval of a question may take; beyond: 503."""

    read_seconds: Seconds = 60.0
    """Longest that reading for a question may take; beyond: 503."""

    cache_size: int = Field(default=1024, ge=0, le=1_000_000)
    """Replies kept by the answer cache (``timings_ms.cache`` says when one was used); 0 turns it
    off.
    """

    cache_bytes: int = Field(default=64 * 1024 * 1024, ge=0)
    """Most memory of these replies."""

    log_format: LogFormat = LogFormat.AUTO
    """``json`` for one record a line on standard error, ``text``, or ``auto``: text on a terminal,
    JSON elsewhere. A request's record has its ``X-Request-ID``.
    """

    log_questions: bool = False
    """Write questions to the log."""

    tracing: bool = False
    """Send OpenTelemetry spans of requests and their stages to ``OTEL_EXPORTER_OTLP_ENDPOINT``
    (extra ``tracing``); never the text of a question.
    """

    url: str | None = None
    """Address of a service that the commands ask; without it, the index of this machine."""

    api_key: str | None = Field(default=None, repr=False)
    """Key that they ask it with."""

    @classmethod
    def settings_customise_sources(  # noqa: D102 - its base's
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        del dotenv_settings, file_secret_settings  # neither is a place for settings
        config = find_config_file(cls.model_fields)
        values = {} if config is None else dict(config.values)
        return init_settings, env_settings, InitSettingsSource(settings_cls, values)

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


class Origin(NamedTuple):
    """Where the value of a setting comes from.

    Attributes:
        kind: What it is.
        place: The variable, or file and line; None for a default.
    """

    kind: Literal["environment", "file", "default"]
    place: str | None = None


def read_settings(**given: Any) -> Settings:
    """Read the settings from the environment and the configuration file.

    Args:
        given: Settings that come before those.

    Raises:
        SettingsError: If one is wrong; the message states name, place, value and expectation.
    """
    try:
        return Settings(**given)
    except ValidationError as error:
        messages = []
        for item in error.errors(include_url=False):
            name = str(item["loc"][0])
            origin = Origin("default") if name in given else origin_of(name)
            where = f"{origin.place}: {name}" if origin.kind == "file" else variable(name)
            value = "" if name in SECRET else f"='{item['input']}'"
            messages.append(f"{where}{value}: {fault(item)}")
        # Without the cause, which holds the values of secret settings too.
        raise SettingsError("; ".join(messages)) from None


def origin_of(name: str) -> Origin:
    """Where the value of a setting comes from.

    Raises:
        SettingsError: If the configuration file cannot be read.
    """
    wanted = variable(name)
    if any(variable_set.upper() == wanted for variable_set in os.environ):
        return Origin("environment", wanted)
    config = find_config_file(Settings.model_fields)
    if config is not None and name in config.values:
        return Origin("file", config.place(name))
    return Origin("default")


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
        "('article-qa key NAME'), or QA_ALLOW_OPEN=true to serve without keys"
    )
